"""The seed bootstrap (BCa), widened by a jackknife over sizes where the law does not fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Floats
from .estimation import Estimate
from .least_squares import minimise
from .models.base import Model
from .observations import Observations

_SIGNIFICANT = 0.05


@dataclass(frozen=True, eq=False)
class Resampling:
    """What resampling says about an exponent.

    Attributes
    ----------
    exponents : (B,) float64
        Of fits to resampled seeds, sorted.
    acceleration : float
        BCa's a: a sixth of the skewness of the influence of single seeds.
    by_size : (W,) float64
        Exponents with one size left out; empty if that leaves fewer sizes than parameters.
    widened : bool
        Whether the points scatter about the law significantly more than their seeds say.
    """

    exponents: Floats
    acceleration: float
    by_size: Floats
    widened: bool

    def interval(self, exponent: float, degrees: int, level: float) -> tuple[float, float]:
        """Return the interval about `exponent`.

        The ends of the BCa interval over seeds (Efron 1987); if `widened`, what the jackknife
        variance over sizes exceeds that of the seeds by is added in quadrature, with Student's
        quantile.
        """
        from scipy.special import stdtrit

        low, high = self._bca(exponent, level)
        if not (self.widened and len(self.by_size)):
            return low, high
        n = len(self.by_size)
        jackknife = (n - 1) / n * float(((self.by_size - self.by_size.mean()) ** 2).sum())
        beyond = max(0.0, jackknife - float(self.exponents.var()))
        extra = float(stdtrit(max(degrees, 1), (1 + level) / 2)) * np.sqrt(beyond)
        return (
            exponent - float(np.hypot(exponent - low, extra)),
            exponent + float(np.hypot(high - exponent, extra)),
        )

    def _bca(self, exponent: float, level: float) -> tuple[float, float]:
        from scipy.special import ndtr, ndtri

        drawn = self.exponents
        below = (drawn < exponent).sum() + 0.5 * (drawn == exponent).sum()
        # Half a resample at least on either side, so that the bias stays finite.
        bias = float(ndtri(np.clip(below / len(drawn), 0.5 / len(drawn), 1 - 0.5 / len(drawn))))
        ends = []
        for z in ndtri([(1 - level) / 2, (1 + level) / 2]):
            moved = bias + (bias + z) / max(1 - self.acceleration * (bias + z), 0.1)
            ends.append(float(np.quantile(drawn, float(ndtr(moved)))))
        return min(ends[0], exponent), max(ends[1], exponent)


def resample(
    model: Model, observations: Observations, fitted: Estimate, resamples: int, seed: int
) -> Resampling:
    """Resample seeds B times and leave out each size once.

    Parameters
    ----------
    fitted : Estimate
        Of the observations; its weights are kept.
    resamples : int
        B.
    seed : int
        For NumPy's default generator.
    """
    rng = np.random.default_rng(seed)
    drawn = np.stack(
        [observations.statistic.resample(row, resamples, rng) for row in observations.table.losses],
        axis=1,
    )
    drawn = drawn[np.isfinite(drawn).all(axis=1)]
    u, y = observations.u, np.log(drawn)
    weights = np.broadcast_to(fitted.weights, y.shape)
    starts = np.broadcast_to(fitted.theta[:, None], (len(y), 1, fitted.theta.shape[1]))
    if len(model.parameter_names) <= 3:
        starts = np.concatenate([starts, model.starts(u, y, weights)], axis=1)
    exponents = np.sort(model.exponent(minimise(model, u, y, weights, starts).theta))
    return Resampling(
        exponents,
        _acceleration(model, observations, fitted),
        leave_one_out(model, observations, fitted),
        excess_is_significant(observations, fitted),
    )


def leave_one_out(model: Model, observations: Observations, fitted: Estimate) -> Floats:
    """Return the exponents (W,) with each size left out once; empty if too few are left."""
    sizes = len(observations.losses)
    if sizes - 1 < len(model.parameter_names):
        return np.empty(0)
    used = 1.0 - np.eye(sizes)
    y = np.broadcast_to(observations.y, (sizes, sizes))
    weights = fitted.weights * used
    starts = np.broadcast_to(fitted.theta[:, None], (sizes, 1, fitted.theta.shape[1]))
    starts = np.concatenate([starts, model.starts(observations.u, y, weights)], axis=1)
    found = minimise(model, observations.u, y, weights, starts)
    return model.exponent(found.theta)


def excess_is_significant(observations: Observations, fitted: Estimate) -> bool:
    """Return whether the scatter about the law is more than the seeds', at 5 %."""
    from scipy.special import fdtri

    degrees = int(fitted.degrees[0])
    if observations.variances is None or degrees < 1:
        return False
    limit = fdtri(degrees, observations.degrees.sum(), 1 - _SIGNIFICANT)
    return bool(fitted.seed_cost[0] / degrees > limit)


def sensitivity(model: Model, u: Floats, fitted: Estimate) -> Floats:
    """Return d exponent / d log statistic (W,) at the fit, with parameters on bounds held."""
    at = model.exponent_at
    theta, weights = fitted.theta, fitted.weights[0]
    low, high = model.bounds(u)
    slopes = model.curve(u, theta)[1][0]
    free = (theta[0] > low) & (theta[0] < high)
    if at is None or not free[at]:
        return np.zeros(len(u))
    columns = slopes[:, free] * np.sqrt(weights)[:, None]
    inverse = np.linalg.pinv(columns) * np.sqrt(weights)
    return np.asarray(inverse[int(free[:at].sum())])


def _acceleration(model: Model, observations: Observations, fitted: Estimate) -> float:
    """Return a sixth of the skewness of the seeds' influence on the exponent."""
    gradient = sensitivity(model, observations.u, fitted)
    second = third = 0.0
    for slope, row in zip(gradient, observations.table.losses, strict=True):
        each = slope * observations.statistic.influence(row[np.isfinite(row)]) / len(row)
        second += float((each**2).sum())
        third += float((each**3).sum())
    return third / (6 * second**1.5) if second > 0 else 0.0
