"""Profile-likelihood intervals of the coefficients of a law."""

from __future__ import annotations

import math

import numpy as np

from .._typing import Floats
from .comparison import Candidate
from .held_quantity import LogLoss, interval_of_log_loss, log_loss_at
from .intervals import cost_scale, profile_interval
from .models import PowerLaw, PowerLawFloor
from .observations import Observations

_NOTHING = 1e-6  # of the smallest loss: no floor that could be seen
_ENDLESS = 1e6  # log size: any part that falls is gone


def coefficient_intervals(
    law: Candidate, about: Observations, level: float, huber: float | None = None
) -> dict[str, tuple[float, float]]:
    """Return the interval of exponent, amplitude and floor, as far as the law has them.

    The cost may rise by scale * t^2, as for the exponent. Of a law with breaks only the last
    exponent has one.
    """
    from scipy.special import stdtrit

    fitted = law.fitted
    scale = float(cost_scale(law.model, about, fitted, huber)[0])
    allowed = float(scale * stdtrit(fitted.degrees[0], (1 + level) / 2) ** 2)
    found = {}
    for name, held in _losses(law, float(about.table.sizes[0])).items():
        low, high = interval_of_log_loss(law, about, held, allowed, huber=huber)
        with np.errstate(over="ignore"):
            ends = np.exp([low, high])
        nothing = name == "floor" and ends[0] < _NOTHING * about.losses.min()
        found[name] = (0.0 if nothing else float(ends[0]), float(ends[1]))
    if law.model.exponent_at is not None:
        found["exponent"] = profile_interval(law.model, about, fitted, level, huber)
    return found


def _losses(law: Candidate, smallest: float) -> dict[str, LogLoss]:
    """Return the coefficients that are losses, as log losses of the law's parameters."""
    if law.model.name == PowerLaw.name:
        return {"amplitude": log_loss_at(law.model, -math.log(smallest))}
    if law.model.name != PowerLawFloor.name:
        return {}
    return {
        "amplitude": _falling_part_at_one(smallest),
        "floor": log_loss_at(law.model, _ENDLESS),
    }


def _falling_part_at_one(smallest: float) -> LogLoss:
    """Return log A of E + A N^(-alpha) from log loss at the smallest size, alpha, floor's share."""

    def value(theta: Floats) -> tuple[Floats, Floats]:
        rest = np.maximum(1 - theta[:, 2], 1e-12)
        slopes = np.stack(
            [np.ones(len(theta)), np.full(len(theta), math.log(smallest)), -1 / rest], axis=1
        )
        return theta[:, 0] + np.log(rest) + theta[:, 1] * math.log(smallest), slopes

    return value
