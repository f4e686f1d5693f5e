"""What the matters that may end a flexible-talent contract have in common (policy.md 3.14, stages 9 to 11)."""
