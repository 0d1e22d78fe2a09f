"""Very many sizes: neighbours are pooled, so that time and memory stay those of a few hundred.

What follows looks at many ranges of the sizes, and leaves each of them out in turn.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from .._typing import Floats, Ints
from .loss_table import LossTable

MOST_SIZES = 200
POOLED_SIZES = 100
_FEWEST_LOSSES = 5
_NEAR = math.log(2) + 1e-9  # of log size: how far a group reaches for them
_HALVINGS = 50  # of the factor that a group may span


def pooled(table: LossTable) -> LossTable:
    """Return the table, one of more than `MOST_SIZES` with at most `POOLED_SIZES` sizes.

    A group holds sizes within a factor of its smallest, the least factor that leaves few enough;
    where there are sizes with one loss also so many, within a factor 2, that it has 5 losses, so
    that their noise is known.
    Its size is the geometric mean over its losses, to which they are carried along the exponent
    between the neighbouring groups. A size that is alone in its group stays as it is.

    Examples
    --------
    >>> n = np.arange(1.0, 10_001)
    >>> few = pooled(LossTable(n, tuple((1 / n)[:, None])))
    >>> len(few.sizes) <= POOLED_SIZES, few.pooled, sum(map(len, few.losses))
    (True, 10000, 10000)
    >>> all(np.allclose(row, 1 / n) for row, n in zip(few.losses, few.sizes, strict=True))
    True
    """
    if len(table.sizes) <= MOST_SIZES:
        return table
    losses, counts = np.concatenate(table.losses), np.array([len(row) for row in table.losses])
    if table.sizes[0] <= 0 or losses.min() <= 0:
        return table  # refused where the logarithms are taken
    u = np.log(table.sizes)
    starts, width = _groups(u, counts)
    group = np.searchsorted(starts, np.arange(len(u)), side="right") - 1
    alone = np.bincount(group) == 1
    of, at = np.repeat(group, counts), np.repeat(u, counts)
    middle = np.bincount(of, at) / np.bincount(of)
    with np.errstate(over="ignore"):
        carried = losses * np.exp(_exponents(of, at, losses) * (at - middle[of]))
    carried = np.where(alone[of], losses, carried)
    return replace(
        table,
        sizes=np.where(alone, table.sizes[starts], np.exp(middle)),
        losses=tuple(np.split(carried, np.flatnonzero(np.diff(of)) + 1)),
        pooled=len(u),
        pooled_within=float(np.exp(width)),
    )


def _groups(u: Floats, counts: Ints) -> tuple[Ints, float]:
    """Return the index of the first size of each group, and the largest width in log size."""
    losses = np.concatenate([[0], counts.cumsum()])
    least = _FEWEST_LOSSES if counts.min() == 1 else 1
    few, most = 0.0, float(u[-1] - u[0])
    for _ in range(_HALVINGS):
        middle = 0.5 * (few + most)
        count = len(_starts(u, losses, middle, least))
        few, most = (few, middle) if count <= POOLED_SIZES else (middle, most)
    starts = _starts(u, losses, most, least)
    last = np.append(starts[1:], len(u)) - 1
    return starts, float((u[last] - u[starts]).max())


def _starts(u: Floats, losses: Ints, width: float, least: int) -> Ints:
    """Return where groups start of that width and so many losses, given (W + 1,) below each size.

    One more than `POOLED_SIZES` of them at most.
    """
    starts = [0]
    while len(starts) <= POOLED_SIZES:
        wide = int(np.searchsorted(u, u[starts[-1]] + width, side="right"))
        enough = int(np.searchsorted(losses, losses[starts[-1]] + least))
        near = int(np.searchsorted(u, u[starts[-1]] + _NEAR, side="right"))
        following = max(wide, min(enough, near))
        if following == len(u) or (near == len(u) and losses[-1] - losses[following] < least):
            break
        starts.append(following)
    return np.array(starts, dtype=np.int64)


def _exponents(of: Ints, at: Floats, losses: Floats) -> Floats:
    """Return the exponent (R,) at each loss: between the neighbours of its group `of` (R,)."""
    finite = np.isfinite(losses)
    present = np.unique(of[finite])
    count, sums = (
        np.bincount(of[finite], weights)[present]
        for weights in (np.ones(finite.sum()), np.log(losses[finite]))
    )
    y, u = sums / count, (np.bincount(of[finite], at[finite])[present]) / count
    after = np.minimum(np.arange(len(u)) + 1, len(u) - 1)
    before = np.maximum(np.arange(len(u)) - 1, 0)
    exponents = -(y[after] - y[before]) / (u[after] - u[before])
    return np.asarray(np.interp(of, present, exponents))
