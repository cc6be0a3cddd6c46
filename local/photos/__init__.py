"""Photos as nobody should send them, made by script: one module for each format, `make` for what they share."""
