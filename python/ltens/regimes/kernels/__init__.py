"""Kernels of infinitely wide networks: regression, descent, labels."""
