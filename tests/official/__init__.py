"""Printed documents: how they read as PDF and Word."""
