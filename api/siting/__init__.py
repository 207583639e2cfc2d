"""Where the next bases should go."""
