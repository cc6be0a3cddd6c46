"""Load on the deployed stack: many users at once, each doing what a client does, while everything around it works; what
each route answered, how long it took, and at the end the audit.
"""
