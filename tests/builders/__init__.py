"""Fixed worlds for tests."""
