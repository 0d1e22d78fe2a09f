"""How often planted curves are said to collapse, or not.

``python -m ltens.fitting collapse`` prints the table of docs/results/coverage.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from ... import tables
from ...validation import integer
from .fit_trainings import fit_histories
from .normalised import NormalisedCurves
from .planted import PlantedHistories

_LIMIT = 0.1  # planted
_MANY = 2000  # trainings of each size, whose ratio stands for that of infinitely many


@dataclass(frozen=True)
class CollapseCoverage:
    """What was said of planted trainings.

    Attributes
    ----------
    planted : PlantedHistories
        A horizon of alpha / beta = 1.6 makes them collapse by construction.
    fitted : bool
        The limit is fitted, not known.
    trials : int
    ratio : float
        Of so many trainings that nothing is left to chance, by the planted limit.
    median : float
        Of the trials.
    covered : float
        How often the 95 % interval holds `ratio`.
    below, above : float
        How often a supercollapse is claimed, and how often that there is none.
    differ : float
        How often the curves are said to depend on the size.
    """

    planted: PlantedHistories = field(default_factory=PlantedHistories)
    fitted: bool = False
    trials: int = 0
    ratio: float = 0.0
    median: float = 0.0
    covered: float = 0.0
    below: float = 0.0
    above: float = 0.0
    differ: float = 0.0


def measure_collapse(
    planted: PlantedHistories, *, fitted: bool, trials: int = 200, rng: int = 0
) -> CollapseCoverage:
    """Count what is said of planted trainings.

    Examples
    --------
    >>> found = measure_collapse(PlantedHistories(horizon=1.6), fitted=False, trials=4)
    >>> 0.8 < found.ratio < 1.0
    True
    """
    count = integer(trials, "trials", minimum=1)
    ratio = _ratio(replace(planted, seeds=_MANY), rng)
    given = None if fitted else _LIMIT
    found = [
        fit_histories(planted.data(rng + 1 + i), discard=0.0, bootstrap=0).collapse(given)
        for i in range(count)
    ]
    ends = np.array([each.interval for each in found])
    verdicts = [each.holds for each in found]
    return CollapseCoverage(
        planted,
        fitted,
        count,
        ratio,
        float(np.median([each.ratio for each in found])),
        float(((ends[:, 0] <= ratio) & (ratio <= ends[:, 1])).mean()),
        verdicts.count(True) / count,
        verdicts.count(False) / count,
        float(np.mean([each.p_value <= 1 - each.level for each in found])),
    )


def _ratio(many: PlantedHistories, rng: int) -> float:
    noise = many.noises(np.random.default_rng(rng), 1)[0]
    losses = (many.losses() * np.exp(noise)).reshape(many.trainings, -1)
    return NormalisedCurves(losses, _LIMIT, np.repeat(np.arange(many.sizes), many.seeds)).ratio


def by_collapse(trials: int) -> list[CollapseCoverage]:
    """Return the rows of docs/results/coverage.md."""
    together = [
        PlantedHistories(seeds=seeds, noise=noise, horizon=1.6)
        for noise in ("offset and AR(1)", "random walk", "heavy-tailed offset")
        for seeds in (3, 8)
    ]
    apart = [PlantedHistories(seeds=3, horizon=horizon) for horizon in (1.5, 1.2, 0.0)]
    return [
        measure_collapse(planted, fitted=fitted, trials=trials, rng=10_000 * row)
        for row, (planted, fitted) in enumerate(
            (planted, fitted)
            for planted in (*together, *apart)
            for fitted in (False, True)
            if not (fitted and planted.seeds > 3)  # the limit is what costs, not the seeds
        )
    ]


def collapse_markdown(rows: list[CollapseCoverage]) -> str:
    """Return the results as a Markdown table, shares in percent."""
    columns = {
        "T ∝ N to the power": "{horizon:g}",
        "sizes × seeds": "{sizes} × {seeds}",
        "noise": "{noise}",
        "limit": "{limit}",
        "ratio": "{ratio:.2f}",
        "median": "{median:.2f}",
        "covered": "{covered:.1f}",
        "supercollapse": "{below:.1f}",
        "none": "{above:.1f}",
        "depend on the size": "{differ:.1f}",
    }
    shares = ("covered", "below", "above", "differ")
    records = [
        {
            **vars(row.planted),
            "limit": "fitted" if row.fitted else "known",
            "ratio": row.ratio,
            "median": row.median,
            **{name: 100 * getattr(row, name) for name in shares},
        }
        for row in rows
    ]
    return tables.markdown(*tables.formatted(records, columns))
