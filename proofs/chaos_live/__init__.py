"""Chaos on the deployed stack: AWS throttles and forgets to answer, Replicate loses webhooks, functions are killed,
many users work at once; in the end every credit and every photo has to be where it belongs.
"""
