"""Eighteen months of Otog: experts from outside under contracts with three public hospitals."""
