"""Veil on one machine: the local AWS, the providers' stand-ins, and the commands that drive them."""
