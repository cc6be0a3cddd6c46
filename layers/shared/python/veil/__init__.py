"""Veil: one ID photo in, four private wedding portraits out."""
