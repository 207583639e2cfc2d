"""What is reached in time."""
