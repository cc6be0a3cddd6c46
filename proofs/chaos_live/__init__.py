"""Chaos on the deployed stack: AWS and Replicate fail, functions are killed, many users work; nothing may be lost."""
