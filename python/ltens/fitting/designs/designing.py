"""The function `design_runs`: from a law to what to train next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..._typing import Floats, Ints
from ...validation import integer, one_of, positive, share
from ..law import Law
from ..surface import SurfaceLaw
from .calls import sweep_call
from .candidates import Cost, candidate_sizes, costs_of
from .curve_problem import END, EXPONENT, curve_problem, excess_of
from .design import Design, PlannedRuns
from .surface_problem import surface_points, surface_problem
from .whole_runs import Problem, best_runs

_MOST_TIMES = 1e6  # the smallest budget that can do anything: beyond, there is a limit
_NEAR = 0.02  # of the budget that reaches a wanted length
_LOG10 = float(np.log(10))


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
    within = share(level, "level")
    if isinstance(law, SurfaceLaw):
        work = _of_surface(law, target, sizes, cost, within, extend=extend)
    elif isinstance(law, Law):
        work = _of_curve(law, target, sizes, cost, within, extend=extend)
    else:
        raise TypeError(
            f"law is a {type(law).__name__}, but must be one law, such as ltens.fit returns for "
            "one curve."
        )
    work.cap(cap)
    if spent is None:
        assert wanted is not None
        further = _for_length(work, wanted)
    else:
        further = best_runs(work.problem, spent)
        if not further.any():
            raise ValueError(
                f"budget is {spent:g}, but the fewest runs that tell {work.words} cost about "
                f"{_least_budget(work.problem):.3g}."
            )
    return work.design(further, within)


class _Work:
    """A problem with what its answer is called."""

    def __init__(
        self,
        problem: Problem,
        points: Mapping[str, Floats],
        *,
        words: str,
        predicts: bool,
        law: Law | SurfaceLaw,
        equal: Floats,
        notes: tuple[str, ...] = (),
    ) -> None:
        self.problem, self.points, self.words = problem, points, words
        self.predicts, self.law, self.equal_at, self.notes = predicts, law, equal, notes

    def cap(self, most: int | None) -> None:
        """Allow at most so many further runs at each candidate."""
        if most is not None:
            fewest = min(self.problem.fewest, most)
            self.problem = replace(self.problem, most=float(most), fewest=fewest)

    @property
    def unit(self) -> float:
        """Return what lengths are divided by: predictions are told in decades."""
        return _LOG10 if self.predicts else 1.0

    def design(self, further: Ints, level: float) -> Design:
        """Return the design of whole further runs (K,)."""
        problem = self.problem
        rows = tuple(
            PlannedRuns(
                {name: float(values[k]) for name, values in self.points.items()},
                int(problem.measured[k]),
                int(further[k]),
                float(further[k] * problem.costs[k]),
            )
            for k in np.flatnonzero(further)
        )
        total = float(further @ problem.costs)
        return Design(
            rows=rows,
            target=self.words,
            unit="decades of loss" if self.predicts else "",
            level=level,
            cost=total,
            length=problem.length(further.astype(np.float64)) / self.unit,
            now=problem.length(np.zeros(len(further))) / self.unit,
            equal=self._equal(total) / self.unit,
            notes=(*self.notes, *self._at_the_end(further)),
            call=sweep_call(self.law, rows) if isinstance(self.law, Law) else "",
        )

    def _equal(self, budget: float) -> float:
        """Return the expected length with as many runs at each of the equally spaced candidates.

        Infinite where the budget does not pay one at each.
        """
        each = np.floor(budget / float(self.equal_at @ self.problem.costs))
        return self.problem.length(each * self.equal_at) if each else np.inf

    def _at_the_end(self, further: Ints) -> tuple[str, ...]:
        """Return that larger sizes may be better still, where the largest is used most."""
        if len(self.points) > 1:
            return ()
        (values,) = self.points.values()
        if self.law.sizes[-1] >= values[-1] and further[-1]:  # type: ignore[index]
            return (
                f"the largest size allowed is {values[-1]:g}: sizes=(smallest, largest) allows "
                "larger ones, where the law must hold as well.",
            )
        return ()


def _of_curve(
    law: Law, target: Any, sizes: Any, cost: Cost | None, level: float, *, extend: bool
) -> _Work:
    if isinstance(target, str):
        one_of(target, (EXPONENT, END), "target")
    elif isinstance(target, Mapping):
        raise TypeError(f"target is {target!r}, but must be {EXPONENT!r}, {END!r} or a size.")
    else:
        target = positive(target, "target")
    _refuse_without_law(law, target)
    candidates = candidate_sizes(sizes, law.sizes)
    costs = costs_of("size" if cost is None else cost, candidates)
    problem, points = curve_problem(law, target, candidates, costs, level, extend=extend)
    notes: tuple[str, ...] = ()
    if (excess := excess_of(law)) > 0 and target != END:
        notes = (
            f"the law misses its points by {np.sqrt(excess) / _LOG10:.2g} dex beyond what the "
            "seeds explain, which more seeds at the same sizes do not lower.",
        )
    if law.chosen is None and target == EXPONENT:
        notes = (
            "no law holds, so that the exponent is that at the large end; model= of ltens.fit asks "
            "for a law.",
        )
    name = law.observations.table.axis or law.observations.table.label
    predicts = not isinstance(target, str)
    words = f"the loss at {name} {target:g}" if predicts else _WORDS[str(target)]
    return _Work(
        problem,
        {name: points},
        words=words,
        predicts=predicts,
        law=law,
        equal=_log_equal(points),
        notes=notes,
    )


_WORDS = {EXPONENT: "the exponent of the law", END: "the exponent at the large end"}


def _refuse_without_law(law: Law, target: str | float) -> None:
    if law.chosen is None and not isinstance(target, str):
        raise ValueError(
            f"target is {target:g}, a size whose loss is to be predicted, but no law holds that "
            "says it: give target='end', or fit with model=."
        )
    if target == EXPONENT and law.chosen is not None and law.chosen.model.exponent_at is None:
        raise ValueError(f"target is 'exponent', but it was given as {law.exponent:g}.")


def _of_surface(
    law: SurfaceLaw, target: Any, sizes: Any, cost: Cost | None, level: float, *, extend: bool
) -> _Work:
    if sizes is not None and not isinstance(sizes, Mapping):
        raise TypeError(
            f"sizes is {sizes!r:.60}, but must be a mapping of names to sizes for a surface."
        )
    if target == EXPONENT:
        target = f"alpha_{law.names[0]}"
    points = surface_points(law, sizes)
    product = np.prod(list(points.values()), axis=0)
    given: Any = product if cost is None else cost
    costs = costs_of(given(points) if callable(given) else given, product)
    problem = surface_problem(law, target, points, costs, level, extend=extend)
    predicts = isinstance(target, Mapping)
    words = (
        "the loss at " + ", ".join(f"{name} {value:g}" for name, value in target.items())
        if predicts
        else str(target)
    )
    everywhere = np.ones(len(costs))
    return _Work(problem, points, words=words, predicts=predicts, law=law, equal=everywhere)


def _log_equal(sizes: Floats, most: int = 8) -> Floats:
    """Return 1 at up to eight candidates nearest to log-equal sizes, 0 elsewhere (K,)."""
    wanted = np.geomspace(sizes[0], sizes[-1], min(most, len(sizes)))
    at = np.abs(np.log(sizes[:, None] / wanted)).argmin(axis=0)
    found = np.zeros(len(sizes))
    found[at] = 1.0
    return found


def _least_budget(problem: Problem) -> float:
    """Return what the cheapest three new candidates cost."""
    return float(np.sort(problem.costs)[:3].sum() * problem.fewest)


def _for_length(work: _Work, length: float) -> Ints:
    """Return the cheapest runs found whose expected interval is no longer than `length`."""
    problem, wanted = work.problem, length * work.unit
    nothing = np.zeros(len(problem.costs), np.int64)
    now = problem.length(nothing.astype(np.float64))
    if now <= wanted:
        raise ValueError(
            f"length is {length:g}, but that of {work.words} is expected to be "
            f"{now / work.unit:.3g} already without further runs."
        )
    low, high, found = 0.0, _least_budget(problem), nothing
    first = high
    while problem.length((found := best_runs(problem, high)).astype(np.float64)) > wanted:
        low, high = high, 4 * high
        if high > _MOST_TIMES * first:
            best = problem.length(found.astype(np.float64)) / work.unit
            raise ValueError(
                f"length is {length:g}, but {low:.3g} spent on further runs still leaves "
                f"{best:.3g}: allow other sizes, or a longer interval."
            )
    while low > 0 and high / low > 1 + _NEAR:
        middle = float(np.sqrt(low * high))
        tried = best_runs(problem, middle)
        if problem.length(tried.astype(np.float64)) <= wanted:
            high, found = middle, tried
        else:
            low = middle
    return found
