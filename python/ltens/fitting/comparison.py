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
from .problem import Problem


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
        Root mean square of log10(loss / prediction) over sizes left out one at a time; NaN if
        that leaves fewer sizes than parameters.
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
    """A model fitted to a problem, with its AICc."""

    model: Model
    fitted: Estimate
    criterion: float


def candidate(model: Model, problem: Problem, huber: float | None = None) -> Candidate:
    """Fit `model` to the problem."""
    fitted = estimate(model, problem.u, problem.y, problem.batch_variances, huber=huber)
    variances = problem.batch_variances
    value = deviance(model, problem.u, problem.y, fitted, variances)
    count = len(model.parameters)
    criterion = corrected_criterion(value, count, len(problem.losses))
    return Candidate(model, fitted, float(criterion[0]))


def compare(problem: Problem, candidates: list[Candidate]) -> tuple[Alternative, ...]:
    """Return the alternatives, lowest AICc first."""
    lowest = min(each.criterion for each in candidates)
    rows = [
        Alternative(
            model=each.model.name,
            parameters=len(each.model.parameters),
            exponent=float(each.model.exponent(each.fitted.theta)[0]),
            criterion=each.criterion,
            difference=each.criterion - lowest if np.isfinite(lowest) else 0.0,
            left_out=_left_out_error(problem, each),
            extrapolation=_extrapolation_error(problem, each),
        )
        for each in candidates
    ]
    return tuple(sorted(rows, key=lambda row: (row.criterion, row.parameters)))


def _left_out_error(problem: Problem, each: Candidate) -> float:
    sizes = len(problem.losses)
    return _error(problem, each, 1.0 - np.eye(sizes))


def _extrapolation_error(problem: Problem, each: Candidate) -> float:
    sizes = len(problem.losses)
    used = np.ones((1, sizes))
    used[0, sizes - max(1, sizes // 4) :] = 0.0
    return _error(problem, each, used)


def _error(problem: Problem, each: Candidate, used: Floats) -> float:
    """Return the root mean square log10 error where `used` (B, W) is 0."""
    if used.sum(axis=1).min() < len(each.model.parameters):
        return float("nan")
    y = np.broadcast_to(problem.y, used.shape)
    weights = each.fitted.weights * used
    starts = each.model.starts(problem.u, y, weights)
    found = minimise(each.model, problem.u, y, weights, starts)
    wrong = (y - each.model.curve(problem.u, found.theta)[0])[used == 0]
    return float(np.sqrt(np.mean(wrong**2)) / np.log(10))
