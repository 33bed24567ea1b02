"""Stress: crashes, damage, hostile input and load, many times over. `python -m benchmarks.stress`."""
