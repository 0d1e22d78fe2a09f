"""What a curve says for and against each regime: fits of the laws the regimes predict."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ...fitting import Law
from ...fitting.comparison import Candidate, candidate
from ...fitting.models import Model, PowerLaw
from ...fitting.observations import Observations
from ...fitting.slopes import Slopes
from ...tables import estimate
from .agreement import Agreeing
from .curve_families import Range, described, log_loss
from .exclusion import Agreement, agreement
from .limit_law import LimitLaw

_EXACT = 1e-10  # of a logarithm: residuals below are rounding


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

    @cached_property
    def agreement(self) -> Agreement:
        """Which curves of which regime agree with the data."""
        return agreement(self.observations, self.limit)

    def described(self, each: Agreeing) -> str:
        """Return a curve in words."""
        where = Range(self.observations.u, self.limit)
        smallest = float(self.observations.table.sizes[0])
        return described(each.family, each.theta, where, each.level, smallest)

    def end_exponents(self, each: Agreeing) -> tuple[float, float]:
        """Return the exponents of a curve's loss over the lower and upper third of the sizes."""
        where = Range(self.observations.u, self.limit)
        u = where.span * np.array([0.0, 1 / 3, 2 / 3, 1.0])
        logs = log_loss(each.family, each.theta[None], where, u)[0][0]
        steps = 3 * -np.diff(logs) / where.span
        return float(steps[0]), float(steps[-1])

    def tried(self, *, lawful: bool) -> list[Candidate]:
        """Return the laws to lay beside each other: the power law alone for a peak or a rise."""
        if not lawful:
            return [self.power]
        above = [self.limited, self.shifted, self.inverse, self.shifted_inverse]
        return [self.power, *above, self.exponential]

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

    def _fit(self, model: Model) -> Candidate:
        return candidate(model, self.observations)

    @property
    def _method(self) -> str:
        return "residuals" if self.observations.variances is None else "profile"
