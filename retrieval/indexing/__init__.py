"""Indexing: passages become a generation that can be searched."""
