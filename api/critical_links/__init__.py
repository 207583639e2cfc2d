"""Which road, closed alone, leaves hazard sources worst off."""
