"""The benchmarks: what Veil costs beside the same work done bare, side by side on one machine, as ratios."""
