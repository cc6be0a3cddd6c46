"""Load on the deployed stack: many users at once, each doing what the app does, everything around it behaving; what
each route answered, how long it took, and in the end the audit.
"""
