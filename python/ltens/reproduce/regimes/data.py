"""Variance-limited scaling in data: L(D) - L(infinity) against D for networks that are too small.

Bahri et al. (arXiv 2102.06701), figure 1a, top left: under-parametrised networks on many training
sets, whatever the activation, the loss or the batch size; the difference goes as 1/D. Here
networks of width 8 learn a random teacher of 4 inputs; the limit comes from the same starts trained
on the whole population of 20,000 points, on which all are judged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ..._typing import Floats
from ...fitting import Law, fit
from ...regimes import Teacher
from ...standard_errors import standard_errors
from ...tables import estimate, markdown, numbers
from ...training.networks import Networks
from ...training.settings import Training
from ...training.task import Task
from ...training.trainer import train
from ..effort import Effort
from ..figures import new_figure, slope_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DIMENSION, WIDTH, STARTS, POPULATION = 4, 8, 16, 20_000
_SGD = Training(steps=60, lr=0.05, optimizer="sgd", schedule="constant")
WAYS: dict[str, tuple[str, Training]] = {
    "ReLU, SGD, full batch, 60 steps": ("relu", _SGD),
    "erf, SGD, full batch, 60 steps": ("erf", _SGD),
    "ReLU, SGD, batches of 16, 60 steps": (
        "relu",
        Training(steps=60, lr=0.05, optimizer="sgd", schedule="constant", batch_size=16),
    ),
    "ReLU, SGD, batches of 16, 600 steps": (
        "relu",
        Training(steps=600, lr=0.01, optimizer="sgd", schedule="constant", batch_size=16),
    ),
    "ReLU, Adam, full batch, 60 steps": (
        "relu",
        Training(steps=60, lr=0.01, schedule="constant"),
    ),
    "ReLU, Adam, full batch, 2,000 steps": (
        "relu",
        Training(steps=2_000, lr=0.01, schedule="constant"),
    ),
}


@dataclass(frozen=True)
class WayScan:
    """Losses against the number of samples.

    Attributes
    ----------
    way : str
        One of `WAYS`.
    samples : tuple of int
    losses : (K, R) float64
        Population loss after training on each of R data sets, mean over the starts.
    limit : float
        After training on the population.
    """

    way: str
    samples: tuple[int, ...]
    losses: Floats = field(repr=False)
    limit: float

    def law(self) -> Law | None:
        """Return the power law above the known limit, None where most losses are not above it."""
        if np.mean(self.losses.mean(axis=1) <= self.limit) >= 0.5:
            return None
        return fit(
            self.samples, self.losses, model="known_limit", limit=self.limit, statistic="mean"
        )


def scan(way: str, samples: tuple[int, ...], draws: int, threads: int) -> WayScan:
    """Train the same starts on `draws` data sets of each size."""
    activation, training = WAYS[way]
    teacher = Teacher(DIMENSION, seed=0)
    population = Task(*teacher.samples(POPULATION, test=True))
    nets = Networks.init(WIDTH, STARTS, activation=activation, dimension=DIMENSION, dtype="float64")

    def loss(task: Task, draw: int) -> float:
        run = train(
            nets, task, training, evaluation=population, threads=threads, engine="dense", rng=draw
        )
        return float(run.loss.mean())

    sets = [Task(*teacher.samples(size * draws)) for size in samples]
    losses = [
        [
            loss(Task(whole.x[r * size : (r + 1) * size], whole.y[r * size : (r + 1) * size]), r)
            for r in range(draws)
        ]
        for size, whole in zip(samples, sets, strict=True)
    ]
    batches = training.batch_size is not None
    limit = np.mean([loss(population, r) for r in range(64 if batches else 1)])
    return WayScan(way, samples, np.array(losses), float(limit))


def measured(effort: Effort) -> list[WayScan]:
    """Scan D = 32 ... 1024 in every way; 200 data sets of each size."""
    ways = list(WAYS)[:1] if effort.quick else list(WAYS)
    sizes = (32, 64, 128, 256) if effort.quick else (32, 64, 128, 256, 512, 1024)
    return [scan(way, sizes, 20 if effort.quick else 200, effort.threads) for way in ways]


def make(effort: Effort) -> Figure:
    """Draw L(D) - L(infinity)."""
    from ...plot.style import light_grid, mark_sizes, styles

    figure, ax = new_figure(height=4.6)
    scans = measured(effort)
    top = 0.0
    for one, (colour, marker) in zip(scans, styles(), strict=False):
        sizes = np.array(one.samples, float)
        excess = one.losses.mean(axis=1) - one.limit
        error = standard_errors(one.losses)
        shown = excess > 2 * error
        if not shown.any():
            continue
        ax.errorbar(
            sizes[shown], excess[shown], yerr=error[shown], color=colour, marker=marker,
            markersize=4.5, linewidth=1.2,
            label=one.way,
        )  # fmt: skip
        top = max(top, float(excess.max()))
    ends = (float(sizes[0]), float(sizes[-1]))
    slope_line(ax, ends, 1.3 * top, -1.0, "slope -1")
    ax.set(
        xscale="log",
        yscale="log",
        xlabel="training samples D",
        ylabel="L(D) - L(∞)",
        title=f"Networks of width {WIDTH}, a teacher of {DIMENSION} inputs",
    )
    mark_sizes(ax, sizes)
    light_grid(ax)
    ax.legend(frameon=False, fontsize=8)
    return figure


def table(effort: Effort) -> str:
    """Return the exponents, as Markdown."""
    heads = (
        "networks",
        "L(∞)",
        "D (L(D) - L(∞)) at each D",
        "exponent of L(D) - L(∞), expected 1",
    )
    rows = []
    for one in measured(effort):
        law = one.law()
        exponent = "no excess at most sizes"
        if law is not None:
            exponent = estimate(law.exponent, law.interval(), ".2f")
        products = np.array(one.samples) * (one.losses.mean(axis=1) - one.limit)
        rows.append((one.way, f"{one.limit:.4f}", numbers(products, ".2f"), exponent))
    return markdown(heads, rows) + "\n"
