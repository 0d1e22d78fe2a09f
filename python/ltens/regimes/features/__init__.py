"""Linear regression on random features: exact losses, closed forms, simulation, exponents."""
