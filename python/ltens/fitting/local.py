"""The local exponent: -d log loss / d log size between neighbouring sizes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Floats
from .problem import Problem


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


def local_exponents(problem: Problem, level: float = 0.95) -> LocalExponents:
    """Return the slope of log statistic on log size between neighbours.

    Neighbouring slopes share a size, so their errors are negatively correlated.
    """
    from scipy.special import ndtri

    step = np.diff(problem.u)
    slope = -np.diff(problem.y[0]) / step
    middle = np.sqrt(problem.table.sizes[1:] * problem.table.sizes[:-1])
    if problem.variances is None:
        nothing = np.full(len(slope), np.nan)
        return LocalExponents(middle, slope, nothing, nothing, level)
    error = np.sqrt(problem.variances[1:] + problem.variances[:-1]) / step
    half = float(ndtri((1 + level) / 2)) * error
    return LocalExponents(middle, slope, slope - half, slope + half, level)
