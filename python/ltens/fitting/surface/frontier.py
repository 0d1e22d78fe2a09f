"""Where the loss is lowest for given compute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ..._typing import Floats
from ...validation import one_of, positive, share
from .columns import above_zero
from .quantities import Frontiers

if TYPE_CHECKING:
    from .law import SurfaceLaw


@dataclass(frozen=True, eq=False)
class Frontier:
    """The sizes of lowest loss at each compute, arrays of its shape.

    Attributes
    ----------
    names : (str, str)
    compute, cost : array and float
        compute = cost * first * second.
    first, second : float64 array
        The two sizes.
    loss : float64 array
    first_interval, second_interval, loss_interval : (low, high) of float64 arrays, or None
        Profile intervals at `level`.
    level : float or None
    """

    names: tuple[str, str]
    compute: Floats
    cost: float
    first: Floats
    second: Floats
    loss: Floats
    first_interval: tuple[Floats, Floats] | None = None
    second_interval: tuple[Floats, Floats] | None = None
    loss_interval: tuple[Floats, Floats] | None = None
    level: float | None = None


def frontier_of(
    law: SurfaceLaw,
    compute: ArrayLike,
    cost: float,
    *,
    between: tuple[str, str] | None,
    group: int,
    level: float | None,
) -> Frontier:
    """Return the frontier of a law, as `SurfaceLaw.frontier` says."""
    names = _pair(law, between)
    budget = above_zero(compute, "compute")
    if np.isinf(budget).any():
        raise ValueError("compute holds infinity, but must be finite.")
    price = positive(cost, "cost")
    at = law.names.index(names[0]), law.names.index(names[1])
    smallest = [law.table.smallest[law.table.names.index(name)] for name in names]
    logs = np.log(budget / price).ravel() - np.log(smallest).sum()
    best, loss = (
        Frontiers(law.fitted.surface, at, logs, group, loss=flag) for flag in (False, True)
    )
    which, theta = np.arange(best.count), np.repeat(law.fitted.theta, best.count, axis=0)
    # Exponents of 0 have no frontier, and an interval without an end goes to 0 or infinity.
    with np.errstate(all="ignore"):
        first = np.exp(best.of(theta, which)).reshape(budget.shape) * smallest[0]
        lowest = np.exp(loss.of(theta, which) + law.table.unit).reshape(budget.shape)
        second = budget / price / first
        if level is None:
            return Frontier(names, budget, price, first, second, lowest)
        wanted = share(level, "interval")
        ends = [np.exp(e).reshape(budget.shape) * smallest[0] for e in law.ends(best, wanted)]
        losses = [np.exp(e + law.table.unit).reshape(budget.shape) for e in law.ends(loss, wanted)]
        other = (budget / price / ends[1], budget / price / ends[0])
    return Frontier(
        names, budget, price, first, second, lowest,
        (ends[0], ends[1]), other, (losses[0], losses[1]), wanted,
    )  # fmt: skip


def _pair(law: SurfaceLaw, between: tuple[str, str] | None) -> tuple[str, str]:
    if len(law.names) < 2:
        raise ValueError("a frontier needs two variables, but the law has one.")
    if between is None:
        between = law.names[0], law.names[1]
    if isinstance(between, str) or not isinstance(between, Sequence) or len(between) != 2:
        raise ValueError(
            f"between is {between!r}, but must be two names of {', '.join(law.names)}."
        )
    first, second = (one_of(name, law.names, "between") for name in between)
    if first == second:
        raise ValueError(f"between is {between!r}, but must be two different variables.")
    pair = law.form.pair
    if pair is not None and set(pair) != {first, second}:
        raise ValueError(
            f"between is {between!r}, but the law has a product of {pair[0]} and {pair[1]}: what "
            "is best then depends on the third size."
        )
    return first, second
