"""Which statistic a curve is judged by: the mean, unless the tails of its replicates forbid it."""

from __future__ import annotations

import numpy as np

from ...fitting.loss_table import LossTable
from ...fitting.statistic import STATISTICS, Statistic, statistic_named

_FEWEST = 5  # replicates whose median stands for their size
_SHARE = 10  # of the losses, one in ten, is the tail
_LEAST_TAIL = 5
_HEAVY = 2.0  # tail index up to which the variance is infinite


def statistic_of(
    table: LossTable, statistic: str | float | Statistic
) -> tuple[Statistic, float | None]:
    """Return the statistic of a name, and the tail index if that decided for the median.

    "auto" is the mean, of which the theory speaks, unless the losses' tail index is at most 2: the
    mean then has no standard error.
    """
    if statistic != "auto":
        if isinstance(statistic, str) and statistic not in STATISTICS:
            raise ValueError(
                f"statistic is {statistic!r}, but must be 'auto', "
                f"{', '.join(map(repr, STATISTICS))} or a number: that quantile."
            )
        return statistic_named(statistic), None
    index = tail_index(table)
    if index <= _HEAVY:
        return statistic_named("median"), index
    return statistic_named("mean"), None


def tail_index(table: LossTable) -> float:
    """Return the exponent of the tail of losses over their size's median; infinite if unknown.

    P(loss > t) ~ t^-index over the largest tenth, the sizes together (Hill 1975).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> rows = tuple(rng.pareto(1.5, 200) + 1 for _ in range(4))
    >>> 1.2 < tail_index(LossTable(np.arange(1.0, 5.0), rows)) < 1.9
    True
    """
    rows = [row / np.median(row) for row in table.losses if len(row) >= _FEWEST]
    if not rows:
        return np.inf
    logs = np.sort(np.log(np.concatenate(rows)))[::-1]
    count = max(len(logs) // _SHARE, _LEAST_TAIL)
    if count >= len(logs) // 2:
        return np.inf
    mean = float((logs[:count] - logs[count]).mean())
    return 1 / mean if mean > 0 else np.inf
