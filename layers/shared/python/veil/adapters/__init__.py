"""The real world behind the ports: AWS, Replicate, Azure, Upstash. Only `veil.bootstrap` imports these."""
