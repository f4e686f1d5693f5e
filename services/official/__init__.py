"""Official documents of a case: approval sheets, plans, lists, receipts (policy.md 3.0.3, COR-10)."""
