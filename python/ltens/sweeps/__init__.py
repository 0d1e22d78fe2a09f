"""Training over widths, activations and seeds: described, planned, run, stored, reported."""
