"""What plans achieve when teams are busy."""
