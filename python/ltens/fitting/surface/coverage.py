"""Planted surfaces, to count how often the profile intervals hold what was put in.

``python -m ltens.fitting surface`` prints the table of docs/results/coverage.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ... import tables
from ..._typing import Floats, Ints
from ...validation import integer, one_of
from .calibration import allowed_rise
from .columns import Table, read
from .form import Form
from .one_run import tails, widened
from .profile import profile_ends
from .published import families, intervals
from .quantities import Frontiers, LogLosses, Quantities
from .search import Fitted, fit_rows

# Besiroglu et al., arXiv 2404.10102, table 1; their budgets, and noise of their mean |residual|.
COEFFICIENTS = {"A": 477.8, "B": 2143.9, "alpha": 0.3473, "beta": 0.3672, "E": 1.8172}
_BUDGETS = (6e18, 1e19, 3e19, 6e19, 1e20, 3e20, 6e20, 1e21, 3e21)
_NOISE = 0.0047
_TRAINING = 0.01  # of log loss, from training to training
_AT_ONCE = 50  # trials

NOISES: dict[str, Callable[[np.random.Generator, tuple[int, int]], Floats]] = {
    "Laplace": lambda rng, shape: rng.laplace(scale=_NOISE, size=shape),
    "normal": lambda rng, shape: _NOISE * np.sqrt(np.pi / 2) * rng.normal(size=shape),
    "Student t, 3": lambda rng, shape: _NOISE * rng.standard_t(3, size=shape),
}


@dataclass(frozen=True)
class SurfaceExperiment:
    """Runs planted along a surface.

    Attributes
    ----------
    design : {"9 budgets x 27", "5 budgets x 8", "3 variables, 120 runs", "22 trainings x 35"}
    noise : str
        A key of `NOISES`, of log loss; a training also has a shift of its own.
    huber : float or None
    by_training : bool
        The fit is told which rows belong to one training.
    floor : float
        Planted E.
    """

    design: str = "9 budgets x 27"
    noise: str = "Laplace"
    huber: float | None = 1e-3
    by_training: bool = False
    floor: float = COEFFICIENTS["E"]

    def table(self) -> tuple[Table, Ints | None]:
        """Return the runs without noise, and the training of each row if rows share one."""
        columns, trainings = DESIGNS[one_of(self.design, tuple(DESIGNS), "design")]()
        part = 600 / columns["other"] ** 0.3 if "other" in columns else 0.0
        loss = self.floor + part
        for name, letters in (("params", ("A", "alpha")), ("tokens", ("B", "beta"))):
            amplitude, exponent = (COEFFICIENTS[letter] for letter in letters)
            loss = loss + amplitude / columns[name] ** exponent
        return read(columns, loss, None, trainings if self.by_training else None), trainings


@dataclass(frozen=True)
class SurfaceCoverage:
    """How often nominal intervals held what was planted.

    Attributes
    ----------
    covered : dict
        The share of trials by quantity; "prediction" is the loss at ten times the largest sizes,
        "new run" that of one more run there, "frontier" the best size at a hundred times the
        largest compute.
    lengths : dict
        Median lengths, of "prediction" and "frontier" in log units.
    """

    experiment: SurfaceExperiment
    trials: int
    level: float
    covered: dict[str, float]
    lengths: dict[str, float]

    @property
    def standard_error(self) -> float:
        """Return the binomial standard error of a share if the truth is `level`."""
        return float(np.sqrt(self.level * (1 - self.level) / self.trials))


def measure_surface_coverage(
    experiment: SurfaceExperiment, *, trials: int = 400, level: float = 0.95, rng: int = 0
) -> SurfaceCoverage:
    """Repeat an experiment and count how often each profile interval holds the planted value.

    Fits begin at the planted coefficients; that a grid finds the same minima is tested elsewhere.

    Examples
    --------
    >>> found = measure_surface_coverage(SurfaceExperiment("5 budgets x 8", huber=None), trials=20)
    >>> found.covered["alpha_params"] > 0.7
    True
    """
    count = integer(trials, "trials", minimum=1)
    noise = NOISES[one_of(experiment.noise, tuple(NOISES), "noise")]
    generator, fresh = np.random.default_rng(rng), np.random.default_rng([rng, 1])
    table, trainings = experiment.table()
    planted = _planted(experiment, table)
    held: dict[str, list[NDArray[np.bool_]]] = {}
    lengths: dict[str, list[Floats]] = {}
    for start in range(0, count, _AT_ONCE):
        size = min(_AT_ONCE, count - start)
        noisy = noise(generator, (size, len(table.losses)))
        if trainings is not None:
            shifts = _TRAINING * generator.normal(size=(size, int(trainings.max()) + 1))
            noisy = noisy + shifts[:, trainings]
        y = planted.y + noisy[:, table.order]
        begin = np.repeat(planted.theta[None], size, axis=0)
        fitted = fit_rows(planted.surface, y, np.ones_like(y), experiment.huber, begin)
        found = _intervals(fitted, planted, table, level)
        low, high, law = found["prediction"]
        point = _extrapolations(fitted, table)["prediction"]
        middle = point.of(fitted.theta, np.zeros(size, np.int64))
        run = law + noise(fresh, (size, 1))[:, 0]
        if trainings is not None:
            run += _TRAINING * fresh.normal(size=size)
        found["new run"] = (*widened(middle, low, high, _scatter(fitted, table, level)), run)
        for name, (low, high, truth) in found.items():
            held.setdefault(name, []).append((low <= truth) & (truth <= high))
            lengths.setdefault(name, []).append(high - low)
    covered = {name: float(np.concatenate(parts).mean()) for name, parts in held.items()}
    medians = {name: float(np.median(np.concatenate(parts))) for name, parts in lengths.items()}
    return SurfaceCoverage(experiment, count, level, covered, medians)


def _planted(experiment: SurfaceExperiment, table: Table) -> Fitted:
    y = (np.log(table.losses)[table.order] - table.unit)[None]
    return fit_rows(Form(table.names).surface(table), y, np.ones_like(y), experiment.huber)


def _intervals(
    fitted: Fitted, planted: Fitted, table: Table, level: float
) -> dict[str, tuple[Floats, Floats, float | Floats]]:
    """Return the low and high ends (B,) and the planted value of each quantity."""
    found: dict[str, tuple[Floats, Floats, float | Floats]] = {}
    for family in families(fitted, table):
        truth = family.values(planted.theta)
        for name, (low, high) in intervals(fitted, table, family, level).items():
            found[name] = low, high, float(truth[name][0])
    units = None if table.trainings is None else table.trainings[table.order]
    for name, quantities in _extrapolations(fitted, table).items():
        low, high = profile_ends(fitted, quantities, allowed_rise(fitted, quantities, level, units))
        value = quantities.of(planted.theta, np.zeros(1, np.int64))
        found[name] = low[:, 0], high[:, 0], float(value[0])
    return found


def _scatter(fitted: Fitted, table: Table, level: float) -> tuple[Floats, Floats]:
    """Return how far below and above the law a new run of each problem lies at most, (B,) each."""
    units = None if table.trainings is None else table.trainings[table.order]
    found = [tails(fitted.only(at), units, level) for at in range(len(fitted.theta))]
    below, above = np.array(found).T
    return below, above


def _extrapolations(fitted: Fitted, table: Table) -> dict[str, Quantities]:
    far = table.logs.max(axis=1, keepdims=True) + np.log(10)
    budget = (table.logs[0] + table.logs[1]).max() + np.log(100)
    surface = fitted.surface
    return {
        "prediction": LogLosses(surface, far, np.zeros(1, np.int64)),
        "frontier": Frontiers(surface, (0, 1), np.array([budget]), 0),
    }


def _budgets(budgets: tuple[float, ...], each: int) -> dict[str, Floats]:
    """Return sizes about the best at each budget, as in an IsoFLOP design."""
    around = np.geomspace(0.15, 6, each)
    params = np.concatenate([0.07 * budget**0.514 * around for budget in budgets])
    return {"params": params, "tokens": np.repeat(budgets, each) / 6 / params}


def _scattered() -> dict[str, Floats]:
    rng = np.random.default_rng(0)
    low, high = np.log([[1e7, 1e9, 1e6], [1e10, 1e12, 1e9]])
    points = np.exp(rng.uniform(low, high, size=(120, 3)))
    return dict(zip(("params", "tokens", "other"), points.T, strict=True))


def _checkpoints() -> dict[str, Floats]:
    params, tokens = np.meshgrid(np.geomspace(1e7, 1e10, 22), np.geomspace(1e9, 1e11, 35))
    return {"params": params.T.ravel(), "tokens": tokens.T.ravel()}


DESIGNS: dict[str, Callable[[], tuple[dict[str, Floats], Ints | None]]] = {
    "9 budgets x 27": lambda: (_budgets(_BUDGETS, 27), None),
    "5 budgets x 8": lambda: (_budgets(_BUDGETS[::2], 8), None),
    "3 variables, 120 runs": lambda: (_scattered(), None),
    "22 trainings x 35": lambda: (_checkpoints(), np.repeat(np.arange(22), 35)),
}


def surface_experiments() -> list[SurfaceExperiment]:
    """Return the experiments of docs/results/coverage.md."""
    found = [
        SurfaceExperiment(design, noise, huber)
        for design in ("9 budgets x 27", "5 budgets x 8")
        for noise in NOISES
        for huber in (1e-3, None)
    ]
    found.append(SurfaceExperiment("3 variables, 120 runs", "normal"))
    found.append(SurfaceExperiment("9 budgets x 27", floor=0.0))
    found += [
        SurfaceExperiment("22 trainings x 35", by_training=flag, huber=huber)
        for flag in (True, False)
        for huber in (1e-3, None)
    ]
    return found


def surface_markdown(rows: list[SurfaceCoverage]) -> str:
    """Return the results as a Markdown table, shares in percent."""
    names = {
        "alpha_params": "α",
        "alpha_tokens": "β",
        "A_params": "A",
        "A_tokens": "B",
        "E": "E",
        "allocation": "β / (α + β)",
        "prediction": "prediction",
        "frontier": "frontier",
        "new run": "new run",
    }
    heads = ["runs", "noise", "E", "objective", "fitted by", *names.values(), "length of α"]
    cells = [
        [
            row.experiment.design.replace(" x ", " × "),
            row.experiment.noise,
            f"{row.experiment.floor:g}",
            "squares" if row.experiment.huber is None else "Huber",
            "training" if row.experiment.by_training else "row",
            *(f"{100 * row.covered[name]:.1f}" for name in names),
            f"{row.lengths['alpha_params']:.3f}",
        ]
        for row in rows
    ]
    return tables.markdown(heads, cells)
