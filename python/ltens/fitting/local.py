"""The local exponent: -d log loss / d log size between neighbouring sizes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Floats
from .observations import Observations


@dataclass(frozen=True, eq=False)
class LocalExponents:
    """Slopes between neighbouring sizes.

    Attributes
    ----------
    sizes : (W - 1,) float64
        Geometric means of the neighbours.
    exponents, low, high : (W - 1,) float64
        The slope and its interval from the seeds; NaN ends where there is one loss per size.
    level : float
    """

    sizes: Floats
    exponents: Floats
    low: Floats
    high: Floats
    level: float


def local_exponents(observations: Observations, level: float = 0.95) -> LocalExponents:
    """Return the slope of log statistic on log size between neighbours.

    Neighbouring slopes share a size, so their errors are negatively correlated.
    """
    from scipy.special import ndtri

    step = np.diff(observations.u)
    slope = -np.diff(observations.y[0]) / step
    sizes = observations.table.sizes
    with np.errstate(over="ignore", under="ignore"):
        product = sizes[1:] * sizes[:-1]
        whole = (product > 0) & (product < np.inf)
        middle = np.where(whole, np.sqrt(product), np.sqrt(sizes[1:]) * np.sqrt(sizes[:-1]))
    if observations.variances is None:
        nothing = np.full(len(slope), np.nan)
        return LocalExponents(middle, slope, nothing, nothing, level)
    error = np.sqrt(observations.variances[1:] + observations.variances[:-1]) / step
    half = float(ndtri((1 + level) / 2)) * error
    return LocalExponents(middle, slope, slope - half, slope + half, level)
