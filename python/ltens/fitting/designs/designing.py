"""The function `design_runs`: from a law to what to train next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..._typing import Ints
from ...validation import integer, positive, share
from ..law import Law
from ..surface import SurfaceLaw
from .asked import Asked
from .candidates import Cost
from .curve_problem import EXPONENT, asked_of_curve
from .design import Design
from .surface_problem import asked_of_surface
from .whole_runs import Problem, best_runs

_MOST_TIMES = 1e6  # the smallest budget that can do anything: beyond, there is a limit
_NEAR = 0.02  # of the budget that reaches a wanted length


def design_runs(
    law: Law | SurfaceLaw,
    *,
    budget: float | None = None,
    length: float | None = None,
    target: str | float | Mapping[str, float] = EXPONENT,
    sizes: Iterable[float] | Mapping[str, Iterable[float]] | None = None,
    cost: Cost | None = None,
    most: int | None = None,
    level: float = 0.95,
    extend: bool = True,
) -> Design:
    """Return the runs that make the interval of `target` shortest; see `ltens.design`."""
    spent = None if budget is None else positive(budget, "budget")
    wanted = None if length is None else positive(length, "length")
    if (spent is None) == (wanted is None):
        raise ValueError(
            "budget and length are "
            + ("both" if spent is not None else "neither")
            + " given, but exactly one must be: what may be spent, or how long the interval may be."
        )
    cap = None if most is None else integer(most, "most", minimum=1)
    asked = _asked(law, target, sizes, cost, share(level, "level"), extend=extend)
    asked = replace(asked, problem=_capped(asked.problem, cap))
    if wanted is not None:
        return asked.design(_for_length(asked, wanted))
    assert spent is not None
    further = best_runs(asked.problem, spent)
    if not further.any():
        raise ValueError(
            f"budget is {spent:g}, but the fewest runs that tell {asked.words} cost about "
            f"{_least_budget(asked.problem):.3g}."
        )
    return asked.design(further)


def _asked(
    law: object, target: Any, sizes: Any, cost: Cost | None, level: float, *, extend: bool
) -> Asked:
    if isinstance(law, SurfaceLaw):
        return asked_of_surface(law, target, sizes, cost, level=level, extend=extend)
    if isinstance(law, Law):
        return asked_of_curve(law, target, sizes, cost, level=level, extend=extend)
    raise TypeError(
        f"law is a {type(law).__name__}, but must be one law, such as ltens.fit returns for one "
        "curve."
    )


def _capped(problem: Problem, most: int | None) -> Problem:
    """Return the problem with at most so many further runs at each candidate."""
    if most is None:
        return problem
    return replace(problem, most=float(most), fewest=min(problem.fewest, most))


def _least_budget(problem: Problem) -> float:
    """Return what the cheapest three new candidates cost."""
    return float(np.sort(problem.costs)[:3].sum() * problem.fewest)


def _for_length(asked: Asked, wanted: float) -> Ints:
    """Return the cheapest runs found whose expected interval is no longer than `wanted`."""
    now = asked.length(np.zeros(len(asked.problem.costs), np.int64))
    if now <= wanted:
        raise ValueError(
            f"length is {wanted:g}, but that of {asked.words} is expected to be {now:.3g} already "
            "without further runs."
        )
    low, high, found = _reaching(asked, wanted)
    while low > 0 and high / low > 1 + _NEAR:
        middle = float(np.sqrt(low * high))
        tried = best_runs(asked.problem, middle)
        if asked.length(tried) <= wanted:
            high, found = middle, tried
        else:
            low = middle
    return found


def _reaching(asked: Asked, wanted: float) -> tuple[float, float, Ints]:
    """Return a budget that is too small (0 if none is), one that reaches the length, its runs."""
    first = _least_budget(asked.problem)
    low, high = 0.0, first
    while asked.length(found := best_runs(asked.problem, high)) > wanted:
        low, high = high, 4 * high
        if high > _MOST_TIMES * first:
            raise ValueError(
                f"length is {wanted:g}, but {low:.3g} spent on further runs still leaves "
                f"{asked.length(found):.3g}: allow other sizes, or a longer interval."
            )
    return low, high, found
