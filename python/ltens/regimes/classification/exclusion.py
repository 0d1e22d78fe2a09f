"""Which regimes the data exclude: a verdict is what all curves that agree with the data share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...fitting.observations import Observations
from .agreement import Agreeing, nearest
from .curve_families import Range
from .grouping import points

_EXCLUDED = 0.05  # p-value below which a curve is farther from the data than noise can take it
_LEAST_ERROR, _EXACT = 2e-3, 2e-4  # of log loss, with replicates and without: closer none is
_MISFIT = 1e-3  # p-value of the best curve below which none describes the data
_LARGE = 0.03  # relative scatter beyond the replicates' own that is worth a word
_MOST_SIZES = 48


@dataclass(frozen=True)
class Agreement:
    """What agrees with the data.

    Attributes
    ----------
    best : Agreeing
        The curve of the claimed regime, by Akaike's criterion.
    rivals : tuple of Agreeing
        The simplest of each other regime that the data do not exclude.
    excess : float
        Relative scatter of the data about the best curve beyond the replicates' own.
    is_misfit : bool
        Whether that is sure and large.
    """

    best: Agreeing
    rivals: tuple[Agreeing, ...]
    excess: float
    is_misfit: bool


def agreement(observations: Observations, limit: float | None) -> Agreement:
    """Hold every family against the observations.

    A curve is excluded if one of the claimed regime is nearer to the data by more than noise can
    make it: an F test of the costs' difference, with as many degrees of freedom as the nearer curve
    has parameters more, at least one.
    """
    from scipy.stats import chi2, f

    data = points(observations, _MOST_SIZES)
    known = data.variances is not None
    least = (_LEAST_ERROR if known else _EXACT) ** 2
    weights = (
        np.ones_like(data.u) if data.variances is None else 1 / np.maximum(data.variances, least)
    )
    found = nearest(Range(data.u, limit), data.y, weights)
    spare = {id(each): len(data.u) - each.parameters for each in found}
    free = [each for each in found if spare[id(each)] >= 2]
    closest = min(free, key=lambda each: each.cost / spare[id(each)])
    scale = max(closest.cost / spare[id(closest)], 1.0 if known else least)
    degrees = float(observations.degrees.sum()) if known else spare[id(closest)]

    def excluded(each: Agreeing, by: Agreeing) -> bool:
        more = max(1, by.parameters - each.parameters)
        return each.cost - by.cost > scale * more * float(f.isf(_EXCLUDED, more, degrees))

    best = min(found, key=lambda each: each.cost / scale + 2 * each.parameters)
    claimed = [each for each in found if each.verdict == best.verdict]
    rivals: dict[int, Agreeing] = {}
    for each in sorted(found, key=lambda each: (each.parameters, each.cost)):
        other = each.is_rival and each.verdict != best.verdict
        if other and not any(excluded(each, by) for by in claimed):
            rivals.setdefault(each.verdict, each)
    left = max(spare[id(best)], 1)
    excess = float(np.sqrt(max(0.0, best.cost / left - 1) / weights.mean())) if known else 0.0
    surely = known and float(chi2.sf(best.cost, left)) < _MISFIT
    return Agreement(best, tuple(rivals.values()), excess, surely and excess > _LARGE)
