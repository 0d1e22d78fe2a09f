"""A power law above a limit that is known: loss - limit = A N^(-alpha)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..._typing import Floats
from .base import Model, weighted_line


@dataclass(frozen=True)
class KnownLimit(Model):
    """loss = limit + A N^(-alpha), A > 0; alpha = 1 is the variance-limited regime.

    The residual stays log(loss) - log(law), so that losses which noise has carried below the limit
    still count.
    """

    limit: float = 0.0

    name = "known_limit"
    equation = "limit + A N^(-alpha)"
    source = "Bahri et al., arXiv 2102.06701, eq. 2 and the variance-limited fits of its figure 1"
    parameter_names = ("log_start", "exponent")

    def curve(self, u: Floats, theta: Floats) -> tuple[Floats, Floats]:
        """Return log loss and derivatives."""
        falling = np.exp(np.clip(theta[:, :1] - theta[:, 1:] * u, -700, 700))
        total = falling + self.limit
        share = falling / total
        return np.log(total), np.stack([share, -u * share], axis=-1)

    def bounds(self, u: Floats) -> tuple[Floats, Floats]:
        """Return no bounds."""
        return np.full(2, -np.inf), np.full(2, np.inf)

    def starts(self, u: Floats, y: Floats, weights: Floats) -> Floats:
        """Return lines through log(loss - limit), the noisy ends down-weighted, and a flat one."""
        rest = np.maximum(np.exp(y) - self.limit, 1e-6 * np.exp(y))
        basis = np.stack([np.ones_like(u), -u], axis=-1)[None]
        share = rest / np.exp(y)
        lines = [weighted_line(basis, np.log(rest), weights * share**power) for power in (0, 2, 4)]
        return np.concatenate(lines, axis=1)

    def coefficients(self, theta: Floats, smallest: float) -> dict[str, float]:
        """Return A, alpha and the limit that was given."""
        amplitude = float(np.exp(theta[0] + theta[1] * math.log(smallest)))
        return {"amplitude": amplitude, "exponent": float(theta[1]), "limit": self.limit}
