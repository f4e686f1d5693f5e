"""The record: rows, stores and migrations. PostgreSQL is the only dialect."""
