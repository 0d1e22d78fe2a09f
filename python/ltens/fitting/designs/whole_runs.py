"""From shares of a budget to whole runs at few sizes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..._typing import Floats, Ints
from .allocation import allocate
from .criterion import Criterion

_SLICE = 0.05  # of what is left of the budget: spent at once while filling up
_MOST_FILLED = 2000
_AS_GOOD = 0.02  # of the length: what fewer sizes are worth


@dataclass(frozen=True, eq=False)
class Problem:
    """Where runs may be, what they cost, and what they are for.

    Attributes
    ----------
    criterion : Criterion
    measured : (K,) float64
        Runs at the candidates that count already.
    costs : (K,) float64
    fewest : int
        Runs at a candidate that has none yet, if it gets any.
    kept : (K,) bool
        Candidates that must have runs.
    level : float
    most : float
        Further runs at one candidate.
    """

    criterion: Criterion
    measured: Floats
    costs: Floats
    fewest: int
    kept: NDArray[np.bool_]
    level: float
    most: float = np.inf

    def least(self, chosen: NDArray[np.bool_]) -> Floats:
        """Return the runs (K,) that the chosen candidates must get."""
        return np.where(chosen & (self.measured == 0), float(self.fewest), 0.0)

    def length(self, further: Floats) -> float:
        """Return the expected length of the interval after further runs (K,)."""
        return self.criterion.length(self.measured + further, self.level)


def best_runs(problem: Problem, budget: float) -> Ints:
    """Return the further runs (K,) for a budget: the candidates by elimination, then whole runs.

    Of the candidates, one after the other loses its runs, each time the one without which the rest
    does best. Of the designs along the way the one with the fewest sizes is kept whose expected
    interval is at most 2 % longer than the shortest. The number of sizes counts by itself: it gives
    the interval its degrees of freedom.
    """
    chosen = np.ones(len(problem.costs), bool)
    found: list[tuple[float, Ints]] = []
    further: Floats | None = None
    while chosen.any():
        spread = _spread(problem, budget, chosen, further)
        if spread is not None:
            further = spread
            whole = rounded(problem, spread, budget, chosen)
            found.append((problem.length(whole.astype(np.float64)), whole))
        removed = _least_missed(problem, budget, chosen, further)
        if removed is None:
            break
        chosen[removed] = False
    shortest = min((length for length, _ in found), default=np.inf)
    good = [whole for length, whole in found if length <= shortest * (1 + _AS_GOOD)]
    if not np.isfinite(shortest):
        return np.zeros(len(chosen), np.int64)
    return min(good, key=np.count_nonzero)


def rounded(problem: Problem, further: Floats, budget: float, chosen: NDArray[np.bool_]) -> Ints:
    """Return whole runs: rounded down, then the rest of the budget where it gains most."""
    whole = np.maximum(np.floor(further + 1e-9), problem.least(chosen))
    for _ in range(_MOST_FILLED):
        left = budget * (1 + 1e-12) - float(whole @ problem.costs)
        open_ = chosen & (problem.costs <= left) & (whole < problem.most)
        if not open_.any():
            break
        rate = problem.criterion.gains(problem.measured + whole) / problem.costs
        at = int(np.argmax(np.where(open_, rate, -1.0)))
        more = max(1.0, np.floor(_SLICE * left / problem.costs[at]))
        whole[at] += min(more, problem.most - whole[at])
    return whole.astype(np.int64)


def _spread(
    problem: Problem, budget: float, chosen: NDArray[np.bool_], start: Floats | None
) -> Floats | None:
    """Return the best further runs at the chosen candidates; None if too few can be paid."""
    least = problem.least(chosen)
    rest = budget - float(least @ problem.costs)
    if rest < 0:
        return None
    begin = None if start is None else np.maximum(start - least, 0.0)
    runs = problem.measured + least
    most = problem.most - least
    return least + allocate(
        problem.criterion, runs, problem.costs, rest, chosen, start=begin, most=most
    )


def _least_missed(
    problem: Problem, budget: float, chosen: NDArray[np.bool_], further: Floats | None
) -> int | None:
    """Return the candidate without which the rest does best, its budget given to the others."""
    able = np.flatnonzero(chosen & ~problem.kept)
    if not able.size:
        return None
    if further is None:  # not all can be paid: those of least use for their cost go first
        begin = budget / problem.costs / chosen.sum()
        further = allocate(
            problem.criterion, problem.measured, problem.costs, budget, chosen, start=begin
        )
        lacking = problem.least(chosen) * problem.costs - further * problem.costs
        return int(able[np.argmax(lacking[able])])
    lengths = []
    for at in able:
        rest = np.where(np.arange(len(chosen)) == at, 0.0, further)
        spent = float(rest @ problem.costs)
        lengths.append(problem.length(rest * (budget / spent)) if spent > 0 else np.inf)
    return int(able[int(np.argmin(lengths))])
