"""How often `classify` is right: curves with noise, and the tables of verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from ..._typing import Ints
from ...tables import markdown
from ...validation import integer
from .classifier import classify
from .definition import VERDICTS
from .planted_curves import CURVES, UNLIMITED, Curve
from .random_families import FAMILIES, drawn_curve

_OUTCOMES = 3  # right, undecided, wrong


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
    span: float = 100.0
    replicates: int = 5
    noise: float = 0.05
    known: bool = True

    def __str__(self) -> str:
        return f"{self.sizes} sizes × {self.replicates}, noise {self.noise:g}"


DESIGNS = tuple(
    Design(sizes, 100.0, replicates, noise)
    for sizes, replicates, noise in (
        (8, 1, 0.0),
        (6, 1, 0.02),
        (8, 5, 0.05),
        (8, 10, 0.3),
        (12, 20, 0.1),
    )
)


def drawn_design(rng: np.random.Generator) -> Design:
    """Return a design drawn at random.

    6 to 16 sizes over a factor 20 to 2000, 1 to 20 replicates, noise of 0 to 30 %.
    """
    return Design(
        int(rng.integers(6, 17)),
        float(np.exp(rng.uniform(np.log(20), np.log(2000)))),
        int(rng.integers(1, 21)),
        float(rng.uniform(0, 0.3)),
    )


@dataclass(frozen=True, eq=False)
class Counts:
    """Verdicts on the curves of one kind.

    Attributes
    ----------
    name : str
    known : bool
        Whether `classify` was told the limit.
    verdicts : (5,) int64
        In the order of `VERDICTS`.
    outcomes : (3,) int64
        Right, undecided though there was a truth, wrong.
    """

    name: str
    known: bool
    verdicts: Ints
    outcomes: Ints

    @property
    def wrong(self) -> float:
        """Share of verdicts that are neither right nor "undecided"."""
        return float(self.outcomes[2] / self.outcomes.sum())


def count(name: str, cases: Iterable[tuple[Curve, Design]], *, known: bool, rng: int = 0) -> Counts:
    """Classify each curve as its design samples it, the noise log-normal with mean 1.

    Parameters
    ----------
    name : str
    cases : iterable of (Curve, Design)
    known : bool
        Whether `classify` is told the limit.
    rng : int
        Draws the noise.

    Examples
    --------
    >>> from ltens.regimes.classification.planted_curves import CURVES
    >>> count("x^-0.5", [(CURVES[5], Design())], known=True).outcomes
    array([1, 0, 0])
    """
    random = np.random.default_rng(rng)
    verdicts = np.zeros(len(VERDICTS), dtype=np.int64)
    outcomes = np.zeros(_OUTCOMES, dtype=np.int64)
    for curve, design in cases:
        found = _verdict(curve, replace(design, known=known), random)
        verdicts[VERDICTS.index(found)] += 1
        right = found in (curve.truth, *curve.also)
        outcomes[0 if right else 1 if found == "undecided" else 2] += 1
    return Counts(name, known, verdicts, outcomes)


def by_family(
    trials: int = 20,
    rng: int = 0,
    *,
    design: Design | None = None,
    families: Iterable[str] = FAMILIES,
) -> list[Counts]:
    """Return the counts of each family, limit known and fitted, of curves drawn at random.

    Parameters
    ----------
    trials : int
        Curves of each family.
    rng : int
        Draws curves, designs and noise.
    design : Design, optional
        One for all; drawn for each curve by default.
    families : iterable of str

    Examples
    --------
    >>> [(row.name, row.known) for row in by_family(1, families=["power"])]
    [('power', True), ('power', False)]
    """
    found = []
    for name in families:
        place = list(FAMILIES).index(name)
        for known in (True, False):
            random = np.random.default_rng([rng, place, known])
            cases = []
            for _ in range(integer(trials, "trials", minimum=1)):
                chosen = design or drawn_design(random)
                cases.append((drawn_curve(name, chosen.span, random), chosen))
            seed = int(random.integers(2**31))
            found.append(count(name, cases, known=known, rng=seed))
    return found


def planted(
    design: Design, trials: int = 10, rng: int = 0, *, curves: Iterable[Curve] = CURVES
) -> list[Counts]:
    """Return the counts of each planted curve, the noise drawn anew `trials` times.

    Examples
    --------
    >>> planted(Design(noise=0.02), 1)[0].name
    'E + A/x, E a tenth at the start'
    """
    return [
        count(curve.name, [(curve, design)] * trials, known=known, rng=rng + i)
        for i, curve in enumerate(curves)
        for known in (True, False)
    ]


def pooled(name: str, rows: Iterable[Counts]) -> list[Counts]:
    """Return the sums over all rows, limit known and fitted."""
    kept = list(rows)
    return [
        Counts(
            name,
            known,
            sum((row.verdicts for row in kept if row.known == known), np.zeros(5, np.int64)),
            sum((row.outcomes for row in kept if row.known == known), np.zeros(3, np.int64)),
        )
        for known in (True, False)
    ]


def short_table(rows: Iterable[Counts], head: str = "curves") -> str:
    """Return right / undecided / wrong in per cent: a row per name, limit known and fitted."""
    cells: dict[str, dict[bool, str]] = {}
    for row in rows:
        cells.setdefault(row.name, {})[row.known] = " / ".join(_per_cent(row.outcomes))
    lines = [[name, each.get(True, ""), each.get(False, "")] for name, each in cells.items()]
    return markdown([head, "limit known", "limit fitted"], lines)


def long_table(rows: Iterable[Counts], head: str = "curves") -> str:
    """Return the confusion table: a row per name and kind of limit, verdicts in per cent."""
    lines = [
        [row.name, "known" if row.known else "fitted", *_per_cent(row.verdicts)] for row in rows
    ]
    return markdown([head, "limit", *VERDICTS], lines)


def _per_cent(counts: Ints) -> list[str]:
    return [f"{100 * n / max(counts.sum(), 1):.3g}" for n in counts]


def _verdict(curve: Curve, design: Design, rng: np.random.Generator) -> str:
    x = np.round(curve.smallest * np.geomspace(1, design.span, design.sizes))
    shape = (design.sizes, design.replicates)
    logs = design.noise * rng.standard_normal(shape) - design.noise**2 / 2
    known = design.known and curve.name not in UNLIMITED
    losses = curve.loss(x)[:, None] * np.exp(logs)
    return classify(x, losses, curve.limit if known else None).verdict
