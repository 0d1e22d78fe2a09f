"""The sizes that a design may use, and what a run at each costs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import ArrayLike

from ..._typing import Floats
from ...validation import float64_array, one_of

Cost = str | ArrayLike | Callable[[Floats], ArrayLike]

_STEPS = 16  # log-equal sizes from the smallest to the largest
_APART = 1.1  # ratio of neighbouring sizes: closer ones say the same
_MOST = 60  # candidates


def candidate_sizes(sizes: Iterable[float] | None, measured: Floats) -> Floats:
    """Return the candidates (K,), ascending; log-equal between the measured ones by default.

    Parameters
    ----------
    sizes : iterable of float, optional
        Two stand for a range with log-equal sizes inside, more for themselves.
    measured : (W,) float64
        Sizes of the law; those within the range are candidates, too.

    Examples
    --------
    >>> candidate_sizes((1, 8), np.array([2.0, 4.0]))
    array([1., 2., 3., 4., 5., 6., 7., 8.])
    >>> candidate_sizes([10, 20, 40], np.array([2.0, 4.0]))
    array([10., 20., 40.])
    """
    if sizes is None:
        ends = float(measured[0]), float(measured[-1])
    else:
        given = np.unique(float64_array(np.asarray(sizes), "sizes", (1,)))
        if len(given) < 2 or given[0] <= 0:
            raise ValueError(
                f"sizes is {sizes!r:.60}, but must be (smallest, largest) or a list of sizes above "
                "0."
            )
        if len(given) > _MOST:
            raise ValueError(f"sizes has {len(given)} sizes, but at most {_MOST} can be looked at.")
        if len(given) > 2:
            return given
        ends = float(given[0]), float(given[1])
    between = np.geomspace(*ends, _STEPS)
    if np.all(measured == np.round(measured)) and ends[0] >= 1:
        between = np.unique(np.round(between))
    inside = measured[(measured >= ends[0]) & (measured <= ends[1])]
    if len(inside) > _MOST - _STEPS:
        inside = inside[np.unique(np.linspace(0, len(inside) - 1, _MOST - _STEPS).astype(int))]
    if not len(inside):
        return between
    ratio = np.abs(np.log(between[:, None] / inside)).min(axis=1)
    whole = np.diff(between, prepend=-np.inf).min() >= 1 and between[-1] <= _STEPS
    new = between[ratio > (0.0 if whole else np.log(_APART))]
    return np.unique(np.concatenate([new, inside]))


def costs_of(cost: Cost, sizes: Floats) -> Floats:
    """Return the cost (K,) of one run at each size.

    Parameters
    ----------
    cost : "size", (K,) array or function of (K,) sizes

    Examples
    --------
    >>> costs_of("size", np.array([1.0, 4.0])), costs_of(lambda n: n**2, np.array([1.0, 4.0]))
    (array([1., 4.]), array([ 1., 16.]))
    """
    if isinstance(cost, str):
        one_of(cost, ("size", "seconds"), "cost")
        if cost == "seconds":
            raise ValueError(
                "cost is 'seconds', which ltens.design knows of laws from a sweep only: give a "
                "function of the sizes."
            )
        return sizes.copy()
    given = cost(sizes) if callable(cost) else cost
    values = float64_array(np.asarray(given), "cost", (1,))
    if values.shape != sizes.shape:
        raise ValueError(
            f"cost has shape {values.shape}, but must have shape {sizes.shape}: one for each of "
            "sizes."
        )
    if not (values > 0).all():
        raise ValueError(f"cost holds {values.min():g}, but every cost must be above 0.")
    return values
