"""Variance-limited scaling in width: L(N) - L(infinity), after shorter and longer training.

Bahri et al. (arXiv 2102.06701), section 2.1 and figure 1a: networks in the neural-tangent
parametrisation, few samples, full-batch gradient descent; the difference to the limit of infinite
width goes as 1/N. The limit is exact here, from the kernel. So is the control variate: a network
that starts at f_0 and moves by the kernel of infinite width has the mean loss of the limit, for f_0
has the limit's covariance at every width and the loss is quadratic. The difference of the two
losses, start by start, scatters far less than the loss.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import curve_fit
from scipy.stats import distributions

from ..._typing import Floats
from ...regimes import KernelDescent, arc_cosine_kernel, ntk_kernel
from ...standard_errors import standard_errors
from ...tables import estimate, markdown, with_error
from ...training.networks import Networks
from ...training.settings import Training
from ...training.task import Task
from ...training.trainer import train
from ..effort import Effort
from ..figures import new_figure, slope_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DIMENSION, SAMPLES, TEST_SAMPLES = 2, 8, 256
LR = 0.3
STEPS = (3, 10, 30, 100, 300, 1000)


@dataclass(frozen=True)
class WidthScan:
    """Losses above the limit of infinite width.

    Attributes
    ----------
    widths, steps : tuple of int
    limit : (T,) float64
        L(infinity) after each number of steps.
    excess : (W, S, T) float64
        L(N) - L(infinity), start by start, with the control variate.
    """

    widths: tuple[int, ...]
    steps: tuple[int, ...]
    limit: Floats = field(repr=False)
    excess: Floats = field(repr=False)

    @cached_property
    def mean(self) -> Floats:
        """(W, T) mean excess."""
        return np.asarray(self.excess.mean(axis=1))

    @cached_property
    def error(self) -> Floats:
        """(W, T) standard error of the mean."""
        return standard_errors(self.excess, axis=1)

    def power_law(self, step: int) -> tuple[float, float, float]:
        """Return the exponent of A N^(-alpha) after STEPS[step], its error, and p of the fit.

        Least squares by the standard errors of the means, which are normal: so many starts are
        behind each. A p near zero says that the excess is no power law, as where its sign changes.
        """
        x = np.log(np.array(self.widths) / self.widths[0])
        y, sigma = self.mean[:, step], self.error[:, step]
        found, covariance = curve_fit(_decay, x, y, (y[0], 1.0), sigma, absolute_sigma=True)
        chi2 = (((y - _decay(x, *found)) / sigma) ** 2).sum()
        p = distributions.chi2.sf(chi2, len(y) - 2)
        return float(found[1]), float(np.sqrt(covariance[1, 1])), float(p)


def _decay(u: Floats, amplitude: float, exponent: float) -> Floats:
    return np.asarray(amplitude * np.exp(-exponent * u))


def tasks() -> tuple[Task, Task]:
    """Return the samples and the test points of y = sin 2 x_1 + x_2^2 on [-1, 1]^2."""
    draws = np.random.Generator(np.random.Philox(np.random.SeedSequence(0)))
    x = draws.uniform(-1, 1, (SAMPLES + TEST_SAMPLES, DIMENSION))
    y = np.sin(2 * x[:, 0]) + x[:, 1] ** 2
    return Task(x[:SAMPLES], y[:SAMPLES]), Task(x[SAMPLES:], y[SAMPLES:])


def kernel_limit(task: Task, test: Task) -> KernelDescent:
    """Return gradient descent at infinite width: w ~ N(0, 1/d), b ~ N(0, 1), a ~ N(0, 1/N)."""
    x, points = task.x / np.sqrt(task.dimension), test.x / np.sqrt(task.dimension)
    return KernelDescent(
        ntk_kernel(x, bias=1.0),
        ntk_kernel(points, x, bias=1.0),
        arc_cosine_kernel(np.concatenate([x, points]), bias=1.0),
        task.y,
        task.weights,
    )


def measured(effort: Effort) -> WidthScan:
    """Train all networks; 20,000 starts at each width, 1,000 if quick."""
    widths = (16, 32, 64) if effort.quick else (16, 32, 64, 128, 256, 512)
    steps = STEPS[:4] if effort.quick else STEPS
    starts = 1_000 if effort.quick else 20_000
    task, test = tasks()
    limit = kernel_limit(task, test)
    losses = np.array([limit.loss(test.y, steps=t, lr=LR) for t in steps])
    excess = [_excess(n, starts, steps, (task, test, limit), effort.threads) for n in widths]
    return WidthScan(widths, steps, losses, np.array(excess))


def _excess(
    width: int,
    starts: int,
    steps: tuple[int, ...],
    data: tuple[Task, Task, KernelDescent],
    threads: int,
) -> Floats:
    """Return the excess (S, T) of one width."""
    task, test, limit = data
    nets = Networks.init(
        width, starts, activation="relu", dimension=DIMENSION, init="ntk", dtype="float64"
    )
    at_start, at_samples = nets(test.x), nets(task.x)
    excess = []
    for count in steps:
        training = Training(
            steps=count,
            lr=LR,
            schedule="constant",
            optimizer="sgd",
            momentum=0.0,
            lr_factors=(1 / DIMENSION, 1.0, 1 / width, 0.0),  # of w, b, a, c
        )
        run = train(nets, task, training, evaluation=test, threads=threads)
        moved = at_start - (at_samples - task.y) @ limit.correction(steps=count, lr=LR).T
        excess.append(run.loss - ((moved - test.y) ** 2).mean(axis=1))
    return np.array(excess).T


def make(effort: Effort) -> Figure:
    """Draw |L(N) - L(infinity)| for each number of steps."""
    from ...plot.style import light_grid, mark_sizes, styles

    scan = measured(effort)
    figure, ax = new_figure(height=4.6)
    widths = np.array(scan.widths, float)
    for k, (colour, marker) in zip(range(len(scan.steps)), styles(), strict=False):
        mean, error = scan.mean[:, k], scan.error[:, k]
        clear = np.abs(mean) > 2 * error
        size = np.abs(mean)
        ax.plot(widths, np.where(clear, size, np.nan), color=colour, linewidth=1.0)
        for sign, face in ((1, colour), (-1, "white")):
            which = clear & (np.sign(mean) == sign)
            ax.errorbar(
                widths[which], size[which], yerr=error[which], color=colour, marker=marker,
                markersize=5, markerfacecolor=face, linestyle="none",
            )  # fmt: skip
        ax.plot([], [], color=colour, marker=marker, label=f"{scan.steps[k]} steps")
    top = float(np.nanmax(np.abs(scan.mean)))
    slope_line(ax, (widths[0], widths[-1]), 1.3 * top, -1.0, "slope -1")
    ax.plot([], [], "o", color="0.3", markerfacecolor="white", label="L(N) < L(∞)")
    ax.set(
        xscale="log",
        yscale="log",
        xlabel="width N",
        ylabel="|L(N) - L(∞)|",
        title="ReLU networks in the neural-tangent parametrisation",
    )
    mark_sizes(ax, widths)
    light_grid(ax)
    ax.legend(frameon=False, fontsize=8, ncols=2)
    return figure


def table(effort: Effort) -> str:
    """Return the exponents after each number of steps, as Markdown."""
    scan = measured(effort)
    heads = (
        "steps",
        "2 lr steps",
        "L(∞)",
        "N (L(N) - L(∞)) at each width",
        "exponent of L(N) - L(∞) [95 %]",
        "p of a power law",
    )
    rows = []
    widths = np.array(scan.widths, float)
    for k, steps in enumerate(scan.steps):
        products = ", ".join(
            with_error(v, e, "+.2f")
            for v, e in zip(widths * scan.mean[:, k], widths * scan.error[:, k], strict=True)
        )
        exponent, error, p = scan.power_law(k)
        ends = (exponent - 1.96 * error, exponent + 1.96 * error)
        law = estimate(exponent, ends, ".2f") if p > 1e-3 else "none"
        limit = f"{scan.limit[k]:.4f}"
        rows.append((steps, f"{2 * LR * steps:g}", limit, products, law, f"{p:.2g}"))
    return markdown(heads, rows) + "\n"
