"""The audit: every credit, generation and photo of a deployment accounted for. It only reads."""
