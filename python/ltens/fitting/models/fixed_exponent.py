"""A power law whose exponent is given, to be tested: loss = A N^(-alpha0)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..._typing import Floats
from .base import Model


@dataclass(frozen=True)
class FixedExponent(Model):
    """loss = A N^(-alpha0); alpha0 is 1 for ensembling, 4/d or 2/d by approximation theory."""

    value: float = 1.0

    name = "fixed_exponent"
    equation = "A N^(-alpha0)"
    source = "4/d: Sharma & Kaplan, arXiv 2004.10802; 1: Bahri et al., arXiv 2102.06701"
    parameter_names = ("log_start",)

    def curve(self, u: Floats, theta: Floats) -> tuple[Floats, Floats]:
        """Return log loss and derivatives."""
        value = theta - self.value * u
        return value, np.ones((*value.shape, 1))

    def bounds(self, u: Floats) -> tuple[Floats, Floats]:
        """Return no bounds."""
        return np.full(1, -np.inf), np.full(1, np.inf)

    def starts(self, u: Floats, y: Floats, weights: Floats) -> Floats:
        """Return the solution: a weighted mean."""
        mean = (weights * (y + self.value * u)).sum(axis=1) / weights.sum(axis=1)
        return np.asarray(mean[:, None, None])

    def coefficients(self, theta: Floats, smallest: float) -> dict[str, float]:
        """Return A and the exponent that was given."""
        amplitude = float(np.exp(theta[0] + self.value * math.log(smallest)))
        return {"amplitude": amplitude, "exponent": self.value}

    def exponent(self, theta: Floats) -> Floats:
        """Return the exponent that was given."""
        return np.full(theta.shape[:-1], self.value)
