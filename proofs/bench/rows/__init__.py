"""The rows, by what they measure."""
