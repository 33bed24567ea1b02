"""Counterparts: what words of a question may be in articles in another language."""
