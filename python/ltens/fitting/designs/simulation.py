"""Designs against equally spaced sizes of the same cost: how long the intervals are, and how true.

``python -m ltens.fitting design`` prints the table of docs/guide/design.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ... import tables
from ..._typing import Floats, Ints
from ..fit_losses import fit_table
from ..law import Law
from ..loss_table import LossTable
from .designing import design_runs
from .surface_simulation import SurfaceDesignExperiment, surface_design_experiments

_SIZES = 8  # of the equally spaced designs


@dataclass(frozen=True)
class DesignExperiment:
    """Runs planted along (1 - floor) N^(-exponent) + floor, a pilot first, then a design.

    Attributes
    ----------
    name : str
    model : {"power_law", "power_law_floor"}
    target : "exponent", "end" or float
    exponent, floor : float
    noise : (float, float)
        Standard deviation of log loss at the smallest and the largest size of the pilot; a line
        of the logarithms in between.
    extend : bool
    same_cost : bool
        All runs cost the same; else in proportion to their size.
    largest : float
        Candidates go to it; the pilot to 64.
    """

    name: str
    model: str = "power_law"
    target: str | float = "exponent"
    exponent: float = 1.0
    floor: float = 0.0
    noise: tuple[float, float] = (0.4, 0.4)
    extend: bool = True
    same_cost: bool = False
    largest: float = 64.0
    budget: float = 20_000.0

    def truth(self, sizes: Floats) -> Floats:
        """Return the log losses planted (K,)."""
        return np.log((1 - self.floor) * sizes**-self.exponent + self.floor)

    def draw(self, sizes: Floats, runs: Ints, rng: np.random.Generator) -> list[Floats]:
        """Return the losses of so many runs at each size."""
        low, high = self.noise
        spread = low * (high / low) ** (np.log(sizes) / np.log(PILOT[-1]))
        pairs = zip(self.truth(sizes), spread, runs, strict=True)
        return [np.exp(m + s * rng.normal(size=int(n))) for m, s, n in pairs]

    def trial(self, rng: np.random.Generator) -> Floats:
        """Return ratio of lengths, expected over real length, and whether each held the truth."""
        pilot = self.draw(PILOT, np.full(len(PILOT), PILOT_SEEDS), rng)
        cost = np.ones_like if self.same_cost else None
        found = design_runs(
            _fitted(self, PILOT, pilot),
            budget=self.budget,
            target=self.target,
            sizes=(1, self.largest),
            cost=cost,
            extend=self.extend,
        )
        sizes = np.array([next(iter(row.sizes.values())) for row in found.rows])
        runs = np.array([row.runs for row in found.rows])
        spread = np.unique(np.round(np.geomspace(1, self.largest, _SIZES)))
        each = int(found.cost / (np.ones_like(spread) if cost else spread).sum())
        low, high, truth = _of_runs(self, pilot, sizes, runs, rng)
        equal = _of_runs(self, pilot, spread, np.full(len(spread), each), rng)
        return np.array(
            [
                (high - low) / (equal[1] - equal[0]),
                found.length / (high - low),
                low <= truth <= high,
                equal[0] <= equal[2] <= equal[1],
            ]
        )


PILOT = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0])
PILOT_SEEDS = 20


def design_experiments() -> list[DesignExperiment | SurfaceDesignExperiment]:
    """Return the experiments of the table."""
    floor: dict[str, Any] = {"model": "power_law_floor", "floor": 0.01}
    return [
        DesignExperiment("power law: exponent"),
        DesignExperiment("power law: exponent, from scratch", extend=False),
        DesignExperiment("power law: exponent at the large end", target="end"),
        DesignExperiment("floor: exponent", **floor),
        DesignExperiment("floor: exponent, from scratch", extend=False, **floor),
        DesignExperiment(
            "floor: exponent, all runs cost the same", same_cost=True, budget=1000, **floor
        ),
        DesignExperiment(
            "floor: exponent, noise 4 times wider at N = 64", noise=(0.2, 0.8), **floor
        ),
        DesignExperiment("floor: loss at N = 1000", target=1000.0, **floor),
        DesignExperiment(
            "floor: loss at N = 1000, sizes up to 256", target=1000.0, largest=256.0, **floor
        ),
        *surface_design_experiments(),
    ]


@dataclass(frozen=True)
class DesignOutcome:
    """What the trials of an experiment gave.

    Attributes
    ----------
    experiment : DesignExperiment or SurfaceDesignExperiment
    trials : int
    ratio : float
        Median over trials of the interval's length over that of equally spaced sizes.
    expected : float
        Median of the length that was expected over the length there was.
    covered, equal_covered : float
        Shares of the 95 % intervals that held the truth.
    """

    experiment: DesignExperiment | SurfaceDesignExperiment
    trials: int
    ratio: float
    expected: float
    covered: float
    equal_covered: float


def measure_design(
    experiment: DesignExperiment | SurfaceDesignExperiment, *, trials: int, rng: int = 0
) -> DesignOutcome:
    """Repeat pilot, design and final runs; beside them runs at equally spaced sizes.

    Examples
    --------
    >>> found = measure_design(DesignExperiment("short"), trials=5)
    >>> found.ratio < 1
    True
    """
    generator = np.random.default_rng(rng)
    rows = np.array([experiment.trial(generator) for _ in range(trials)])
    ratio, expected = np.median(rows[:, :2], axis=0)
    covered, equal = rows[:, 2:].mean(axis=0)
    return DesignOutcome(
        experiment, trials, float(ratio), float(expected), float(covered), float(equal)
    )


def _of_runs(
    experiment: DesignExperiment,
    pilot: list[Floats],
    sizes: Floats,
    runs: Ints,
    rng: np.random.Generator,
) -> tuple[float, float, float]:
    """Return the interval after further runs, and the truth."""
    rows = dict(zip(PILOT, pilot, strict=True)) if experiment.extend else {}
    for size, more in zip(sizes, experiment.draw(sizes, runs, rng), strict=True):
        rows[size] = np.concatenate([rows[size], more]) if size in rows else more
    order = np.array(sorted(rows))
    law = _fitted(experiment, order, [rows[size] for size in order])
    if experiment.target == "end":
        weights = law.slopes.weights(*law.slopes.end)
        return law.end.low, law.end.high, float(weights @ experiment.truth(order))
    if experiment.target == "exponent":
        return *law.interval(), experiment.exponent
    at = np.array([float(experiment.target)])
    ends = law.predict(at, interval=0.95)
    return (
        float(np.log10(ends.low[0])),
        float(np.log10(ends.high[0])),
        float(experiment.truth(at)[0] / np.log(10)),
    )


def _fitted(experiment: DesignExperiment, sizes: Floats, losses: list[Floats]) -> Law:
    return fit_table(LossTable(sizes, tuple(losses)), model=experiment.model, bootstrap=0)


def design_markdown(rows: list[DesignOutcome]) -> str:
    """Return the table of outcomes as Markdown."""
    heads = ["", "length: design / equal", "expected / real", "held, design", "held, equal"]
    return tables.markdown(
        heads,
        [
            [
                row.experiment.name,
                f"{row.ratio:.2f}",
                f"{row.expected:.2f}",
                f"{100 * row.covered:.1f} %",
                f"{100 * row.equal_covered:.1f} %",
            ]
            for row in rows
        ],
    )
