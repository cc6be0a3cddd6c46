"""Pictures of the web client in every state: it runs in a real browser against an API that answers as a table says."""
