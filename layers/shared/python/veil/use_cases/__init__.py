"""What Veil does: each use case is a small class whose fields are the ports it needs."""
