"""What a curve says for and against each regime: fits of the laws the regimes predict."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..._typing import Floats
from ...fitting import Law
from ...fitting.comparison import Candidate, candidate
from ...fitting.models import BrokenPowerLaw, Model, PowerLaw
from ...fitting.observations import Observations
from ...fitting.slopes import Slopes
from ...tables import estimate
from .limit_law import LimitLaw

_EXACT = 1e-10  # of a logarithm: residuals below are rounding
_BREAK_SIZES = 10  # as for ltens.fit: fewer and the correction in AICc decides before the data do


@dataclass(frozen=True)
class Measured:
    """An exponent with its interval.

    Attributes
    ----------
    exponent, low, high : float
        Positive when the curve falls; ends infinite where the data do not bound them.
    model : str
        The law it is an exponent of.
    """

    exponent: float
    low: float
    high: float
    model: str

    def holds(self, value: float) -> bool:
        """Return whether the interval holds the value."""
        return self.low <= value <= self.high

    @property
    def half(self) -> float:
        """Half the length of the interval."""
        return (self.high - self.low) / 2

    def __str__(self) -> str:
        return estimate(self.exponent, (self.low, self.high), ".3g")


@dataclass(frozen=True, eq=False)
class Evidence:
    """Fits to one curve.

    Attributes
    ----------
    observations : ltens.fitting observations
        Sizes and the statistic of the losses, less what is irreducible.
    limit : float or None
        The known loss at infinite size, less what is irreducible.
    level : float
        Of the intervals.
    """

    observations: Observations = field(repr=False)
    limit: float | None
    level: float

    @property
    def sizes(self) -> int:
        """Number of sizes."""
        return len(self.observations.losses)

    @cached_property
    def power(self) -> Candidate:
        """A x^(-alpha): resolution-limited."""
        return self._fit(PowerLaw())

    @cached_property
    def limited(self) -> Candidate:
        """E + A x^(-alpha)."""
        return self._fit(LimitLaw(self.limit))

    @cached_property
    def shifted(self) -> Candidate:
        """E + A (x - s)^(-alpha)."""
        return self._fit(LimitLaw(self.limit, shifted=True))

    @cached_property
    def inverse(self) -> Candidate:
        """E + A / x: variance-limited."""
        return self._fit(LimitLaw(self.limit, 1.0))

    @cached_property
    def shifted_inverse(self) -> Candidate:
        """E + A / (x - s): variance-limited at sizes that are not large yet."""
        return self._fit(LimitLaw(self.limit, 1.0, shifted=True))

    @cached_property
    def exponential(self) -> Candidate:
        """E + A exp(-x / x0): no power law."""
        return self._fit(LimitLaw(self.limit, exponential=True))

    @cached_property
    def broken(self) -> Candidate | None:
        """A broken power law, from ten sizes on."""
        return self._fit(BrokenPowerLaw(1)) if self.sizes >= _BREAK_SIZES else None

    @cached_property
    def slope(self) -> Measured:
        """Exponent of the loss itself."""
        return self.measured(self.power)

    @cached_property
    def above(self) -> Measured:
        """Exponent of the loss less its limit, with a shift where the data ask for one."""
        return self.measured(self.above_law)

    @cached_property
    def above_law(self) -> Candidate:
        """The law of `above`: shifted if that lowers AICc."""
        asked = self.shifted.criterion < self.limited.criterion - 2.0
        return self.shifted if asked else self.limited

    def tried(self) -> list[Candidate]:
        """Return the laws fitted so far, at least the power law."""
        names = ("power", "limited", "shifted", "inverse", "shifted_inverse", "exponential")
        found = {"power": self.power, **{n: self.__dict__.get(n) for n in (*names, "broken")}}
        return [each for each in found.values() if each is not None]

    def measured(self, each: Candidate) -> Measured:
        """Return a candidate's exponent with its interval, unbounded if sizes are too few."""
        value = float(each.model.exponent(each.fitted.theta)[0])
        if each.fitted.degrees[0] < 1:
            return Measured(value, -np.inf, np.inf, each.model.name)
        if self.misfit(each) < _EXACT:
            return Measured(value, value, value, each.model.name)
        low, high = self.law(each).interval(self.level, self._method)
        return Measured(value, low, high, each.model.name)

    @cached_property
    def p_one(self) -> float:
        """The p-value of exponent 1 above the limit; NaN if sizes are too few."""
        each = self.above_law
        if each.fitted.degrees[0] < 1:
            return float("nan")
        if self.misfit(each) < _EXACT:
            return float(abs(self.above.exponent - 1.0) < 1e3 * _EXACT)
        return self.law(each).p_value(1.0, self._method)

    def law(self, each: Candidate) -> Law:
        """Return a candidate as a law."""
        return Law(Slopes(self.observations), each, (), asked=True)

    def misfit(self, each: Candidate) -> float:
        """Return the largest |log(loss / law)|."""
        rest = self.observations.y - each.model.curve(self.observations.u, each.fitted.theta)[0]
        return float(np.abs(rest).max())

    def shares(self) -> tuple[float, float]:
        """Return the limit's share of the law's loss at the smallest and the largest size."""
        law = self.above_law
        curve = np.exp(law.model.curve(self.observations.u, law.fitted.theta)[0][0])
        limit = self.floor
        return float(min(limit / curve[0], 1.0)), float(min(limit / curve[-1], 1.0))

    @property
    def floor(self) -> float:
        """The limit, known or fitted."""
        law = self.above_law
        found = law.model.coefficients(law.fitted.theta[0], float(self.observations.table.sizes[0]))
        return found["limit"]

    @cached_property
    def noise(self) -> Floats:
        """Standard error (K,) of log loss: from replicates, else from second differences.

        Their median is not moved by a few bends (a peak); a curve that bends everywhere looks
        noisier than it is.
        """
        if self.observations.variances is not None:
            return np.asarray(np.sqrt(self.observations.variances))
        return self._bends(0.5)

    @cached_property
    def least_noise(self) -> Floats:
        """The same from the quietest quarter of the curve: right also if half of it is a peak."""
        return self.noise if self.observations.variances is not None else self._bends(0.25)

    def _bends(self, share: float) -> Floats:
        """Return the noise (K,) that has this quantile of |second differences|."""
        from scipy.special import ndtri

        u, y = self.observations.u, self.observations.y[0]
        if len(u) < 4:
            return np.full(len(u), np.inf)
        left, right = np.diff(u)[:-1], np.diff(u)[1:]
        weight = right / (left + right)
        bend = y[1:-1] - weight * y[:-2] - (1 - weight) * y[2:]
        scaled = np.abs(bend) / np.sqrt(1 + weight**2 + (1 - weight) ** 2)
        return np.full(len(u), float(np.quantile(scaled, share) / ndtri((1 + share) / 2)))

    def _fit(self, model: Model) -> Candidate:
        return candidate(model, self.observations)

    @property
    def _method(self) -> str:
        return "residuals" if self.observations.variances is None else "profile"
