"""The design problem of a law of one variable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from ..._typing import Floats
from ...validation import one_of, positive
from ..bootstrap import excess_is_significant
from ..law import Law
from ..slopes import END_FACTOR
from .asked import LOG10, Asked
from .candidates import Cost, candidate_sizes, costs_of
from .criterion import Criterion, EndCriterion, LinearCriterion
from .curve_noise import ROUNDING, CurveNoise, noise_of
from .whole_runs import Problem

_FEWEST_SEEDS = 5  # at a size: fewer do not tell their own noise
END, EXPONENT = "end", "exponent"
_WORDS = {EXPONENT: "the exponent of the law", END: "the exponent at the large end"}
_EQUAL = 8  # sizes of the equal spacing that a design is compared with


def asked_of_curve(
    law: Law,
    target: str | float | Mapping[str, float],
    sizes: Iterable[float] | Mapping[str, Iterable[float]] | None,
    cost: Cost | None,
    *,
    level: float,
    extend: bool,
) -> Asked:
    """Return what is asked, with the arguments of `ltens.design`, checked."""
    if isinstance(target, Mapping) or isinstance(sizes, Mapping):
        name, value = ("target", target) if isinstance(target, Mapping) else ("sizes", sizes)
        raise TypeError(f"{name} is {value!r:.60}, but the law is of one size only.")
    if isinstance(target, str):
        one_of(target, (EXPONENT, END), "target")
    else:
        target = positive(target, "target")
    _refuse_without_law(law, target)
    candidates = candidate_sizes(sizes, law.sizes)
    costs = costs_of("size" if cost is None else cost, candidates)
    problem, points = curve_problem(law, target, candidates, costs, level, extend=extend)
    name = law.observations.table.axis or law.observations.table.label
    predicts = not isinstance(target, str)
    return Asked(
        law,
        problem,
        {name: points},
        f"the loss at {name} {target:g}" if predicts else _WORDS[str(target)],
        predicts,
        _log_equal(points),
        _notes(law, target),
    )


def _refuse_without_law(law: Law, target: str | float) -> None:
    if law.chosen is None and not isinstance(target, str):
        raise ValueError(
            f"target is {target:g}, a size whose loss is to be predicted, but no law holds that "
            "says it: give target='end', or fit with model=."
        )
    if target == EXPONENT and law.chosen is not None and law.chosen.model.exponent_at is None:
        raise ValueError(f"target is 'exponent', but it was given as {law.exponent:g}.")


def _notes(law: Law, target: str | float) -> tuple[str, ...]:
    """Return what to know of the law beforehand."""
    if law.chosen is None and target == EXPONENT:
        return (
            "no law holds, so that the exponent is that at the large end; model= of ltens.fit asks "
            "for a law.",
        )
    if target != END and (excess := excess_of(law)) > 0:
        return (
            f"the law misses its points by {np.sqrt(excess) / LOG10:.2g} dex beyond what the seeds "
            "explain, which more seeds at the same sizes do not lower.",
        )
    return ()


def _log_equal(sizes: Floats) -> Floats:
    """Return 1 at the candidates nearest to log-equal sizes, 0 elsewhere (K,)."""
    wanted = np.geomspace(sizes[0], sizes[-1], min(_EQUAL, len(sizes)))
    found = np.zeros(len(sizes))
    found[np.abs(np.log(sizes[:, None] / wanted)).argmin(axis=0)] = 1.0
    return found


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
        inside = sizes * END_FACTOR * (1 + ROUNDING) >= sizes[-1]
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
    near = np.abs(u[:, None] - about) < ROUNDING
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
    elsewhere = np.abs((own.u + shift)[:, None] - u).min(axis=1) >= ROUNDING
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
