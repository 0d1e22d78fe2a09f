"""How often the intervals of a squared bias and of its share hold the truth, near zero above all.

Planted errors first; then trained networks, drawn with replacement from an ensemble whose own bias
and variance are the truth.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import stats

from ..._typing import Floats
from ...tables import formatted, markdown
from ...tickets import BiasVariance
from ...tickets.moments import from_residuals
from ...tickets.outliers import DEAD
from ..effort import Effort
from .ensembles import Ensemble, train_protocol
from .records import Record, save

SEEDS = 60
SHARES = (0.0, 0.03, 0.08, 0.3)
_DIRECTIONS = 30
_TRAINED = (("relu", 80), ("relu", 20), ("silu", 5))
Draw = Callable[[np.random.Generator, int], Floats]


def make(effort: Effort) -> str:
    """Return the table: 200 trials for each line, 20 if quick."""
    trials = 20 if effort.quick else 200
    records = [planted(kind, share, trials) for kind in KINDS for share in SHARES]
    data = train_protocol("doubled", effort)
    records += [
        trained(data[activation], activation, n, trials)
        for activation, n in _TRAINED
        if n in data[activation].nets
    ]
    save(records, effort.table("coverage"))
    columns = {
        "errors": "{errors}",
        "share": "{truth:.2f}",
        "bias²: holds": "{bias2:.1%}",
        "share: holds": "{share:.1%}",
        "jackknife alone, bias²": "{bias2_student:.1%}",
        "share ": "{share_student:.1%}",
        "ends at 0": "{bounds:.0%}",
    }
    return markdown(*formatted(records, columns)) + "\n"


def _spectrum(power: float) -> Floats:
    size = np.arange(1, _DIRECTIONS + 1) ** -power
    return np.asarray(np.sqrt(size / size.sum()))


def _normal(power: float) -> Draw:
    return lambda rng, count: rng.normal(size=(count, _DIRECTIONS)) * _spectrum(power)


def _heavy(rng: np.random.Generator, count: int) -> Floats:
    """Return errors whose sizes differ: log-normal, as of networks that fell into other minima."""
    sizes = rng.lognormal(sigma=0.8, size=(count, 1)) / np.exp(0.8**2)
    return np.asarray(_normal(1.0)(rng, count) * sizes)


def _one(rng: np.random.Generator, count: int) -> Floats:
    return np.asarray(np.outer(rng.normal(size=count), _FIRST))


_FIRST, _LAST = np.eye(_DIRECTIONS)[0], np.eye(_DIRECTIONS)[-1]
_EVERY = np.full(_DIRECTIONS, _DIRECTIONS**-0.5)
# Errors of spread 1, and the direction of the bias.
KINDS: dict[str, tuple[Draw, Floats]] = {
    "spread along one direction, bias along it": (_one, _FIRST),
    "spread along one direction, bias across": (_one, _LAST),
    "spread of direction i as 1/i², bias along the widest": (_normal(2.0), _FIRST),
    "the same, bias along all": (_normal(2.0), _EVERY),
    "sizes of errors log-normal, bias along all": (_heavy, _EVERY),
}


def planted(kind: str, share: float, trials: int, *, seeds: int = SEEDS) -> Record:
    """Return how often intervals hold a planted share."""
    draw, direction = KINDS[kind]
    squared = share / (1 - share)

    def sample(rng: np.random.Generator) -> Floats:
        return np.asarray(draw(rng, seeds) + np.sqrt(squared) * direction)

    return {"errors": kind, **_counted(sample, squared, share, trials)}


def trained(ensemble: Ensemble, activation: str, n: int, trials: int) -> Record:
    """Return how often intervals from 60 of its networks hold those of the whole ensemble."""
    alive = ensemble.loss[n] <= DEAD * np.var(ensemble.task.y)
    errors = ensemble.nets[n][alive].astype("float64")(ensemble.task.x) - ensemble.task.y
    errors = errors / np.sqrt(errors.shape[1])
    squared = float(np.square(errors.mean(axis=0)).sum())
    share = squared / float(np.square(errors).sum(axis=1).mean())

    def sample(rng: np.random.Generator) -> Floats:
        return np.asarray(errors[rng.integers(0, len(errors), SEEDS)])

    title = f"trained networks, {activation}, N = {n}"
    return {"errors": title, **_counted(sample, squared, share, trials)}


def _counted(
    sample: Callable[[np.random.Generator], Floats], squared: float, share: float, trials: int
) -> Record:
    truth = {"bias2": squared, "share": share}
    held = {f"{name}{kind}": 0 for name in truth for kind in ("", "_student")}
    bounds = 0
    for trial in range(trials):
        r = sample(np.random.default_rng(trial))
        ones = np.ones(r.shape[1])
        split = from_residuals(r, ones, ones[:, np.newaxis])
        bounds += split.intervals["share"][0] == 0
        for name, value in truth.items():
            held[name] += _within(value, split.intervals[name])
            held[f"{name}_student"] += _within(value, _student(split, name))
    rates = {name: count / trials for name, count in held.items()}
    return {"truth": share, "trials": trials, **rates, "bounds": bounds / trials}


def _within(value: float, interval: tuple[float, float]) -> bool:
    return interval[0] <= value <= interval[1]


def _student(split: BiasVariance, name: str) -> tuple[float, float]:
    """Return Student's t with the jackknife: what the intervals were without the test."""
    half = float(stats.t.ppf(0.975, split.seeds - 1)) * split.errors[name]
    value = float(getattr(split, name))
    return value - half, value + half
