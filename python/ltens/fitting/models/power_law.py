"""The power law: loss = A N^(-alpha). A straight line in the logarithms, solved exactly."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..._typing import Floats
from .base import Model, weighted_line


@dataclass(frozen=True)
class PowerLaw(Model):
    """loss = A N^(-alpha), alpha of either sign."""

    name = "power_law"
    equation = "A N^(-alpha)"
    source = "Hestness et al., arXiv 1712.00409, eq. 1 without its constant"
    parameter_names = ("log_start", "exponent")

    def curve(self, u: Floats, theta: Floats) -> tuple[Floats, Floats]:
        """Return log loss and derivatives."""
        value = theta[:, :1] - theta[:, 1:] * u
        slopes = np.broadcast_to(np.stack([np.ones_like(u), -u], axis=-1), (*value.shape, 2))
        return value, slopes

    def bounds(self, u: Floats) -> tuple[Floats, Floats]:
        """Return no bounds."""
        return np.full(2, -np.inf), np.full(2, np.inf)

    def starts(self, u: Floats, y: Floats, weights: Floats) -> Floats:
        """Return the solution."""
        return weighted_line(np.stack([np.ones_like(u), -u], axis=-1)[None], y, weights)

    def coefficients(self, theta: Floats, smallest: float) -> dict[str, float]:
        """Return A and alpha."""
        amplitude = float(np.exp(theta[0] + theta[1] * math.log(smallest)))
        return {"amplitude": amplitude, "exponent": float(theta[1])}
