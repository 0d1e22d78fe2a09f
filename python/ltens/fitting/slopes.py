"""Exponents over ranges of sizes: the slope of log loss on log size, whatever the curve.

The exponent over a range is that of the least-squares line through (log size, log statistic) at its
sizes, each with the same weight: a weighted mean of the local exponents in between, which exists
for every curve. It is linear in the log statistics, so that a bend does not bias it, and its
interval needs no law.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .._typing import Floats
from .observations import Observations
from .redrawing import Redrawn, along_sizes, redrawn

END_FACTOR = 5.0  # the large end: sizes within this factor of the largest
END_SIZES = 3  # and at least so many
LEAST_VARIANCE = 1e-24  # of log loss: its rounding
_NOTHING = 1e-12  # of an exponent
_ROUNDING = 1e-9  # of a ratio of sizes


@dataclass(frozen=True)
class Slope:
    """The exponent over a range of sizes.

    Attributes
    ----------
    exponent : float
        Minus the slope of the least-squares line through the logarithms: positive if the loss
        falls.
    low, high : float
        Its interval; NaN where nothing says how far seeds move the losses.
    range : (float, float)
        Smallest and largest size.
    sizes : int
        How many sizes are in the range.
    level : float
        Of the interval.
    """

    exponent: float
    low: float
    high: float
    range: tuple[float, float]
    sizes: int
    level: float = 0.95

    @property
    def way(self) -> str:
        """Return "falling", "rising" or "flat": whether the interval excludes 0."""
        if self.low > 0 or (np.isnan(self.low) and self.exponent > 0):
            return "falling"
        if self.high < 0 or (np.isnan(self.high) and self.exponent < 0):
            return "rising"
        return "flat"

    def __str__(self) -> str:
        """Return the exponent with its interval; 0 for what is but rounding."""
        value, low, high = (
            0.0 if abs(each) < _NOTHING else each for each in (self.exponent, self.low, self.high)
        )
        ends = "" if np.isnan(low) else f" [{low:.3g}, {high:.3g}]"
        return f"{value:.3g}{ends}"


@dataclass(frozen=True, eq=False)
class Slopes:
    """Slopes of observations over any of their ranges.

    Attributes
    ----------
    observations : Observations
    seed : int
        Of the draws that the intervals rest on.
    """

    observations: Observations
    seed: int = 0

    @cached_property
    def draws(self) -> Redrawn | None:
        """Return the draws of the statistics; None with one loss per size."""
        return redrawn(self.observations, self.seed)

    @cached_property
    def scatter(self) -> tuple[float, float]:
        """Return the variance of log statistic by its scatter, and its degrees of freedom."""
        return scatter_variance(self.observations.u, self.observations.y[0])

    @cached_property
    def variances(self) -> Floats:
        """Return the variances (W,) of log statistic, from the seeds or from the scatter."""
        known = along_sizes(self.observations)
        if known is None:
            known = np.full(len(self.observations.u), self.scatter[0])
        return np.maximum(known, LEAST_VARIANCE)

    def over(self, start: int, stop: int, level: float = 0.95) -> Slope:
        """Return the slope over the sizes start ... stop - 1."""
        weights = self.weights(start, stop)
        value = float(weights @ self.observations.y[0])
        half = self.half_width(weights, level)
        sizes = self.observations.table.sizes
        ends = (float(sizes[start]), float(sizes[stop - 1]))
        return Slope(value, value - half, value + half, ends, stop - start, level)

    def at_the_end(self, level: float = 0.95) -> Slope:
        """Return the slope over the largest sizes: within a factor 5, and at least 3."""
        return self.over(*self.end, level)

    @property
    def end(self) -> tuple[int, int]:
        """Return where the large end begins and stops."""
        sizes = self.observations.table.sizes
        within = int((sizes * END_FACTOR * (1 + _ROUNDING) >= sizes[-1]).sum())
        return len(sizes) - max(within, END_SIZES), len(sizes)

    @property
    def beginning(self) -> tuple[int, int]:
        """Return the same of the small end."""
        sizes = self.observations.table.sizes
        within = int((sizes <= sizes[0] * END_FACTOR * (1 + _ROUNDING)).sum())
        return 0, max(within, END_SIZES)

    def p_value(self, start: int, stop: int, exponent: float) -> float:
        """Return the two-sided p-value of an exponent over a range."""
        from scipy.special import stdtr

        weights = self.weights(start, stop)
        away = abs(float(weights @ self.observations.y[0]) - exponent)
        if self.draws is not None:
            return self.draws.p_value(weights, away)
        variance, degrees = self.scatter
        error = float(np.sqrt(variance * weights @ weights))
        return float(2 * stdtr(degrees, -away / max(error, 1e-300)))

    def weights(self, start: int, stop: int) -> Floats:
        """Return the weights (W,) of the log statistics in the exponent over a range."""
        u = self.observations.u
        centred = u[start:stop] - u[start:stop].mean()
        weights = np.zeros(len(u))
        weights[start:stop] = -centred / (centred @ centred)
        return weights

    def half_width(self, weights: Floats, level: float) -> float:
        """Return half the interval of weights (W,) @ log statistics."""
        if self.draws is not None:
            return self.draws.half_width(weights, level)
        from scipy.special import stdtrit

        variance, degrees = self.scatter
        return float(stdtrit(degrees, (1 + level) / 2)) * float(
            np.sqrt(variance * weights @ weights)
        )


def scatter_variance(u: Floats, y: Floats) -> tuple[float, float]:
    """Return the variance of y about a smooth curve and its degrees of freedom.

    From how far each point is from the line between its neighbours (Gasser, Sroka &
    Jennen-Steinmetz 1986, "Residual variance and residual pattern in nonlinear regression"). A bend
    counts as noise, so that the variance errs upwards.

    Parameters
    ----------
    u, y : (W,) float64
        W at least 3.

    Examples
    --------
    >>> u = np.linspace(0, 4, 200)
    >>> noise = np.random.default_rng(0).normal(scale=0.1, size=200)
    >>> variance, degrees = scatter_variance(u, 3 - u + noise)
    >>> 0.008 < variance < 0.012, degrees
    (True, 132.0)
    """
    gap = u[2:] - u[:-2]
    before, after = (u[2:] - u[1:-1]) / gap, (u[1:-1] - u[:-2]) / gap
    away = y[1:-1] - before * y[:-2] - after * y[2:]
    squares = away**2 / (1 + before**2 + after**2)
    return float(squares.mean()), max(1.0, scatter_degrees(len(u)))


def scatter_degrees(sizes: int) -> float:
    """Return the degrees of freedom of `scatter_variance`.

    Neighbouring differences share points: about two of three are independent.
    """
    return 2 * (sizes - 2) / 3
