"""The design problem of a law of one variable."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..._typing import Floats
from ..bootstrap import excess_is_significant
from ..law import Law
from ..slopes import END_FACTOR
from .criterion import Criterion, EndCriterion, LinearCriterion
from .whole_runs import Problem

_TREND_SIZES = 5  # from so many on the noise may change with size
_FEWEST_SEEDS = 5  # at a size: fewer do not tell their own noise
_LEAST_NOISE = 1e-24  # of log loss: its rounding
_ROUNDING = 1e-9  # of a ratio of sizes
END, EXPONENT = "end", "exponent"


@dataclass(frozen=True, eq=False)
class CurveNoise:
    """The variance of log loss of one run, at any size.

    Attributes
    ----------
    u : (W,) float64
        Log sizes that were measured.
    variances : (W,) float64
        Of one run there.
    """

    u: Floats
    variances: Floats

    def at(self, u: Floats) -> Floats:
        """Return the variances (K,): those measured, between and beyond a line of the logs."""
        logs = np.log(self.variances)
        trend = len(logs) >= _TREND_SIZES
        line = np.polyfit(self.u, logs, 1) if trend else np.array([logs.mean()])
        found = np.exp(np.polyval(line, u))
        for place, value in zip(self.u, self.variances, strict=True):
            found = np.where(np.abs(u - place) < _ROUNDING, value, found)
        return np.asarray(found)


def noise_of(law: Law) -> CurveNoise:
    """Return the noise by the seeds; with one loss per size by the scatter about the law."""
    whole = law.observations
    if whole.variances is not None:
        counts = whole.samples.astype(np.float64)
        return CurveNoise(whole.u, np.maximum(law.slopes.variances * counts, _LEAST_NOISE))
    scatter = law.slopes.scatter[0]
    if law.chosen is not None and law.degrees > 0:
        scatter = float(law.chosen.fitted.cost[0] / law.degrees)
    return CurveNoise(whole.u, np.full(len(whole.u), max(scatter, _LEAST_NOISE)))


def curve_problem(
    law: Law, target: str | float, sizes: Floats, costs: Floats, level: float, *, extend: bool
) -> tuple[Problem, Floats]:
    """Return the problem and its candidates: `sizes`, or those of them at the large end.

    Parameters
    ----------
    target : "exponent", "end" or float
        A number is the size whose loss is to be predicted.
    sizes, costs : (K,) float64
    extend : bool
        Whether what was measured counts.
    """
    if target == END or law.chosen is None:
        inside = sizes * END_FACTOR * (1 + _ROUNDING) >= sizes[-1]
        sizes, costs = sizes[inside], costs[inside]
    u = np.log(sizes / law.sizes[0])
    noise = noise_of(law)
    measured = _measured(law, u) if extend else np.zeros(len(u))
    last = np.arange(len(u)) == len(u) - 1
    if target == END or law.chosen is None:
        criterion: Criterion = _end(law, u, noise, level)
        kept = last
    else:
        criterion = _of_law(law, target, u, noise, measured, extend=extend)
        kept = np.zeros(len(u), bool)
    fewest = _FEWEST_SEEDS if law.observations.variances is not None else 1
    return Problem(criterion, measured, costs, fewest, kept, level), sizes


def _measured(law: Law, u: Floats) -> Floats:
    """Return how many runs of the law's range stand at each candidate (K,)."""
    about = np.log(law.sizes[law.start :] / law.sizes[0])
    near = np.abs(u[:, None] - about) < _ROUNDING
    return np.asarray(near @ law.samples[law.start :].astype(np.float64))


def excess_of(law: Law) -> float:
    """Return the variance about the law beyond the seeds'; 0 where it may be chance (at 5 %)."""
    if law.chosen is None or not excess_is_significant(law.about, law.chosen.fitted):
        return 0.0
    return float(law.chosen.fitted.excess[0])


def _of_law(
    law: Law, target: str | float, u: Floats, noise: CurveNoise, measured: Floats, *, extend: bool
) -> LinearCriterion:
    assert law.chosen is not None
    model, theta = law.chosen.model, law.chosen.fitted.theta
    shift = float(np.log(law.sizes[law.start] / law.sizes[0]))  # theta is about the law's first
    excess = excess_of(law)
    slopes = model.curve(u - shift, theta)[1][0]
    if target == EXPONENT:
        along = (np.arange(theta.shape[1]) == model.exponent_at).astype(np.float64)
    else:
        place = np.array([np.log(float(target) / law.sizes[law.start])])
        along = model.curve(place, theta)[1][0][0]
    own = law.about
    elsewhere = np.abs((own.u + shift)[:, None] - u).min(axis=1) >= _ROUNDING
    elsewhere = elsewhere & extend
    at = noise.at(own.u + shift)
    weights = own.samples / (at + own.samples * excess)
    rest = model.curve(own.u, theta)[1][0][elsewhere]
    base = (rest.T * weights[elsewhere]) @ rest
    beside = int(elsewhere.sum())

    def degrees(runs: Floats) -> float:
        return float((runs > 0).sum() + beside - theta.shape[1])

    return LinearCriterion(slopes, noise.at(u), excess, along, base, degrees)


def _end(law: Law, u: Floats, noise: CurveNoise, level: float) -> EndCriterion:
    """Return the criterion, with the quantile that the seeds bootstrap gives now."""
    weights = law.slopes.weights(*law.slopes.end)
    error = float(np.sqrt(weights**2 @ law.slopes.variances))
    return EndCriterion(u, noise.at(u), law.slopes.half_width(weights, level) / error)
