"""What is asked of a design: the problem, and what its answer is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..._typing import Floats, Ints
from ..law import Law
from ..surface import SurfaceLaw
from .calls import sweep_call
from .design import Design, PlannedRuns
from .whole_runs import Problem

LOG10 = float(np.log(10))


@dataclass(frozen=True, eq=False)
class Asked:
    """A problem with the words for its answer.

    Attributes
    ----------
    law : Law or SurfaceLaw
    problem : Problem
    points : mapping of str to (K,) float64
        The sizes of the candidates, by name.
    words : str
        What the interval is of.
    predicts : bool
        A loss, so that lengths are told in decades.
    equal : (K,) float64
        1 at the equally spaced candidates that the design is compared with, 0 elsewhere.
    notes : tuple of str
    """

    law: Law | SurfaceLaw
    problem: Problem
    points: Mapping[str, Floats]
    words: str
    predicts: bool
    equal: Floats
    notes: tuple[str, ...] = ()

    @property
    def unit(self) -> float:
        """Return what lengths are divided by to be told."""
        return LOG10 if self.predicts else 1.0

    def length(self, further: Ints) -> float:
        """Return the expected length after further runs (K,), as it is told."""
        return self.problem.length(further.astype(np.float64)) / self.unit

    def design(self, further: Ints) -> Design:
        """Return the design of further runs (K,)."""
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
            level=problem.level,
            cost=total,
            length=self.length(further),
            now=self.length(np.zeros_like(further)),
            equal=self._length_of_equal(total),
            notes=(*self.notes, *self._at_the_end(further)),
            call=sweep_call(self.law, rows) if isinstance(self.law, Law) else "",
        )

    def _length_of_equal(self, budget: float) -> float:
        """Return the length with equal spacing; infinite where that pays no run at each size."""
        each = np.floor(budget / float(self.equal @ self.problem.costs))
        return self.problem.length(each * self.equal) / self.unit if each else float("inf")

    def _at_the_end(self, further: Ints) -> tuple[str, ...]:
        """Return that larger sizes may be better still, where the largest gets runs."""
        if not isinstance(self.law, Law):
            return ()
        (values,) = self.points.values()
        if further[-1] and values[-1] <= self.law.sizes[-1]:
            return (
                f"the largest size allowed is {values[-1]:g}: sizes=(smallest, largest) allows "
                "larger ones, where the law must hold as well.",
            )
        return ()
