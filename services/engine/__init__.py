"""Desks that every lifecycle shares: tasks and decisions, cases, people, sign-in."""
