"""The cases: one file per lifecycle, each reading like the clauses that it enacts."""
