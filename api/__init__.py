"""The service: HTTP, command line and the use cases that tell each story."""
