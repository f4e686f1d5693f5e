"""Rows and stores that every lifecycle shares: people, cases, tasks, the file, letters, the inbox, the calendar."""
