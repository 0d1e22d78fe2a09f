"""The profile-likelihood interval of a law's exponent, and the test of a given exponent."""

from __future__ import annotations

import numpy as np

from .._typing import Floats
from .estimation import Estimate
from .models.base import Model
from .observations import Observations
from .profile import Fitted, profile_cost, profile_ends


def profile_interval(
    model: Model,
    observations: Observations,
    fitted: Estimate,
    level: float,
    huber: float | None = None,
) -> tuple[float, float]:
    """Return the exponents whose cost is within scale * t^2 of the lowest.

    The scale is the mean weighted square about the law, t Student's quantile with sizes less
    parameters degrees of freedom: the interval widens with few sizes, and with a law that misses
    its points by more than the seeds explain (Hartung & Knapp 2001 for a line; Bates & Watts 1988,
    section 6.1, for a curve).
    """
    from scipy.special import stdtrit

    scale = cost_scale(model, observations, fitted, huber)
    allowed = scale * stdtrit(fitted.degrees, (1 + level) / 2) ** 2
    low, high = profile_ends(Fitted(model, observations.u, observations.y, fitted, huber), allowed)
    return float(low[0]), float(high[0])


def exponent_p_value(
    model: Model,
    observations: Observations,
    fitted: Estimate,
    value: float,
    huber: float | None = None,
) -> float:
    """Return the two-sided p-value of exponent = value, by the same statistic as the interval."""
    from scipy.special import stdtr

    given = Fitted(model, observations.u, observations.y, fitted, huber)
    rise = profile_cost(given, np.array([[value]]))[:, 0] - fitted.cost
    scale = cost_scale(model, observations, fitted, huber)
    t = np.sqrt(np.maximum(rise, 0) / np.maximum(scale, 1e-300))
    return float(2 * stdtr(fitted.degrees, -t)[0])


def cost_scale(
    model: Model, observations: Observations, fitted: Estimate, huber: float | None
) -> Floats:
    """Return the cost's scale (B,); with Huber's function E[psi^2] / E[psi'] (Huber 1981, 7.10)."""
    if fitted.degrees[0] < 1:
        raise ValueError(
            f"{model.name} has {len(model.parameter_names)} parameters for "
            f"{len(observations.losses)} sizes, but an interval needs more sizes than parameters."
        )
    if huber is None:
        return np.asarray(fitted.scale)
    residual = np.abs(observations.y - model.curve(observations.u, fitted.theta)[0])
    inside = residual < huber
    if inside.sum() <= len(model.parameter_names):
        raise ValueError(
            f"huber is {huber}, but must be large enough that more than "
            f"{len(model.parameter_names)} of the residuals are within it for a profile interval: "
            "use interval(method='bootstrap')."
        )
    squares = (fitted.weights * np.minimum(residual, huber) ** 2).sum(axis=1) / fitted.degrees
    return np.asarray(squares * residual.shape[1] / (fitted.weights * inside).sum(axis=1))
