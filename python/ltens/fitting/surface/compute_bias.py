"""How far envelopes and parabolas miss the exponent of a surface that is known.

``python -m ltens.fitting isoflop`` prints the table of docs/guide/surfaces.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ... import tables
from ..._typing import Floats, Ints
from ...validation import integer
from .coverage import COEFFICIENTS
from .envelope import Envelope, fit_envelope
from .isoflop import IsoFlop, fit_isoflop

TRUE = COEFFICIENTS["beta"] / (COEFFICIENTS["alpha"] + COEFFICIENTS["beta"])
_NOISE = 0.002  # of log loss, normal: of each run, or of each training as a whole
_UNFINISHED = 0.02  # of the loss, at the beginning of a training; 0 at its end
_Sizes = dict[str, Floats]


@dataclass(frozen=True)
class BiasExperiment:
    """A design of runs, and what is fitted to it.

    Attributes
    ----------
    design : str
        A key of `ENVELOPES` or `PARABOLAS`.
    unfinished : bool
        A checkpoint is higher than the end of a training as long: by 2 % at the beginning of a
        training, by nothing at its end, as with a learning rate that decays at the end of all.
    """

    design: str
    unfinished: bool = False

    @property
    def approach(self) -> int:
        """Return the number of the approach of Hoffmann et al."""
        return 1 if self.design in ENVELOPES else 2

    def fit(self, rng: np.random.Generator | None = None) -> Envelope | IsoFlop:
        """Fit a drawing of the design; without noise if there is no generator."""
        if self.approach == 2:
            sizes = PARABOLAS[self.design]()
            return fit_isoflop(sizes, _losses(sizes, np.arange(len(sizes["params"])), rng))
        sizes, which, done = ENVELOPES[self.design]()
        losses = _losses(sizes, which, rng)
        if self.unfinished:
            losses = losses * (1 + _UNFINISHED * (1 - done))
        return fit_envelope(sizes, losses, runs=which)


@dataclass(frozen=True)
class Bias:
    """What an approach missed the planted exponent by.

    Attributes
    ----------
    exact : float
        Without noise.
    mean, error, spread : float
        With noise: the mean over trials, its standard error, and the standard deviation.
    covered : float
        How often the nominal 95 % interval held the planted exponent.
    said : float
        The mean of `bias`, which a fit says of itself.
    surface : float
        The mean of what the surface, approach 3, missed on the same runs.
    """

    experiment: BiasExperiment
    exact: float
    mean: float
    error: float
    spread: float
    covered: float
    said: float
    surface: float


def measure_bias(experiment: BiasExperiment, *, trials: int = 100, rng: int = 0) -> Bias:
    """Repeat a design with noise and return what its exponent misses.

    Examples
    --------
    >>> found = measure_bias(BiasExperiment("same sizes at every budget"), trials=3)
    >>> found.exact < -0.05
    True
    """
    count = integer(trials, "trials", minimum=2)
    generator = np.random.default_rng(rng)
    fits = [experiment.fit(generator) for _ in range(count)]
    missed = np.array([each.exponent - TRUE for each in fits])
    ends = np.array([each.interval() for each in fits])
    spread = float(missed.std(ddof=1))
    return Bias(
        experiment,
        exact=experiment.fit().exponent - TRUE,
        mean=float(missed.mean()),
        error=spread / float(np.sqrt(count)),
        spread=spread,
        covered=float(((ends[:, 0] <= TRUE) & (ends[:, 1] >= TRUE)).mean()),
        said=float(np.nanmean([each.bias for each in fits])),
        surface=float(np.mean([each.law.allocation - TRUE for each in fits])),
    )


def bias_markdown(rows: list[Bias]) -> str:
    """Return the results as a Markdown table."""
    heads = (
        "approach", "runs", "without noise", "with noise", "spread", "covered", "said", "surface",
    )  # fmt: skip
    cells = [
        [
            str(row.experiment.approach),
            row.experiment.design + (", 2 % high before the end" * row.experiment.unfinished),
            f"{row.exact:+z.3f}",
            tables.with_error(row.mean, row.error, "+z.3f"),
            f"{row.spread:.3f}",
            f"{100 * row.covered:.0f} %",
            f"{row.said:+z.3f}",
            f"{row.surface:+z.3f}",
        ]
        for row in rows
    ]
    return tables.markdown(heads, cells)


def _losses(sizes: _Sizes, which: Ints, rng: np.random.Generator | None) -> Floats:
    c = COEFFICIENTS
    exact = c["E"] + c["A"] / sizes["params"] ** c["alpha"] + c["B"] / sizes["tokens"] ** c["beta"]
    if rng is None:
        return np.asarray(exact)
    return np.asarray(exact * np.exp(_NOISE * rng.normal(size=which.max() + 1)[which]))


def _trainings(
    count: int, least: float, most: float, per_param: bool
) -> tuple[_Sizes, Ints, Floats]:
    """Return sizes, training and the share that is done of the rows of trainings."""
    params = np.repeat(np.geomspace(1e7, 1e10, count), 60)
    tokens = np.tile(np.geomspace(least, most, 60), count) * (params if per_param else 1)
    sizes = {"params": params, "tokens": tokens}
    last = most * (params if per_param else 1)
    return sizes, np.repeat(np.arange(count, dtype=np.int64), 60), tokens / last


def _budgets(drift: float, factor: float) -> _Sizes:
    """Return nine sizes at each of five budgets, `factor` to either side of their middle."""
    spent = np.repeat(np.geomspace(1e18, 1e22, 5), 9)
    around = np.tile(np.geomspace(1 / factor, factor, 9), 5)
    params = 8e8 * (spent / 1e20) ** drift * around
    return {"params": params, "tokens": spent / 6 / params}


ENVELOPES: dict[str, Callable[[], tuple[_Sizes, Ints, Floats]]] = {
    "24 trainings, 0.2 to 2000 tokens per parameter": lambda: _trainings(24, 0.2, 2000, True),
    "8 trainings, 0.2 to 2000 tokens per parameter": lambda: _trainings(8, 0.2, 2000, True),
    "24 trainings, 0.2 to 40 tokens per parameter": lambda: _trainings(24, 0.2, 40, True),
    "24 trainings to 1e11 tokens": lambda: _trainings(24, 1e8, 1e11, False),
}
PARABOLAS: dict[str, Callable[[], _Sizes]] = {
    "sizes follow the lowest loss, a factor 16 to either side": lambda: _budgets(TRUE, 16),
    "sizes follow the lowest loss, a factor 4 to either side": lambda: _budgets(TRUE, 4),
    "sizes grow as compute to the power 0.3": lambda: _budgets(0.3, 16),
    "same sizes at every budget": lambda: _budgets(0.0, 16),
}


def bias_experiments() -> list[BiasExperiment]:
    """Return the experiments of docs/guide/surfaces.md."""
    found = [BiasExperiment(design) for design in ENVELOPES]
    found.insert(1, BiasExperiment(next(iter(ENVELOPES)), unfinished=True))
    return found + [BiasExperiment(design) for design in PARABOLAS]
