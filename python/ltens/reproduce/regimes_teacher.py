"""Students of random teachers: resolution-limited scaling in data and in width.

Bahri et al. (arXiv 2102.06701), figures 1b, S2 and S4: a teacher with two hidden layers of 96,
inputs uniform on a d-dimensional cube, Adam of at most 3e-3 on a cosine, batches of 64, 40,000
steps, early stopping on the test loss, one training set of which smaller ones are parts, the mean
of the logarithm over seeds; expected is the exponent 4/d. Here the students have one hidden layer;
the paper's have two of 192.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from ..fitting import Law, fit
from ..parameters import Networks
from ..protocol import Training
from ..regimes import Teacher
from ..task import Task
from ..training import train
from .figures import new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TEST_SAMPLES = 2048
PROTOCOL = Training(steps=40_000, lr=3e-3, schedule="cosine", batch_size=64, held_out_every=200)
_SHORT = Training(steps=1_000, lr=3e-3, schedule="cosine", batch_size=64, held_out_every=100)
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
    """

    against: str
    dimension: int
    sizes: tuple[int, ...]
    losses: NDArray[np.float64] = field(repr=False)
    held: int
    bias: float = 0.0

    @property
    def expected(self) -> float:
        """The exponent 4/d."""
        return 4 / self.dimension

    def law(self, model: str = "auto", sizes: slice = slice(None)) -> Law:
        """Return the law of the geometric mean over seeds."""
        law = fit(self.sizes[sizes], self.losses[sizes], model=model, statistic="geometric_mean")
        assert isinstance(law, Law)
        return law


def data_scan(
    dimension: int,
    samples: Sequence[int],
    *,
    width: int,
    seeds: int,
    bias: float = 0.0,
    training: Training = PROTOCOL,
    threads: int = 1,
) -> Scan:
    """Train students on more and more samples of their teachers; seed s has teacher s."""

    def loss(size: int, seed: int) -> float:
        return student_loss(
            dimension, seed, width=width, samples=size, bias=bias, training=training
        )

    losses = _grid(loss, samples, seeds, threads)
    return Scan("samples", dimension, tuple(samples), losses, held=width, bias=bias)


def width_scan(
    dimension: int,
    widths: Sequence[int],
    *,
    samples: int,
    seeds: int,
    bias: float = 0.0,
    training: Training = PROTOCOL,
    threads: int = 1,
) -> Scan:
    """Train wider and wider students on as many samples as they do not see twice too often."""

    def loss(size: int, seed: int) -> float:
        return student_loss(
            dimension, seed, width=size, samples=samples, bias=bias, training=training
        )

    losses = _grid(loss, widths, seeds, threads)
    return Scan("width", dimension, tuple(widths), losses, held=samples, bias=bias)


def student_loss(
    dimension: int,
    seed: int,
    *,
    width: int,
    samples: int,
    bias: float = 0.0,
    training: Training = PROTOCOL,
) -> float:
    """Return the test loss of one ReLU student, stopped where it is smallest."""
    teacher = _teacher(dimension, seed, bias)
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
def _teacher(dimension: int, seed: int, bias: float) -> Teacher:
    return Teacher(dimension, seed=seed, bias=bias)


def against_samples(quick: bool, threads: int) -> Figure:
    """Draw the losses against the number of samples."""
    return _figure(_data_scans(quick, threads), "training samples D")


def against_width(quick: bool, threads: int) -> Figure:
    """Draw the losses against the width."""
    return _figure(_width_scans(quick, threads), "width N")


def table(quick: bool, threads: int) -> str:
    """Return the exponents beside 4/d and 2/d, as Markdown."""
    lines = [
        "| d | teacher's biases | against | held | 4/d | 2/d | power law, all sizes "
        "| with a floor | floor | local exponents |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for scan in [*_data_scans(quick, threads), *_width_scans(quick, threads)]:
        plain, floored = scan.law("power_law"), scan.law("power_law_floor")
        mean = np.log(scan.losses).mean(axis=1)
        local = -np.diff(mean) / np.diff(np.log(scan.sizes))
        held = "N" if scan.against == "samples" else "D"
        lines.append(
            f"| {scan.dimension} | {scan.bias:g} | {scan.against} {scan.sizes[0]}-{scan.sizes[-1]} "
            f"| {held} = {scan.held} | {scan.expected:.2f} | {scan.expected / 2:.2f} "
            f"| {_interval(plain)} | {_interval(floored)} | {floored.floor:.1e} "
            f"| {', '.join(f'{a:.2f}' for a in local)} |"
        )
    return "\n".join(lines) + "\n"


def _data_scans(quick: bool, threads: int) -> list[Scan]:
    if quick:
        return [
            data_scan(d, (64, 128, 256, 512), width=64, seeds=3, training=_SHORT, threads=threads)
            for d in (2, 4)
        ]
    samples = tuple(2**k for k in range(6, 14))
    return [
        data_scan(d, samples, width=width, seeds=8, bias=bias, threads=threads)
        for width, bias in ((192, 0.0), (1024, 0.0), (1024, BIAS))
        for d in DIMENSIONS
    ]


def _width_scans(quick: bool, threads: int) -> list[Scan]:
    if quick:
        return [
            width_scan(d, (4, 8, 16, 32), samples=4096, seeds=3, training=_SHORT, threads=threads)
            for d in (2, 4)
        ]
    widths = tuple(2**k for k in range(2, 9))
    return [
        width_scan(d, widths, samples=2**17, seeds=8, bias=bias, threads=threads)
        for bias in (0.0, BIAS)
        for d in DIMENSIONS
    ]


def _grid(
    loss: Callable[[int, int], float], sizes: Iterable[int], seeds: int, threads: int
) -> NDArray[np.float64]:
    """Return the losses (K, S); the kernel works without the interpreter's lock."""
    pairs = [(size, seed) for size in sizes for seed in range(seeds)]
    with threadpool_limits(1), ThreadPoolExecutor(threads) as pool:
        values = list(pool.map(lambda pair: loss(*pair), pairs))
    return np.array(values).reshape(-1, seeds)


def _figure(scans: list[Scan], label: str) -> Figure:
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
    handles, labels = ax.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right upper", frameon=False, fontsize=9)
    return figure


def _draw(ax: Axes, scans: list[Scan]) -> None:
    """Draw geometric means with one standard error, and lines of slope -4/d."""
    from ..plot.style import light_grid, styles

    for scan, (colour, marker) in zip(scans, styles(), strict=False):
        logs = np.log(scan.losses)
        mean, error = logs.mean(axis=1), logs.std(axis=1, ddof=1) / np.sqrt(logs.shape[1])
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


def _interval(law: Law) -> str:
    low, high = law.interval()
    return f"{law.exponent:.2f} [{low:.2f}, {high:.2f}]"
