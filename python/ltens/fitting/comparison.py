"""Models laid beside each other: AICc, errors on sizes left out, errors beyond the sizes fitted."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from .._typing import Floats
from ..tables import plain
from .estimation import Estimate, estimate
from .least_squares import minimise
from .likelihood import corrected_criterion, deviance
from .models.base import Model
from .observations import Observations

_MOST_TURNS = 40  # of leaving sizes out


@dataclass(frozen=True)
class Alternative:
    """How one model does on the same data.

    Attributes
    ----------
    model : str
    parameters : int
        Of the curve; the excess scatter counts as one more in `criterion`.
    exponent : float
    criterion : float
        AICc; infinite where there are too few sizes for it.
    difference : float
        AICc less the lowest of all alternatives.
    left_out : float
        Root mean square of log10(loss / prediction) over sizes left out one at a time, of more than
        40 every 40th together; NaN if that leaves fewer sizes than parameters.
    extrapolation : float
        The same over the largest quarter of the sizes (at least one), predicted from the rest.
    """

    model: str
    parameters: int
    exponent: float
    criterion: float
    difference: float
    left_out: float
    extrapolation: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers for JSON; None where there is none."""
        return dict(plain(asdict(self)))


@dataclass(frozen=True)
class Candidate:
    """A model fitted to observations, with its AICc."""

    model: Model
    fitted: Estimate
    criterion: float


def candidate(model: Model, observations: Observations, huber: float | None = None) -> Candidate:
    """Fit `model` to the observations."""
    fitted = estimate(
        model, observations.u, observations.y, observations.batch_variances, huber=huber
    )
    variances = observations.batch_variances
    value = deviance(model, observations.u, observations.y, fitted, variances)
    count = len(model.parameter_names)
    criterion = corrected_criterion(value, count, len(observations.losses))
    return Candidate(model, fitted, float(criterion[0]))


def on_a_bound(each: Candidate, observations: Observations) -> bool:
    """Return whether the exponent stands where the search ended: the data do not bound it."""
    at = each.model.exponent_at
    if at is None:
        return False
    low, high = (bound[at] for bound in each.model.bounds(observations.u))
    value = each.fitted.theta[0, at]
    return bool(value <= low or value >= 0.99 * high)


def compare(observations: Observations, candidates: list[Candidate]) -> tuple[Alternative, ...]:
    """Return the alternatives, lowest AICc first."""
    lowest = min(each.criterion for each in candidates)
    rows = [
        Alternative(
            model=each.model.name,
            parameters=len(each.model.parameter_names),
            exponent=float(each.model.exponent(each.fitted.theta)[0]),
            criterion=each.criterion,
            difference=each.criterion - lowest if np.isfinite(lowest) else 0.0,
            left_out=_left_out_error(observations, each),
            extrapolation=_extrapolation_error(observations, each),
        )
        for each in candidates
    ]
    return tuple(sorted(rows, key=lambda row: (row.criterion, row.parameters)))


def _left_out_error(observations: Observations, each: Candidate) -> float:
    sizes = len(observations.losses)
    turns = min(sizes, _MOST_TURNS)
    kept = np.arange(sizes) % turns != np.arange(turns)[:, None]
    return _error(observations, each, kept.astype(np.float64))


def _extrapolation_error(observations: Observations, each: Candidate) -> float:
    sizes = len(observations.losses)
    used = np.ones((1, sizes))
    used[0, sizes - max(1, sizes // 4) :] = 0.0
    return _error(observations, each, used)


def _error(observations: Observations, each: Candidate, used: Floats) -> float:
    """Return the root mean square log10 error where `used` (B, W) is 0."""
    if used.sum(axis=1).min() < len(each.model.parameter_names):
        return float("nan")
    y = np.broadcast_to(observations.y, used.shape)
    weights = each.fitted.weights * used
    starts = each.model.starts(observations.u, y, weights)
    found = minimise(each.model, observations.u, y, weights, starts)
    wrong = (y - each.model.curve(observations.u, found.theta)[0])[used == 0]
    return float(np.sqrt(np.mean(wrong**2)) / np.log(10))
