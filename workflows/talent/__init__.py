"""The parts of a flexible-talent contract (policy.md 3.14)."""
