"""Roads, travel times and choices: pure functions on arrays and small frozen types."""
