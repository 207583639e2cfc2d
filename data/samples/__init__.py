"""The demo city: Wuhan's real roads or a generated town, and what is made up to stand in it."""
