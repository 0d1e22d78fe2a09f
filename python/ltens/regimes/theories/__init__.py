"""What theories expect of a curve, the quantisation model, and counter-examples."""
