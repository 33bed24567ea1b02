"""Searching: a question finds its passages."""
