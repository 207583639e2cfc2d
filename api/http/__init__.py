"""HTTP: routes translate and call one use case; one table turns errors into statuses."""
