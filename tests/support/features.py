"""Features to do regression on."""

import numpy as np


def skewed_rows(n: int = 300, S: int = 20, seed: int = 0) -> np.ndarray:
    """Features (n, S) that are correlated and far from Gaussian."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(n, 5))
    return np.maximum(z @ rng.normal(size=(5, S)) + 0.3, 0) * rng.exponential(size=(n, 1))
