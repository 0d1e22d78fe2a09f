"""The shape of a curve before any law: whether it falls, peaks, stays.

Rule 1 of docs/guide/regimes.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..._typing import Floats
from ...fitting.observations import Observations
from .curve_evidence import Measured
from .grouping import Points, points

_MOST_SIZES = 400  # whose pairs are compared
_SURE = 4.0  # standard errors of a rise: some hundred pairs of sizes are compared
_LEAST_RISE = 0.02  # of log loss: below, rounding and luck
_LARGE_RISE = 1.0  # of log loss: a factor e, which the quietest part of the curve may judge
_FLAT = 0.05  # an exponent that is none
_LEAST_DROP = 0.1  # of log loss: a first drop that may be a fast fall to a limit

Finding = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Shape:
    """A curve with the noise that its steps are judged by.

    Attributes
    ----------
    points : Points
    smallest : float
        Size.
    degrees : float
        Of freedom of the noise; infinite if it is judged by the curve itself.
    """

    points: Points
    smallest: float
    degrees: float

    def finding(self, slope: Measured) -> Finding | None:
        """Return the verdict on a curve that peaks, rises or stays; None if it falls."""
        rises = self._rises()
        if rises is not None:
            low, high = (self.smallest * np.exp(self.points.u[i]) for i in rises)
            if self._falls_after(rises[1]):
                return "crossover", (
                    f"L rises from x = {low:g} to a peak near x = {high:g} and falls again, as at "
                    "an interpolation threshold (D = P): judge each side by itself."
                )
            return "neither", f"L rises from x = {low:g} to x = {high:g}."
        if slope.low > 0 or self._drops():
            return None
        if max(-slope.low, slope.high) <= _FLAT and self._first_drop() <= _LEAST_DROP:
            return "neither", f"L does not fall: its exponent is {slope}."
        return "undecided", f"L may or may not fall: its exponent is {slope}."

    def _rises(self) -> tuple[int, int] | None:
        """Return the pair of sizes with the surest rise, if any is sure."""
        y = self.points.y
        least = np.minimum(
            np.maximum(self._sure(self._noise(0.5)), _LEAST_RISE),
            np.maximum(self._sure(self._noise(0.25)), _LARGE_RISE),
        )
        sure = np.triu(y[None] - y[:, None] - least, 1)  # [i, j]: from i to j
        i, j = np.unravel_index(int(sure.argmax()), sure.shape)
        return (int(i), int(j)) if sure[i, j] > 0 else None

    def _drops(self) -> bool:
        """Return whether a later size is surely below an earlier one: the fall may end early."""
        y = self.points.y
        fall = np.triu(y[:, None] - y[None], 1)
        return bool((fall > np.maximum(self._sure(self._noise(0.5)), _LEAST_RISE)).any())

    def _first_drop(self) -> float:
        """Return by how much log loss may drop after the smallest size, at most: to the mean."""
        y, noise = self.points.y, self._noise(0.5)
        weights = 1 / np.maximum(noise[1:], 1e-12) ** 2
        error = np.hypot(noise[0], 1 / np.sqrt(weights.sum()))
        return float(y[0] - (y[1:] @ weights) / weights.sum() + 2 * error)

    def _falls_after(self, top: int) -> bool:
        least = np.maximum(self._sure(self._noise(0.25)), _LEAST_RISE)
        y = self.points.y
        return bool((y[top] - y[top + 1 :] > least[top, top + 1 :]).any())

    def _sure(self, noise: Floats) -> Floats:
        """Return the differences (K, K) that are sure: as unlikely as four standard errors."""
        from scipy.special import ndtr, stdtrit

        times = float(-stdtrit(self.degrees, ndtr(-_SURE)))
        return np.asarray(times * np.hypot(noise[None], noise[:, None]))

    def _noise(self, share: float) -> Floats:
        """Return the standard errors (K,) of log loss: from replicates, else second differences.

        The median of the differences is not moved by a few bends (a peak), their quarter not by
        half a curve that is a peak; a curve that bends everywhere looks noisier than it is.
        """
        from scipy.special import ndtri

        if self.points.errors is not None:
            return self.points.errors
        u, y = self.points.u, self.points.y
        if len(u) < 4:
            return np.full(len(u), np.inf)
        left, right = np.diff(u)[:-1], np.diff(u)[1:]
        weight = right / (left + right)
        bend = y[1:-1] - weight * y[:-2] - (1 - weight) * y[2:]
        scaled = np.abs(bend) / np.sqrt(1 + weight**2 + (1 - weight) ** 2)
        return np.full(len(u), float(np.quantile(scaled, share) / ndtri((1 + share) / 2)))


def shape_of(observations: Observations) -> Shape:
    """Return the shape of a curve."""
    known = observations.variances is not None
    degrees = float(observations.degrees.sum()) if known else np.inf
    return Shape(points(observations, _MOST_SIZES), float(observations.table.sizes[0]), degrees)
