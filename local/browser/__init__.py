"""A real browser: where one is found on this machine, and how it is started."""
