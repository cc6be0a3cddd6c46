"""The local cloud: a local AWS that enforces TLS, signatures and IAM, the real stack deployed into it, a front door."""
