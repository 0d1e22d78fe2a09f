"""Errors of several outputs, which count together at every sample, as in the loss."""

from __future__ import annotations

import numpy as np

from .._typing import Floats


def error_rows(residual: Floats, q: Floats) -> Floats:
    """Return residuals (S, D) or (S, D, C) times sqrt q as rows whose products are losses.

    Examples
    --------
    >>> rows = error_rows(np.ones((2, 3, 5)), np.full(3, 1 / 3))
    >>> rows.shape, round(float(rows[0] @ rows[1]), 12)
    ((2, 15), 5.0)
    """
    roots = np.sqrt(q)
    scaled = residual * (roots if residual.ndim == 2 else roots[:, np.newaxis])
    return scaled.reshape(len(residual), -1)


def best_constant_loss(y: Floats, q: Floats) -> float:
    """Return the loss of the best constant for targets (D,) or (D, C).

    Examples
    --------
    >>> best_constant_loss(np.array([[0.0, 1.0], [2.0, 1.0]]), np.array([0.5, 0.5]))
    1.0
    """
    return float(np.sum(q @ (y - q @ y) ** 2))
