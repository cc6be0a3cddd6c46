"""The ports of `veil.domain.ports` in memory: real classes, held to the same contract tests as the real adapters."""
