"""The dimension of data, beside the exponents that theories derive from it."""
