"""Road files read into lines, and road networks kept on disk."""
