"""How often the intervals of whole trainings hold what was planted.

``python -m ltens.fitting histories`` prints the tables of docs/results/coverage.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ... import tables
from ..._typing import Floats, Ints
from ...validation import integer
from ..surface.calibration import allowed_rise, unit_shifts
from ..surface.columns import Table, read
from ..surface.form import Form
from ..surface.profile import profile_ends
from ..surface.quantities import Combinations, LogLosses
from ..surface.search import Fitted, fit_rows
from .discarding import SHARES, STABLE, steady
from .planted import PlantedHistories

_AT_ONCE = 50  # trials
_BEYOND = np.log([4.0, 10.0])  # of the largest size and the last step: where a loss is predicted
_SHOWN = {"alpha_width": "α", "alpha_step": "β", "E": "E", "prediction": "prediction"}


@dataclass(frozen=True)
class HistoryExperiment:
    """Planted trainings, and how they are fitted.

    Attributes
    ----------
    planted : PlantedHistories
    discard : "stable" or float
    by_training : bool
        Intervals are those of whole trainings; else every checkpoint is taken for a run.
    huber : float or None
    """

    planted: PlantedHistories = field(default_factory=PlantedHistories)
    discard: str | float = STABLE
    by_training: bool = True
    huber: float | None = None


@dataclass(frozen=True)
class HistoryCoverage:
    """How often nominal intervals held what was planted.

    Attributes
    ----------
    covered : dict
        The share of trials by quantity; "prediction" is the loss at 4 times the largest size and
        10 times the last step.
    length : float
        The median length of the interval of the step's exponent.
    shares : (T,) float64
        What was left out in each trial.
    """

    experiment: HistoryExperiment
    trials: int
    covered: dict[str, float]
    length: float
    shares: Floats


@dataclass(frozen=True, eq=False)
class _Problem:
    """The checkpoints that are left without a share, and the planted law there."""

    table: Table
    kept: Ints
    planted: Fitted

    def fit(self, noise: Floats, huber: float | None) -> Fitted:
        """Return the fits to the losses with noise (B, R of all)."""
        order = self.table.order
        y = np.log(self.table.losses)[order] - self.table.unit + noise[:, self.kept][:, order]
        begin = np.repeat(self.planted.theta[None], len(y), axis=0)
        return fit_rows(self.planted.surface, y, np.ones_like(y), huber, begin)


def measure_history_coverage(
    experiment: HistoryExperiment, *, trials: int = 400, level: float = 0.95, rng: int = 0
) -> HistoryCoverage:
    """Repeat an experiment and count how often each profile interval holds the planted value.

    Fits begin at the planted coefficients; that a grid finds the same minima is tested elsewhere.

    Examples
    --------
    >>> found = measure_history_coverage(HistoryExperiment(discard=0.2), trials=10)
    >>> found.covered["alpha_step"] > 0.5, set(found.shares)
    (True, {np.float64(0.2)})
    """
    count = integer(trials, "trials", minimum=1)
    generator = np.random.default_rng(rng)
    shares = SHARES if experiment.discard == STABLE else (float(experiment.discard),)
    problems = [_problem(experiment, share) for share in shares]
    held: dict[str, list[NDArray[np.bool_]]] = {}
    lengths, left = [], []
    for start in range(0, count, _AT_ONCE):
        noise = experiment.planted.noises(generator, min(_AT_ONCE, count - start))
        fits = [problem.fit(noise, experiment.huber) for problem in problems]
        chosen = _chosen(problems, fits)
        for at in np.unique(chosen):
            found = _intervals(problems[at], _some(fits[at], chosen == at), experiment, level)
            for name, (low, high, truth) in found.items():
                held.setdefault(name, []).append((low <= truth) & (high >= truth))
            low, high, _ = found["alpha_step"]
            lengths.append(high - low)
        left.append(np.array(shares)[chosen])
    covered = {name: float(np.concatenate(parts).mean()) for name, parts in held.items()}
    length = float(np.median(np.concatenate(lengths)))
    return HistoryCoverage(experiment, count, covered, length, np.concatenate(left))


def _problem(experiment: HistoryExperiment, share: float) -> _Problem:
    planted = experiment.planted
    columns, which = planted.columns()
    first = 1e-3 * columns["step"].reshape(planted.trainings, -1)[:, -1]  # three decades
    kept = np.flatnonzero(columns["step"] >= first[which] * 1000**share * (1 - 1e-12))
    some = {name: column[kept] for name, column in columns.items()}
    table = read(some, planted.losses()[kept], None, which[kept])
    # The planted law is the one without a transient.
    y = (np.log(planted.losses(0.0)[kept])[table.order] - table.unit)[None]
    surface = Form(table.names).surface(table)
    return _Problem(table, kept, fit_rows(surface, y, np.ones_like(y), None))


def _chosen(problems: list[_Problem], fits: list[Fitted]) -> Ints:
    """Return which share (B,) the rule takes in each trial."""
    points = []
    for problem, fitted in zip(problems, fits, strict=True):
        units = problem.table.units[problem.table.order]
        slots = np.unique(fitted.surface.layout.exponent)
        points.append((fitted.theta[:, slots], unit_shifts(fitted, units)[..., slots]))
    trials = len(fits[0].theta)
    return np.array([steady([(e[i], s[i]) for e, s in points]) for i in range(trials)])


def _some(fitted: Fitted, rows: NDArray[np.bool_]) -> Fitted:
    return Fitted(
        fitted.surface,
        fitted.y[rows],
        fitted.weights[rows],
        fitted.huber,
        fitted.theta[rows],
        fitted.cost[rows],
        fitted.converged[rows],
    )


def _intervals(
    problem: _Problem, fitted: Fitted, experiment: HistoryExperiment, level: float
) -> dict[str, tuple[Floats, Floats, float]]:
    """Return the low and high ends (B,) and the planted value of each quantity."""
    table, surface = problem.table, fitted.surface
    units = table.units[table.order] if experiment.by_training else None
    labels = surface.layout.labels
    names = [name for name in _SHOWN if name in labels]
    slots = [labels.index(name) for name in names]
    far = table.logs.max(axis=1, keepdims=True) + _BEYOND[:, None]
    found = {}
    for shown, quantities in (
        (names, Combinations(np.eye(len(labels))[slots])),
        (["prediction"], LogLosses(surface, far, np.zeros(1, np.int64))),
    ):
        rise = allowed_rise(fitted, quantities, level, units)
        low, high = profile_ends(fitted, quantities, rise)
        which = np.arange(quantities.count)
        truth = quantities.of(np.repeat(problem.planted.theta, len(which), axis=0), which)
        for i, name in enumerate(shown):
            found[name] = low[:, i], high[:, i], float(truth[i])
    return found


def history_experiments() -> list[HistoryExperiment]:
    """Return the experiments of docs/results/coverage.md."""
    found = [
        HistoryExperiment(PlantedHistories(noise=noise), discard, huber=huber)
        for noise in ("offset and AR(1)", "random walk", "heavy-tailed offset")
        for discard, huber in ((0.0, None), (STABLE, None), (0.0, 1e-3))
    ]
    found += [
        HistoryExperiment(PlantedHistories(sizes, seeds), 0.0)
        for sizes, seeds in ((5, 2), (12, 1), (8, 8))
    ]
    found += [
        HistoryExperiment(PlantedHistories(noise="random walk", horizon=1.0), 0.0),
        HistoryExperiment(PlantedHistories(transient=10.0), 0.0),
        HistoryExperiment(PlantedHistories(transient=10.0), STABLE),
        HistoryExperiment(PlantedHistories(transient=10.0), 0.6),
        HistoryExperiment(discard=0.0, by_training=False),
        HistoryExperiment(discard=0.0, by_training=False, huber=1e-3),
        HistoryExperiment(PlantedHistories(noise="random walk"), 0.0, by_training=False),
        HistoryExperiment(PlantedHistories(floor=0.0), 0.0),
    ]
    return found


def history_markdown(rows: list[HistoryCoverage]) -> str:
    """Return the results as a Markdown table, shares in percent."""
    heads = [
        "sizes × seeds", "noise", "E", "late by", "left out", "objective", "fitted by",
        *_SHOWN.values(), "length of β", "more than 0 left out",
    ]  # fmt: skip
    return tables.markdown(heads, [_cells(row) for row in rows])


def _cells(row: HistoryCoverage) -> list[str]:
    experiment, planted = row.experiment, row.experiment.planted
    discard = experiment.discard
    grows = f", T ∝ N^{planted.horizon:g}" if planted.horizon else ""
    return [
        f"{planted.sizes} × {planted.seeds}{grows}",
        planted.noise,
        f"{planted.floor:g}",
        f"{planted.transient:g}",
        discard if isinstance(discard, str) else f"{100 * discard:.0f} %",
        "squares" if experiment.huber is None else "Huber",
        "training" if experiment.by_training else "row",
        *(f"{100 * row.covered[name]:.1f}" for name in _SHOWN),
        f"{row.length:.3f}",
        f"{100 * (row.shares > 0).mean():.0f}" if discard == STABLE else "–",
    ]
