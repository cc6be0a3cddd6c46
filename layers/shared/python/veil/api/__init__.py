"""The HTTP API: routes, bodies, problems. A handler parses, calls one use case, and answers."""
