"""Which regimes the data exclude: a verdict is what all curves that agree with the data share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..._typing import Floats
from ...fitting.observations import Observations
from .agreement import Agreeing, nearest
from .curve_families import Range


_EXCLUDED = 0.02  # p-value below which a curve is farther from the data than noise can take it
_LEAST_ERROR = 2e-3  # of log loss: closer to a law no real loss is
_MISFIT = 1e-3  # p-value of the best curve below which none describes the data
_LARGE_MISFIT = 0.03  # relative scatter beyond the replicates' own that is worth a word
_MOST_SIZES = 48


@dataclass(frozen=True)
class Agreement:
    """What agrees with the data.

    Attributes
    ----------
    best : Agreeing
        The curve of the claimed regime, by Akaike's criterion.
    rivals : tuple of Agreeing
        The nearest of each other regime that the data do not exclude.
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
    """Hold every family against the observations."""
    from scipy.stats import chi2, f

    u, y, variances, degrees = _reduced(observations)
    known = observations.variances is not None
    weights = 1 / np.maximum(variances, _LEAST_ERROR**2) if known else np.ones_like(u)
    found = nearest(Range(u, limit), y, weights)
    free = [each for each in found if len(u) - each.parameters >= 2]
    closest = min(free, key=lambda each: each.cost / (len(u) - each.parameters))
    scale = closest.cost / (len(u) - closest.parameters)
    scale = max(scale, 1.0 if known else _LEAST_ERROR**2)
    spare = degrees if known else len(u) - closest.parameters

    def excluded(each: Agreeing, by: Agreeing) -> bool:
        more = max(1, by.parameters - each.parameters)
        return each.cost - by.cost > scale * more * float(f.isf(_EXCLUDED, more, spare))

    best = min(found, key=lambda each: each.cost / scale + 2 * each.parameters)
    claimed = [each for each in found if each.verdict == best.verdict]
    rivals: dict[int, Agreeing] = {}
    for each in found:  # ascending: the nearest of each regime stays
        if each.verdict != best.verdict and not any(excluded(each, by) for by in claimed):
            rivals.setdefault(each.verdict, each)
    spare_of_best = max(len(u) - best.parameters, 1)
    excess = np.sqrt(max(0.0, best.cost / spare_of_best - 1) / weights.mean()) if known else 0.0
    surely = known and float(chi2.sf(best.cost, spare_of_best)) < _MISFIT
    return Agreement(best, tuple(rivals.values()), float(excess), surely and excess > _LARGE_MISFIT)


def _reduced(observations: Observations) -> tuple[Floats, Floats, Floats, float]:
    """Return log sizes, log losses, their variances and all degrees of freedom; at most 48 sizes.

    Of many sizes, neighbours are averaged: a law does not change between them.
    """
    u, y = observations.u, observations.y[0]
    variances = np.ones_like(u) if observations.variances is None else observations.variances
    degrees = float(observations.degrees.sum())
    if len(u) <= _MOST_SIZES:
        return u, y, variances, degrees
    group = np.minimum((u / u[-1] * _MOST_SIZES).astype(np.int64), _MOST_SIZES - 1)
    group = np.unique(group, return_inverse=True)[1]
    weight = np.bincount(group, 1 / variances)
    u, y = (np.bincount(group, value / variances) / weight for value in (u, y))
    return u - u[0], y, 1 / weight, degrees
