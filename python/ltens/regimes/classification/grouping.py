"""Curves of many sizes, neighbours averaged: a law does not change between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..._typing import Floats
from ...fitting.observations import Observations

_LUCKY = 0.5  # of the median variance: few replicates that agree better do so by chance


@dataclass(frozen=True, eq=False)
class Points:
    """A curve.

    Attributes
    ----------
    u : (K,) float64
        log(size / smallest size).
    y : (K,) float64
        Log losses.
    variances : (K,) float64 or None
        Of the log losses; None without replicates.
    """

    u: Floats
    y: Floats
    variances: Floats | None

    @property
    def errors(self) -> Floats | None:
        """Standard errors (K,) of the log losses."""
        return None if self.variances is None else np.sqrt(self.variances)


def points(observations: Observations, most: int) -> Points:
    """Return the curve with at most `most` sizes, evenly spaced in log x if there are more.

    Variances below half of their median are raised to it: these are of few replicates.

    Examples
    --------
    >>> from ltens.fitting.loss_table import from_arrays
    >>> from ltens.fitting.observations import observe
    >>> from ltens.fitting.statistic import statistic_named
    >>> x = np.geomspace(1, 1000, 5000)
    >>> curve = points(observe(from_arrays(x, 1 / x), statistic_named("mean")), 100)
    >>> len(curve.u), bool(np.abs(curve.y + curve.u).max() < 0.04)
    (100, True)
    """
    u, y, variances = observations.u, observations.y[0], observations.variances
    if variances is not None:
        variances = np.maximum(variances, _LUCKY * np.median(variances))
    if len(u) <= most:
        return Points(u, y, variances)
    group = np.minimum((u / u[-1] * most).astype(np.int64), most - 1)
    group = np.unique(group, return_inverse=True)[1]
    weights = np.ones_like(u) if variances is None else 1 / variances
    total = np.bincount(group, weights)
    u, y = (np.bincount(group, value * weights) / total for value in (u, y))
    return Points(u - u[0], y, None if variances is None else 1 / total)
