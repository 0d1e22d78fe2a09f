"""The likelihood of a fitted model and Akaike's criterion with its correction for few sizes."""

from __future__ import annotations

import math

import numpy as np

from .._typing import Floats, Ints
from .estimation import Estimate
from .least_squares import minimise
from .models.base import Model

_ALTERNATIONS = 2  # between the law and the excess scatter; the third changes AICc by < 1e-3
_GRID = np.concatenate([[0.0], np.geomspace(1e-3, 1e6, 181)])  # excess / mean variance


def deviance(
    model: Model, u: Floats, y: Floats, fitted: Estimate, variances: Floats | None = None
) -> Floats:
    """Return -2 log likelihood (B,) of log statistics y (B, W), normal about the law.

    The variance at a size is the statistic's own plus an excess common to all sizes, at its most
    likely value >= 0; without `variances` all of it is common.
    """
    counted = (fitted.weights > 0).astype(np.float64)
    sizes = counted.sum(axis=1)
    if variances is None:
        squares = (counted * (y - model.curve(u, fitted.theta)[0]) ** 2).sum(axis=1)
        # Losses are known to rounding at best: an exact fit is not infinitely likely.
        variance = np.maximum(squares / sizes, (1e-15 * (1 + np.abs(y).max(axis=1))) ** 2)
        return np.asarray(sizes * (np.log(2 * math.pi * variance) + 1))
    theta = fitted.theta
    for _ in range(_ALTERNATIONS):
        excess = _likeliest_excess((y - model.curve(u, theta)[0]) ** 2, variances, counted)
        weights = counted / (variances + excess[:, None])
        theta = minimise(model, u, y, weights, theta[:, None]).theta
    total = variances + excess[:, None]
    squares = (y - model.curve(u, theta)[0]) ** 2
    return np.asarray((counted * (np.log(2 * math.pi * total) + squares / total)).sum(axis=1))


def _likeliest_excess(squares: Floats, variances: Floats, counted: Floats) -> Floats:
    """Return the excess (B,) of the highest likelihood for squared residuals (B, W)."""
    mean = (counted * variances).sum(axis=1) / counted.sum(axis=1)
    tried = mean[:, None, None] * _GRID[:, None]  # (B, G, 1)
    total = variances[:, None] + tried
    cost = (counted[:, None] * (np.log(total) + squares[:, None] / total)).sum(axis=2)
    best = cost.argmin(axis=1)
    excess = np.take_along_axis(tried[..., 0], best[:, None], axis=1)[:, 0]
    # Half a Newton step in log excess is not needed: the grid is 12 % apart, so the cost is within
    # W / 4 * 0.06^2 = 0.01 of its minimum for W = 12.
    return np.asarray(excess)


def corrected_criterion(deviances: Floats, parameters: int, sizes: Ints | int) -> Floats:
    """Return AICc = -2 log L + 2k + 2k (k + 1) / (W - k - 1), k counting the excess scatter too.

    Hurvich & Tsai (1989). Infinite where W <= k + 1: too few sizes to tell.

    Examples
    --------
    >>> corrected_criterion(np.array([10.0]), parameters=2, sizes=8)
    array([22.])
    """
    k = parameters + 1
    spare = np.asarray(sizes) - k - 1
    penalty = np.where(spare > 0, 2 * k + 2 * k * (k + 1) / np.maximum(spare, 1), np.inf)
    return np.asarray(deviances + penalty)
