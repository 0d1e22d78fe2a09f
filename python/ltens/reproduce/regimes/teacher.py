"""Students of random teachers: resolution-limited scaling in data and in width.

Bahri et al. (arXiv 2102.06701), figures 1b, S2 and S4: a teacher with two hidden layers of 96,
inputs uniform on a d-dimensional cube, Adam of at most 3e-3 on a cosine, batches of 64, 40,000
steps, early stopping on the test loss, one training set of which smaller ones are parts, the mean
of the logarithm over seeds; expected is an exponent of at least 4/d, about 4/d for these ReLU
teachers (smooth ones: `smooth_teacher`). Here the students have one hidden layer; the paper's have
two of 192.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits

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
from ..figures import new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TEST_SAMPLES = 2048
PROTOCOL = Training(steps=40_000, lr=3e-3, schedule="cosine", batch_size=64, held_out_every=200)
SHORT = Training(steps=1_000, lr=3e-3, schedule="cosine", batch_size=64, held_out_every=100)
DIMENSIONS = (1, 2, 3, 4, 6, 8)
BIAS = 0.5  # of the order of a pre-activation, for inputs of variance 1/12


@dataclass(frozen=True)
class Scan:
    """Losses of students over one size, the other one held.

    Attributes
    ----------
    against : str
        "samples" or "width".
    dimension : int
    sizes : tuple of int
    losses : (K, S) float64
        Smallest test loss of each student, in units of the target's variance.
    held : int
        The size that is held.
    bias : float
        Of the teachers.
    activation : str
        Of the teachers.
    """

    against: str
    dimension: int
    sizes: tuple[int, ...]
    losses: Floats = field(repr=False)
    held: int
    bias: float = 0.0
    activation: str = "relu"

    @property
    def expected(self) -> float:
        """The least exponent, 4/d."""
        return 4 / self.dimension

    def law(self, model: str = "auto", sizes: slice = slice(None)) -> Law:
        """Return the law of the geometric mean over seeds."""
        return fit(self.sizes[sizes], self.losses[sizes], model=model, statistic="geometric_mean")


def scan(
    dimension: int,
    sizes: Sequence[int],
    *,
    against: str,
    held: int,
    seeds: int,
    bias: float = 0.0,
    activation: str = "relu",
    training: Training = PROTOCOL,
    threads: int = 1,
) -> Scan:
    """Train students of teacher s from seed s, for each size of "samples" or "width".

    `held` is the other size.
    """

    def loss(size: int, seed: int) -> float:
        width, samples = (held, size) if against == "samples" else (size, held)
        return student_loss(
            dimension,
            seed,
            width=width,
            samples=samples,
            bias=bias,
            activation=activation,
            training=training,
        )

    losses = _grid(loss, sizes, seeds, threads)
    return Scan(
        against, dimension, tuple(sizes), losses, held=held, bias=bias, activation=activation
    )


def student_loss(
    dimension: int,
    seed: int,
    *,
    width: int,
    samples: int,
    bias: float = 0.0,
    activation: str = "relu",
    training: Training = PROTOCOL,
) -> float:
    """Return the test loss of one ReLU student, stopped where it is smallest."""
    teacher = _teacher(dimension, seed, bias, activation)
    run = train(
        Networks.init(width, [seed], activation="relu", dimension=dimension),
        Task(*teacher.samples(samples)),
        training,
        held_out=Task(*teacher.samples(TEST_SAMPLES, test=True)),
        seeds=[seed],
        threads=1,
    )
    return float(run.held_out_loss[0])


@lru_cache(maxsize=64)
def _teacher(dimension: int, seed: int, bias: float, activation: str) -> Teacher:
    return Teacher(dimension, seed=seed, bias=bias, activation=activation)


def against_samples(effort: Effort) -> Figure:
    """Draw the losses against the number of samples."""
    return _figure(_data_scans(effort), "training samples D")


def against_width(effort: Effort) -> Figure:
    """Draw the losses against the width."""
    return _figure(_width_scans(effort), "width N")


def table(effort: Effort) -> str:
    """Return the exponents beside "at least 4/d", as Markdown."""
    heads = (
        "d",
        "teacher's biases",
        "against",
        "held",
        "claim",
        "2/d",
        "power law, all sizes",
        "with a floor",
        "floor",
        "local exponents",
    )
    rows = []
    for one in [*_data_scans(effort), *_width_scans(effort)]:
        plain, floored = one.law("power_law"), one.law("power_law_floor")
        held = "N" if one.against == "samples" else "D"
        rows.append(
            (
                one.dimension,
                f"{one.bias:g}",
                f"{one.against} {one.sizes[0]}-{one.sizes[-1]}",
                f"{held} = {one.held}",
                f"at least {one.expected:.2f}",
                f"{one.expected / 2:.2f}",
                *[estimate(law.exponent, law.interval(), ".2f") for law in (plain, floored)],
                f"{floored.floor:.1e}",
                numbers(local_exponents(one), ".2f"),
            )
        )
    return markdown(heads, rows) + "\n"


def local_exponents(one: Scan) -> Floats:
    """Return the exponents (K - 1,) of the geometric mean between neighbouring sizes."""
    mean = np.log(one.losses).mean(axis=1)
    return np.asarray(-np.diff(mean) / np.diff(np.log(one.sizes)))


def _data_scans(effort: Effort) -> list[Scan]:
    samples = tuple(2**k for k in (range(6, 10) if effort.quick else range(6, 14)))
    held = ((64, 0.0),) if effort.quick else ((192, 0.0), (1024, 0.0), (1024, BIAS))
    return _scans("samples", samples, held, effort)


def _width_scans(effort: Effort) -> list[Scan]:
    widths = tuple(2**k for k in (range(2, 6) if effort.quick else range(2, 9)))
    held = ((4096, 0.0),) if effort.quick else ((2**17, 0.0), (2**17, BIAS))
    return _scans("width", widths, held, effort)


def _scans(
    against: str,
    sizes: tuple[int, ...],
    kinds: tuple[tuple[int, float], ...],
    effort: Effort,
) -> list[Scan]:
    """Return a scan for each held size and bias, and each dimension."""
    options: dict[str, Any] = {"training": SHORT, "seeds": 3} if effort.quick else {"seeds": 8}
    return [
        scan(d, sizes, against=against, held=held, bias=bias, threads=effort.threads, **options)
        for held, bias in kinds
        for d in (DIMENSIONS[1:4:2] if effort.quick else DIMENSIONS)
    ]


def _grid(
    loss: Callable[[int, int], float], sizes: Iterable[int], seeds: int, threads: int
) -> Floats:
    """Return the losses (K, S); the kernel works without the interpreter's lock."""
    pairs = [(size, seed) for size in sizes for seed in range(seeds)]
    with threadpool_limits(1), ThreadPoolExecutor(threads) as pool:
        values = list(pool.map(lambda pair: loss(*pair), pairs))
    return np.array(values).reshape(-1, seeds)


