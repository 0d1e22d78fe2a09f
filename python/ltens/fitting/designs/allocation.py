"""How a budget is shared among candidates: the convex problem, solved by its optimality condition.

With x_k the share of the budget spent at candidate k, the variance is convex in x, and lowest where
the gain per cost is the same wherever something is spent and nowhere higher (Kiefer & Wolfowitz
1960, the equivalence theorem). The multiplicative algorithm x_k <- x_k g_k^(1/2) / sum (Silvey,
Titterington & Torsney 1978; Yu 2010 proves that it descends) finds it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..._typing import Floats
from .criterion import Criterion

_STEPS = 400
_NEAR = 1e-3  # of the gain per cost: how far from the condition is near enough


def allocate(
    criterion: Criterion,
    runs: Floats,
    costs: Floats,
    budget: float,
    open_: NDArray[np.bool_],
    *,
    start: Floats | None = None,
    most: Floats | float = np.inf,
) -> Floats:
    """Return the further runs (K,), not whole, of lowest variance for a budget.

    Parameters
    ----------
    criterion : Criterion
    runs : (K,) float64
        Runs that there are, or must be, already.
    costs : (K,) float64
        Of one run.
    budget : float
        To be spent, in the unit of the costs.
    open_ : (K,) bool
        Where it may be spent.
    start : (K,) float64, optional
        Runs to begin from.
    most : (K,) float64
        Further runs at each candidate; what cannot be spent is left.

    Examples
    --------
    >>> from .criterion import LinearCriterion
    >>> slopes = np.stack([np.ones(3), -np.array([0.0, 1.0, 2.0])], axis=1)
    >>> line = LinearCriterion(slopes, np.ones(3), 0.0, np.array([0.0, 1.0]), np.zeros((2, 2)),
    ...                        lambda runs: 1.0)
    >>> everywhere = np.ones(3, bool)
    >>> allocate(line, np.zeros(3), np.array([1.0, 1.0, 4.0]), 60.0, everywhere).round()
    array([20.,  0., 10.])
    """
    if budget <= 0 or not open_.any():
        return np.zeros_like(costs)
    begin = np.ones_like(costs) if start is None else start * costs + 1e-3 * costs.mean()
    highest = most * costs / budget
    share = _within(np.where(open_, begin, 0.0), highest)
    for _ in range(_STEPS):
        rate = np.where(open_, criterion.gains(runs + budget * share / costs) / costs, 0.0)
        free = open_ & (share < highest)
        if not free.any() or (mean := float(share[free] @ rate[free]) / share[free].sum()) <= 0:
            break
        full = open_ & ~free
        settled = rate[free].max() <= mean * (1 + _NEAR)
        if settled and (rate[full] >= mean * (1 - _NEAR)).all():
            break
        share = _within(share * np.sqrt(rate / mean), highest)
    return np.asarray(budget * share / costs)


def _within(share: Floats, highest: Floats) -> Floats:
    """Return shares (K,) of sum 1 in proportion, none above its highest; of less if all are."""
    found = share / share.sum()
    full = np.zeros(len(share), bool)
    while (over := ~full & (found > highest)).any():
        full |= over
        rest = 1 - highest[full].sum()
        free = np.where(full, 0.0, share)
        found = np.where(full, highest, free * (max(rest, 0.0) / max(free.sum(), 1e-300)))
    return np.asarray(found)
