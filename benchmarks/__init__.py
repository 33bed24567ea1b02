"""Benchmarks: one command each; what they measured is committed in results/."""
