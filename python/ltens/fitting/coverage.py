"""Planted laws, to count how often the intervals hold the exponent that was put in.

``python -m ltens.fitting`` prints the table of docs/results/coverage.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .. import tables
from .._typing import Floats
from ..randomness import RandomSource, random_numbers
from ..validation import integer, not_negative, one_of, real, share
from .estimation import estimate
from .loss_table import LossTable
from .models import MODELS, PowerLawFloor
from .observations import FEWEST_SIZES, Observations, observe
from .profile import Fitted, profile_cost
from .statistic import statistic_named

# Noise of log loss, (W, S) from a generator; each has median 0, so that the law is the median.
NOISES: dict[str, Callable[[np.random.Generator, int, int], Floats]] = {
    "log-normal": lambda rng, sizes, seeds: 0.5 * rng.normal(size=(sizes, seeds)),
    "log-normal, 5 times wider at the largest size": lambda rng, sizes, seeds: (
        np.geomspace(0.3, 1.5, sizes)[:, None] * rng.normal(size=(sizes, seeds))
    ),
    "heavy tails (Student t, 3)": lambda rng, sizes, seeds: (
        0.5 * rng.standard_t(3, size=(sizes, seeds))
    ),
    "heavy upper tail (exponential)": lambda rng, sizes, seeds: (
        0.7 * (rng.exponential(size=(sizes, seeds)) - np.log(2))
    ),
    "no variance (Student t, 1.5)": lambda rng, sizes, seeds: (
        0.5 * rng.standard_t(1.5, size=(sizes, seeds))
    ),
}


_FITTED = ("power_law", "power_law_floor")
RANGE = 300.0  # of log loss: a loss is a positive finite number, whatever the tails


@dataclass(frozen=True)
class Experiment:
    """Losses planted along a law, and the model fitted to them.

    The law is (1 - floor) N^(-exponent) + floor at sizes log-spaced from 1 to `span`.

    Attributes
    ----------
    model : {"power_law", "power_law_floor"}
        Fitted, whatever was planted.
    noise : str
        A key of `NOISES`: that of the log losses over seeds.
    sizes, seeds : int
    exponent, floor : float
        Planted.
    misfit : float
        Every point is moved by so many standard errors of the statistic, normally distributed: a
        law that holds only approximately.
    span : float
    statistic : str or float
        As for `ltens.fit`.

    Raises
    ------
    TypeError, ValueError
        If the model or noise is not known, or a number is of the wrong kind or out of range.
    """

    model: str = "power_law_floor"
    noise: str = "log-normal"
    sizes: int = 12
    seeds: int = 100
    exponent: float = 1.0
    floor: float = 0.0
    misfit: float = 0.0
    span: float = 100.0
    statistic: str | float = "median"

    def __post_init__(self) -> None:
        one_of(self.noise, tuple(NOISES), "noise")
        one_of(self.model, _FITTED, "model")
        integer(self.sizes, "sizes", minimum=FEWEST_SIZES, maximum=10_000)
        integer(self.seeds, "seeds", minimum=2, maximum=1_000_000)
        real(self.exponent, "exponent")
        if not_negative(self.floor, "floor") > 1:
            raise ValueError(f"floor is {self.floor}, but must be at most 1: a share of the loss.")
        not_negative(self.misfit, "misfit")
        if real(self.span, "span") <= 1:
            raise ValueError(f"span is {self.span}, but must be above 1.")

    def draw(self, rng: RandomSource) -> Observations:
        """Return the observations of one data set."""
        random = random_numbers(rng)
        statistic = statistic_named(self.statistic)
        u = np.linspace(0, np.log(self.span), self.sizes)
        law = PowerLawFloor().curve(u, np.array([[0.0, self.exponent, self.floor]]))[0][0]
        noise = NOISES[self.noise](random, self.sizes, self.seeds)
        logs = law[:, None] + np.clip(noise, -RANGE, RANGE)
        if self.misfit:
            error = np.sqrt([statistic.log_variance(np.exp(row)) for row in logs])
            logs = logs + (self.misfit * error * random.normal(size=self.sizes))[:, None]
        return observe(LossTable(np.exp(u), tuple(np.exp(logs))), statistic)


@dataclass(frozen=True)
class Coverage:
    """How intervals of nominal `level` did in `trials` repetitions of an experiment.

    Attributes
    ----------
    covered : float
        Share of profile intervals that held the planted exponent.
    exponent : float
        Median of the fitted exponents.
    line_covered, line_exponent : float
        The same for a plain least-squares line through the logarithms and its textbook interval.
    """

    experiment: Experiment
    trials: int
    level: float
    covered: float
    exponent: float
    line_covered: float
    line_exponent: float

    @property
    def standard_error(self) -> float:
        """Return the binomial standard error of `covered` if the truth is `level`."""
        return float(np.sqrt(self.level * (1 - self.level) / self.trials))


def measure_coverage(
    experiment: Experiment, *, trials: int = 1000, level: float = 0.95, rng: RandomSource = 0
) -> Coverage:
    """Repeat an experiment and count how often the profile interval holds the planted exponent.

    Parameters
    ----------
    experiment : Experiment
    trials : int
    level : float
    rng : int, SeedSequence or Generator

    Returns
    -------
    Coverage

    Raises
    ------
    ValueError
        If `level` is no level, or there is no trial.

    Examples
    --------
    >>> result = measure_coverage(Experiment(sizes=6, seeds=20), trials=50)
    >>> 0.8 < result.covered <= 1.0
    True
    """
    from scipy.special import stdtrit

    model = MODELS[experiment.model]
    count, wanted = integer(trials, "trials", minimum=1), share(level, "level")
    generator = random_numbers(rng)
    problems = [experiment.draw(generator) for _ in range(count)]
    u, y = problems[0].u, np.concatenate([observations.y for observations in problems])
    variances = np.stack([np.asarray(observations.variances) for observations in problems])
    fitted = estimate(model, u, y, variances)
    planted = np.full((count, 1), experiment.exponent)
    rise = profile_cost(Fitted(model, u, y, fitted), planted)[:, 0] - fitted.cost
    t = np.sqrt(np.maximum(rise, 0) / fitted.scale)
    slope, error = _line(u, y)
    line = stdtrit(experiment.sizes - 2, (1 + wanted) / 2)
    return Coverage(
        experiment=experiment,
        trials=count,
        level=wanted,
        covered=float((t <= stdtrit(fitted.degrees, (1 + wanted) / 2)).mean()),
        exponent=float(np.median(model.exponent(fitted.theta))),
        line_covered=float((np.abs(slope - experiment.exponent) <= line * error).mean()),
        line_exponent=float(np.median(slope)),
    )


def _line(u: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return exponents (B,) of least-squares lines and their standard errors."""
    centred = u - u.mean()
    slope = y @ centred / (centred @ centred)
    rest = y - y.mean(axis=1, keepdims=True) - slope[:, None] * centred
    variance = (rest**2).sum(axis=1) / (len(u) - 2) / (centred @ centred)
    return -slope, np.sqrt(variance)


