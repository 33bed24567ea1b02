"""Stress: what must survive crashes, damage, hostile input and load, tried many times. `python -m benchmarks.stress`."""