def _figure(scans: list[Scan], label: str) -> Figure:
    # two straight lines, which few neurons solve: their losses of 1e-16 would flatten the rest
    scans = [scan for scan in scans if scan.dimension > 1 or scan.bias > 0]
    kinds = sorted({(scan.held, scan.bias) for scan in scans})
    figure, axes = new_figure(len(kinds), width=2.2 + 4.0 * len(kinds), height=4.4)
    for ax, kind in zip(np.atleast_1d(axes), kinds, strict=True):
        group = [scan for scan in scans if (scan.held, scan.bias) == kind]
        _draw(ax, group)
        held = "student width" if group[0].against == "samples" else "training samples"
        teacher = "with biases" if kind[1] else "without biases"
        title = f"{held} {kind[0]:,}, teachers {teacher}"
        ax.set(xlabel=label, ylabel="test loss / variance of the target")
        ax.set_title(title, fontsize=10)
    handles, labels = max(
        (ax.get_legend_handles_labels() for ax in np.atleast_1d(axes)),
        key=lambda legend: len(legend[1]),
    )
    figure.legend(handles, labels, loc="outside right upper", frameon=False, fontsize=9)
    return figure


def _draw(ax: Axes, scans: list[Scan]) -> None:
    """Draw geometric means with one standard error, and lines of slope -4/d."""
    from ...plot.style import light_grid, styles

    looks = dict(zip(DIMENSIONS, styles(), strict=False))
    for scan in scans:
        colour, marker = looks[scan.dimension]
        logs = np.log(scan.losses)
        mean, error = logs.mean(axis=1), standard_errors(logs)
        loss, sizes = np.exp(mean), np.array(scan.sizes, float)
        ax.errorbar(
            sizes,
            loss,
            yerr=(loss - np.exp(mean - error), np.exp(mean + error) - loss),
            color=colour,
            marker=marker,
            markersize=4.5,
            linewidth=1.2,
            label=f"d = {scan.dimension}",
        )
        line = loss[0] * (sizes / sizes[0]) ** -scan.expected
        shown = line > 0.3 * loss.min()
        ax.plot(sizes[shown], line[shown], "--", color=colour, linewidth=0.9)
    ax.plot([], [], "--", color="0.3", linewidth=0.9, label="slope $-4/d$")
    ax.set_xscale("log", base=2)
    ax.set_yscale("log")
    light_grid(ax)
