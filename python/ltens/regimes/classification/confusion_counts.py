"""How often `classify` is right: planted curves with noise, and the table of verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ..._typing import Ints
from ...tables import markdown
from ...validation import integer
from .classifier import classify
from .definition import VERDICTS
from .planted_curves import CURVES, UNLIMITED, Curve, drawn_curves


@dataclass(frozen=True)
class Design:
    """How a curve is sampled.

    Attributes
    ----------
    sizes : int
    span : float
        Largest over smallest size.
    replicates : int
    noise : float
        Standard deviation of log loss of one replicate.
    known : bool
        Whether `classify` is told the limit.
    """

    sizes: int = 8
    span: float = 64.0
    replicates: int = 10
    noise: float = 0.1
    known: bool = True

    def __str__(self) -> str:
        limit = "known" if self.known else "fitted"
        return f"{self.sizes} sizes × {self.replicates}, noise {self.noise:g}, limit {limit}"


_SAMPLED = ((8, 1, 0.0), (6, 1, 0.02), (8, 5, 0.05), (8, 10, 0.3), (12, 20, 0.1))
DESIGNS = tuple(
    Design(sizes, 100.0, replicates, noise, known)
    for known in (True, False)
    for sizes, replicates, noise in _SAMPLED
)


@dataclass(frozen=True, eq=False)
class Confusion:
    """Counts of verdicts.

    Attributes
    ----------
    curves : tuple of Curve
    counts : (C, 5) int64
        By curve and verdict, in the order of `VERDICTS`.
    """

    curves: tuple[Curve, ...]
    counts: Ints

    def by_truth(self) -> dict[str, Ints]:
        """Return the counts (5,) of each true regime."""
        truths = [curve.truth for curve in self.curves]
        return {
            truth: self.counts[[i for i, each in enumerate(truths) if each == truth]].sum(axis=0)
            for truth in VERDICTS
            if truth in truths
        }

    @property
    def wrong(self) -> float:
        """Share of verdicts that are neither right nor "undecided"."""
        right = sum(
            int(self.counts[i, VERDICTS.index(curve.truth)]) for i, curve in enumerate(self.curves)
        )
        unsaid = sum(
            int(self.counts[i, -1])
            for i, curve in enumerate(self.curves)
            if curve.truth != "undecided"
        )
        return 1 - (right + unsaid) / int(self.counts.sum())

    def markdown(self, *, each: bool = False) -> str:
        """Return a table in per cent: rows are true regimes, or curves."""
        head = ["truth", *(["curve"] if each else []), *VERDICTS]
        rows: list[tuple[list[str], Ints]]
        if each:
            rows = [
                ([c.truth, c.name], row) for c, row in zip(self.curves, self.counts, strict=True)
            ]
        else:
            rows = [([truth], row) for truth, row in self.by_truth().items()]
        return markdown(head, [[*names, *_per_cent(row)] for names, row in rows])


def confusion(
    design: Design | None = None,
    *,
    curves: Iterable[Curve] = CURVES,
    trials: int = 100,
    rng: int = 0,
) -> Confusion:
    """Classify each curve with noise drawn anew `trials` times.

    Parameters
    ----------
    design : Design
    curves : iterable of Curve
    trials : int
    rng : int
        Draws the noise, log-normal with mean 1.

    Returns
    -------
    Confusion

    Examples
    --------
    >>> from ltens.regimes.classification.planted_curves import CURVES
    >>> bool(confusion(Design(noise=0.02), curves=CURVES[:2], trials=5).wrong <= 0.2)
    True
    """
    chosen, planted = design or Design(), tuple(curves)
    count = integer(trials, "trials", minimum=1)
    counts = np.zeros((len(planted), len(VERDICTS)), dtype=np.int64)
    for i, curve in enumerate(planted):
        random = np.random.default_rng([rng, i])
        for _ in range(count):
            counts[i, VERDICTS.index(_verdict(curve, chosen, random))] += 1
    return Confusion(planted, counts)


Counted = tuple[str, Design, Confusion]


def by_design(
    trials: int = 30, rng: int = 0, *, designs: Iterable[Design] = DESIGNS
) -> list[Counted]:
    """Return ("planted" or "drawn", design, confusion) for every design.

    `trials` of each of `CURVES`, and twice as many of each regime from `drawn_curves`.

    Examples
    --------
    >>> counted = by_design(1, designs=[Design(noise=0.0, replicates=1)])
    >>> [name for name, _, _ in counted]
    ['planted', 'drawn']
    """
    drawn = drawn_curves(2 * trials, rng)
    found: list[Counted] = []
    for design in designs:
        # Without noise one trial says all.
        count = trials if design.noise else 1
        found.append(("planted", design, confusion(design, trials=count, rng=rng)))
        unseen = confusion(design, curves=drawn, trials=1, rng=rng + 1)
        found.append(("drawn", design, unseen))
    return found


def short_table(counted: Iterable[Counted]) -> str:
    """Return a row per design: for each true regime per cent right / undecided / wrong."""
    rows = []
    for name, design, found in counted:
        counts = found.by_truth()
        cells = [_right_and_wrong(truth, counts.get(truth)) for truth in VERDICTS]
        rows.append([name, design, *cells])
    return markdown(["curves", "design", *VERDICTS], rows)


def long_table(counted: Iterable[Counted]) -> str:
    """Return a row per design and true regime: verdicts in per cent."""
    rows = [
        [name, design, truth, *_per_cent(row)]
        for name, design, found in counted
        for truth, row in found.by_truth().items()
    ]
    return markdown(["curves", "design", "truth", *VERDICTS], rows)


def _per_cent(counts: Ints) -> list[str]:
    return [f"{100 * n / max(counts.sum(), 1):.0f}" for n in counts]


def _right_and_wrong(truth: str, row: Ints | None) -> str:
    if row is None:
        return ""
    right, unsaid = int(row[VERDICTS.index(truth)]), int(row[-1])
    open_ = "-" if truth == "undecided" else f"{100 * unsaid / row.sum():.0f}"
    wrong = int(row.sum()) - right - (0 if truth == "undecided" else unsaid)
    return f"{100 * right / row.sum():.0f} / {open_} / {100 * wrong / row.sum():.0f}"


def _verdict(curve: Curve, design: Design, rng: np.random.Generator) -> str:
    x = np.round(curve.smallest * np.geomspace(1, design.span, design.sizes))
    shape = (design.sizes, design.replicates)
    logs = design.noise * rng.standard_normal(shape) - design.noise**2 / 2
    known = design.known and curve.name not in UNLIMITED
    return classify(
        x, curve.loss(x)[:, None] * np.exp(logs), curve.limit if known else None
    ).verdict
