"""Benchmarks: one training step (pytest-benchmark) and the table against peers."""
