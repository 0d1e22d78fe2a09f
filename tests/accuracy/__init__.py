"""The error of the elementary functions and activations, in units of the last place.

`functions.py` says what is claimed, `references.py` what the exact values are, `measurement.py`
takes the error. ``python -m accuracy`` (from tests/) prints the tables of docs/guide/numerics.md.
"""
