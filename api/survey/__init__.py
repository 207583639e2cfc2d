"""The survey of rescue resources."""
