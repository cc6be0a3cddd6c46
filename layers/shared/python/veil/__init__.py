"""Veil: one ID photo in, four private wedding portraits out."""

__version__ = "1.0.0"