def experiments() -> list[Experiment]:
    """Return the experiments of docs/results/coverage.md."""
    found = []
    for noise in NOISES:
        for sizes, seeds in ((3, 30), (5, 30), (12, 100)):
            found.append(Experiment("power_law", noise, sizes, seeds))
        for sizes, seeds in ((5, 30), (6, 30), (8, 10), (12, 100)):
            for floor in (0.0, 0.003, 0.1):
                found.append(Experiment("power_law_floor", noise, sizes, seeds, floor=floor))
    for misfit in (1.0, 5.0):
        found.append(Experiment("power_law", sizes=6, misfit=misfit))
        found.append(Experiment("power_law_floor", sizes=8, floor=0.03, misfit=misfit))
    for exponent in (0.3, 4.0):
        found.append(Experiment("power_law", sizes=6, exponent=exponent))
        found.append(Experiment("power_law_floor", sizes=8, exponent=exponent, floor=1e-3))
    return found


def markdown(rows: list[Coverage]) -> str:
    """Return the results as a Markdown table."""
    columns = {
        "noise of the seeds": "{one.noise}",
        "sizes × seeds": "{one.sizes} × {one.seeds}",
        "exponent": "{one.exponent:g}",
        "floor": "{one.floor:g}",
        "misfit": "{one.misfit:g}",
        "model fitted": "{one.model}",
        "covered": "{covered:.1f} %",
        "median exponent": "{row.exponent:.3f}",
        "line: covered": "{line:.1f} %",
        "line: median exponent": "{row.line_exponent:.3f}",
    }
    records = [
        {
            "one": row.experiment,
            "row": row,
            "covered": 100 * row.covered,
            "line": 100 * row.line_covered,
        }
        for row in rows
    ]
    return tables.markdown(*tables.formatted(records, columns))
