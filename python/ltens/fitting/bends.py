"""What the data say of a term added to a fitted law: a bend, a point apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Floats
from .comparison import Candidate
from .observations import Observations

SLOPE_TOLERANCE = 0.2  # of the local exponent: a bend that the data do not exclude
SHOWN_TOLERANCE = 0.05  # of the local exponent: a bend that they show
LEVEL = 0.95
SURE = 0.01  # level at which one point is called away from the law


@dataclass(frozen=True)
class Bend:
    """A coefficient added to a law, its standard error and the degrees of freedom of that."""

    value: float
    error: float
    degrees: float

    @property
    def shown(self) -> bool:
        """Return whether it differs from 0, at 1 %."""
        return abs(self.value) > self._quantile(1 - SURE / 2) * self.error

    def is_below(self, exponent: float) -> bool:
        """Return whether it is surely within the tolerances for this exponent."""
        tolerance = SHOWN_TOLERANCE if self.shown else SLOPE_TOLERANCE
        most = abs(self.value) + self._quantile(LEVEL) * self.error
        return most <= tolerance * exponent

    def _quantile(self, probability: float) -> float:
        from scipy.special import stdtrit

        return float(stdtrit(self.degrees, probability))


def added(part: Observations, law: Candidate, column: Floats, variances: Floats) -> Bend:
    """Return the coefficient of a column added to the linearised law.

    The error is that of the seeds, or of the scatter about the law if that is more.
    """
    value, slopes = law.model.curve(part.u, law.fitted.theta)
    root = 1 / np.sqrt(variances + law.fitted.excess[0])
    columns = np.concatenate([slopes[0], column[:, None]], axis=1) * root[:, None]
    norms = np.linalg.norm(columns, axis=0)
    if norms[-1] == 0:
        return Bend(0.0, np.inf, 1.0)
    columns = columns / np.where(norms > 0, norms, 1)
    inverse = np.linalg.pinv(columns, rcond=1e-9)
    target = (part.y - value)[0] * root
    found = inverse @ target
    rest = target - columns @ found
    degrees = len(part.u) - columns.shape[1]
    scale, many = 1.0, float(part.degrees.sum())
    if part.variances is None or law.fitted.excess[0] > 0:
        scale, many = (float(rest @ rest) / degrees if degrees else 1.0), float(max(degrees, 1))
    error = float(np.sqrt(scale * (inverse[-1] @ inverse[-1])))
    if _is_dependent(columns):
        return Bend(0.0, np.inf, 1.0)
    return Bend(float(found[-1] / norms[-1]), error / float(norms[-1]), many)


def _is_dependent(columns: Floats) -> bool:
    """Return whether the last column is, but for rounding, a combination of the others."""
    rest = (
        columns[:, -1]
        - columns[:, :-1] @ np.linalg.lstsq(columns[:, :-1], columns[:, -1], rcond=None)[0]
    )
    return bool(np.linalg.norm(rest) < 1e-6)
