"""The web client in a real browser: on canned answers, and on the deployed local cloud."""
