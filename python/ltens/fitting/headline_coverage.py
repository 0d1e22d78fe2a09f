"""How often what a fit says first is true, over curves of every shape.

``python -m ltens.fitting headline`` prints the tables of docs/results/coverage.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from .. import tables
from .._typing import Floats
from .bends import SLOPE_TOLERANCE
from .coverage import NOISES, RANGE
from .fit_losses import fit
from .law import Law
from .planted_truths import FAMILIES, Curve, Family

_NOISES = {  # as in `NOISES`, with a factor
    "log-normal": ("log-normal", 0.6),
    "heavy tails": ("heavy tails (Student t, 3)", 0.6),
    "widening": ("log-normal, 5 times wider at the largest size", 0.4),
}
DESIGNS = ((6, 5), (8, 20), (12, 60), (16, 200))  # sizes and seeds
_SPAN = 100.0


@dataclass
class Tally:
    """Counts over trials.

    Attributes
    ----------
    trials : int
    covered : int
        Intervals of the exponent at the large end that hold the exponent of the curve itself.
    before : int
        Intervals of a power law with a floor through all sizes that hold it.
    claimed, wrong : int
        Laws said to hold; of those, curves whose exponent between two neighbouring sizes is not the
        law's within the tolerance.
    predicted, runs : int
        Predictions at a size within the range, drawn at random, that hold the curve, and a new run.
    """

    trials: int = 0
    covered: int = 0
    before: int = 0
    claimed: int = 0
    wrong: int = 0
    predicted: int = 0
    runs: int = 0


def trials_of(
    family: Family, sizes: int, seeds: int, noise: str, *, trials: int, rng: int = 0
) -> Tally:
    """Return the counts of one family and design.

    Examples
    --------
    >>> from ltens.fitting.planted_truths import FAMILIES
    >>> tally = trials_of(FAMILIES[0], 6, 20, "log-normal", trials=20)
    >>> tally.trials, tally.covered >= 15
    (20, True)
    """
    generator, tally = np.random.default_rng(rng), Tally()
    name, factor = _NOISES[noise]
    n = np.geomspace(1, _SPAN, sizes)
    for _ in range(trials):
        curve = family.draw(generator)
        errors = np.clip(factor * NOISES[name](generator, sizes, seeds), -RANGE, RANGE)
        losses = np.exp(np.log(curve(n))[:, None] + errors)
        law = fit(n, losses, bootstrap=0)
        forced = fit(n, losses, model="power_law_floor", bootstrap=0)
        truth = _exponent(n, curve, law)
        tally.trials += 1
        tally.covered += law.end.low <= truth <= law.end.high
        tally.before += forced.interval()[0] <= truth <= forced.interval()[1]
        tally.claimed += law.holds
        tally.wrong += law.holds and _leaves(law, curve)
        low, high = np.log(_inside(law))
        inside = np.exp(generator.uniform(low, high, size=1))
        expected, value = law.predict(inside, interval=0.95), curve(inside)[0]
        new = value * np.exp(_at(inside[0], noise, generator))
        tally.predicted += bool(expected.low[0] <= value <= expected.high[0])
        tally.runs += bool(expected.run_low[0] <= new <= expected.run_high[0])
    return tally


def _exponent(n: Floats, curve: Curve, law: Law) -> float:
    """Return the exponent of the curve itself over the law's large end."""
    return float(law.slopes.weights(*law.slopes.end) @ np.log(curve(n)))


def _inside(law: Law) -> tuple[float, float]:
    """Return the sizes that predictions are tested between: those of the law, or all."""
    return (law.range[0] if law.holds else float(law.sizes[0])), float(law.sizes[-1])


def _at(size: float, noise: str, rng: np.random.Generator) -> float:
    """Return the noise of log loss of one run at a size."""
    name, factor = _NOISES[noise]
    share = np.log(size) / np.log(_SPAN)
    wide = 301
    drawn = NOISES[name](rng, wide, 1)[round(share * (wide - 1)), 0]
    return float(np.clip(factor * drawn, -RANGE, RANGE))


def _leaves(law: Law, curve: Curve) -> bool:
    """Return whether between neighbouring sizes the exponent of the curve is not the law's."""
    n = law.sizes[law.start :]
    of_curve, of_law = (np.diff(np.log(each)) / np.diff(np.log(n)) for each in _both(law, curve))
    room = SLOPE_TOLERANCE * np.maximum(np.abs(of_law), 0.25 * abs(law.exponent))
    return bool((np.abs(of_curve - of_law) > room).any())


def _both(law: Law, curve: Curve) -> tuple[Floats, Floats]:
    n = law.sizes[law.start :]
    return curve(n), law.predict(n)


def by_family(
    trials: int, families: Iterable[Family] = FAMILIES, rng: int = 0
) -> Iterator[tuple[Family, str, tuple[int, int], Tally]]:
    """Yield the counts of every family, noise and design."""
    for i, family in enumerate(families):
        for noise in _NOISES:
            for sizes, seeds in DESIGNS:
                key = rng + 1000 * i + sizes
                tally = trials_of(family, sizes, seeds, noise, trials=trials, rng=key)
                yield family, noise, (sizes, seeds), tally


def markdown(rows: Iterable[tuple[Family, str, tuple[int, int], Tally]]) -> str:
    """Return a table in per cent: a row for each family, each noise, each design, and for all."""
    heads = [
        "curves",
        "trials",
        "large end covered",
        "a floor law's interval covers it",
        "law claimed",
        "claimed beyond the tolerance",
        "prediction covered",
        "new run covered",
    ]
    together: dict[str, Tally] = {}
    for family, noise, (sizes, seeds), tally in rows:
        for key in (family.name, f"all, {noise}", f"all, {sizes} sizes × {seeds}", "all"):
            total = together.setdefault(key, Tally())
            for name, value in vars(tally).items():
                setattr(total, name, getattr(total, name) + value)
    names = sorted(together, key=lambda name: name.startswith("all"))
    return tables.markdown(heads, [[name, *_per_cent(together[name])] for name in names])


def _per_cent(tally: Tally) -> list[str]:
    return [str(tally.trials), *(f"{100 * each / tally.trials:.1f}" for each in _shown(tally))]


def _shown(tally: Tally) -> tuple[int, ...]:
    law = (tally.covered, tally.before, tally.claimed, tally.wrong)
    return (*law, tally.predicted, tally.runs)
