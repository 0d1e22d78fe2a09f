"""Profile-likelihood intervals of the coefficients of a law."""

from __future__ import annotations

import numpy as np

from .._typing import Floats
from .comparison import Candidate
from .held_quantity import quantity_interval
from .models import Model
from .observations import Observations

_LEAST, _MOST = 1e-300, 1e300
_REACH = 300.0  # of log loss at the smallest size: further away exponentials overflow


def coefficient_intervals(
    law: Candidate, about: Observations, level: float
) -> dict[str, tuple[float, float]]:
    """Return the interval of each coefficient that moves with the parameters.

    The cost may rise by scale * t^2, as for the exponent; of a positive coefficient its logarithm
    is held.
    """
    from scipy.special import stdtrit

    fitted = law.fitted
    allowed = float(fitted.scale[0] * stdtrit(fitted.degrees[0], (1 + level) / 2) ** 2)
    smallest = float(about.table.sizes[0])
    start = float(fitted.theta[0, 0])
    found = {}
    for name, value in law.model.coefficients(fitted.theta[0], smallest).items():
        if not _moves(law.model, fitted.theta[0], smallest, name):
            continue
        logs = value > 0 and name != "exponent"

        def quantity(theta: Floats, name: str = name, logs: bool = logs) -> Floats:
            theta = theta.copy()
            theta[:, 0] = np.clip(theta[:, 0], start - _REACH, start + _REACH)
            rows = [law.model.coefficients(row, smallest)[name] for row in theta]
            return np.log(np.clip(rows, _LEAST, _MOST)) if logs else np.asarray(rows)

        ends = quantity_interval(law, about, quantity, allowed)
        found[name] = (float(np.exp(ends[0])), float(np.exp(ends[1]))) if logs else ends
    return found


def _moves(model: Model, theta: Floats, smallest: float, name: str) -> bool:
    """Return whether a coefficient depends on the parameters: a given one does not."""
    value = model.coefficients(theta, smallest)[name]
    for k in range(len(theta)):
        moved = theta.copy()
        moved[k] = moved[k] * 1.001 + 1e-3
        if model.coefficients(moved, smallest)[name] != value:
            return True
    return False
