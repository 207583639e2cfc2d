"""Benchmarks: where time goes. Run by people, never by the tests."""
