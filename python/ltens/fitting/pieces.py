"""Cuts a curve into ranges over each of which it falls, or rises, with one exponent."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from .._typing import Floats, Ints
from .slopes import Slope, Slopes

_TOLERANCE = 0.03  # of log loss: a curve this close to a line needs no other piece
_PRICE = 3.0  # a cut adds a place, a level and a slope: each costs log(sizes), as in BIC,
_LEAST_PRICE = 12.0  # at least: a straight line of 6 to 30 sizes is then cut in 0 to 0.6 %
_SHORT = 6.0  # what a piece of two sizes costs beyond: a line always fits it
_MOST_PLACES = 120


def pieces_of(slopes: Slopes, level: float = 0.95) -> tuple[Slope, ...]:
    """Return the pieces from the smallest sizes to the largest; neighbours share a size.

    The cuts minimise the weighted squares about a line for each piece plus a price for each cut
    (dynamic programming: Bellman & Roth 1969, "Curve fitting by segmented straight lines").
    """
    cuts = _cuts(slopes)
    return tuple(slopes.over(start, stop + 1, level) for start, stop in pairwise(cuts))


def _cuts(slopes: Slopes) -> list[int]:
    """Return the indices of the sizes where pieces begin and end."""
    u, y = slopes.observations.u, slopes.observations.y[0]
    weights = 1 / (slopes.variances + _TOLERANCE**2)
    places = _places(len(u))
    cost = _line_costs(u, y, weights, places)
    price = max(_LEAST_PRICE, _PRICE * float(np.log(len(u))))
    best, before = np.full(len(places), np.inf), np.zeros(len(places), dtype=np.int64)
    best[0] = -price
    for stop in range(1, len(places)):
        short = np.where(places[stop] - places[:stop] < 2, _SHORT, 0.0)
        total = best[:stop] + cost[:stop, stop] + price + short
        before[stop] = int(total.argmin())
        best[stop] = total[before[stop]]
    at = len(places) - 1
    cuts = [int(places[at])]
    while at > 0:
        at = int(before[at])
        cuts.append(int(places[at]))
    return cuts[::-1]


def _places(sizes: int) -> Ints:
    """Return where a cut may be: at every size, or at evenly spread ones if there are many."""
    if sizes <= _MOST_PLACES:
        return np.arange(sizes)
    return np.unique(np.round(np.linspace(0, sizes - 1, _MOST_PLACES)).astype(np.int64))


def _line_costs(u: Floats, y: Floats, weights: Floats, places: Ints) -> Floats:
    """Return the weighted squares (P, P) about the line from place to place, both included."""
    columns = np.stack([np.ones_like(u), u, y, u * u, u * y, y * y]) * weights
    sums = np.concatenate([np.zeros((6, 1)), columns.cumsum(axis=1)], axis=1)
    total = sums[:, places + 1][:, None, :] - sums[:, places][:, :, None]
    w, wu, wy, wuu, wuy, wyy = np.where(np.triu(np.ones(total.shape[1:]), 1) > 0, total, 1.0)
    uu, uy, yy = wuu - wu**2 / w, wuy - wu * wy / w, wyy - wy**2 / w
    return np.asarray(np.maximum(yy - uy**2 / np.maximum(uu, 1e-300), 0.0))
