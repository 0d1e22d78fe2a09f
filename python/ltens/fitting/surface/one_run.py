"""How far the loss of one new run lies from a surface."""

from __future__ import annotations

import numpy as np

from ..._typing import Floats, Ints
from .calibration import unit_shifts
from .search import Fitted


def tails(fitted: Fitted, units: Ints | None, level: float) -> tuple[float, float]:
    """Return how far below and above the law a new run's log loss lies at most, at a level.

    The quantiles of the residuals by rank; Student's where there are fewer runs (or trainings) than
    the level needs. Residuals are too small, since the law was fitted to them: those of rows by
    the root of rows over degrees of freedom, those of a training by the root of what leaving it out
    does (in least squares both are 1 / sqrt(1 - leverage), in the mean or each by itself).

    Parameters
    ----------
    fitted : Fitted
        One problem.
    units : (R,) int64, optional
        Which training each row belongs to: the new run is then a training of its own.
    level : float
    """
    from scipy.special import stdtrit

    rows, size = fitted.y.shape[1], fitted.theta.shape[1]
    residuals, count = fitted.residuals[0], rows
    if units is None:
        residuals = residuals * np.sqrt(rows / (rows - size))
    else:
        residuals, count = _standardised(fitted, units), int(units.max()) + 1
    tail = (1 - level) / 2
    low, high = np.quantile(residuals, [tail, 1 - tail], method="weibull")
    if tail * (count + 1) < 1:
        spread = np.sqrt((residuals**2).mean() * (1 + 1 / count))
        half = float(stdtrit(count - 1, 1 - tail) * spread)
        low, high = min(low, -half), max(high, half)
    return -min(float(low), 0.0), max(float(high), 0.0)


def widened(
    middle: Floats, low: Floats, high: Floats, scatter: tuple[Floats | float, Floats | float]
) -> tuple[Floats, Floats]:
    """Return the ends of log loss of new runs: what the law may be off and their own scatter."""
    below, above = scatter
    return middle - np.hypot(middle - low, below), middle + np.hypot(high - middle, above)


def _standardised(fitted: Fitted, units: Ints) -> Floats:
    """Return the residuals (R,) between those of the law with and without their own training."""
    slopes = fitted.surface.curve(fitted.surface.logs, fitted.theta)[1][0]  # (R, p)
    moved = (slopes * unit_shifts(fitted, units)[0][units]).sum(axis=1)
    own = fitted.residuals[0]
    return np.asarray(np.sign(own) * np.sqrt(np.maximum(own * (own - moved), 0.0)))
