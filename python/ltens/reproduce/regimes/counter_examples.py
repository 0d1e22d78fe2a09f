"""Where 1/D fails: the two counter-examples of the supplement, formulas and gradient descent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...plot.style import light_grid, mark_sizes, styles
from ...regimes import NonConvexSamples, UnboundedDerivative
from ...tables import markdown, with_error
from ...tickets.weighted_slope import slope
from ..effort import Effort
from ..figures import new_figure, slope_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

EXAMPLE = NonConvexSamples(0.7)
POWERS = (0.5, 1.0, 1.5)
_SIZES = np.array([16, 32, 64, 128, 256, 512])
_HEADS = ("quantity", "setting", "theory", "formula at finite D", "gradient descent on draws")


def make(effort: Effort) -> Figure:
    """Draw excess at fixed time, loss at times that grow with D, and the cusp."""
    figure, axes = new_figure(3, width=14.0)
    draws = 2000 if effort.quick else 20_000
    _fixed_time(axes[0], draws)
    _growing_time(axes[1])
    for a, (colour, marker) in zip(POWERS, styles(), strict=False):
        example = UnboundedDerivative(a)
        runs = [example.descend(int(D), draws=draws) for D in _SIZES]
        axes[2].errorbar(
            _SIZES,
            [run.mean for run in runs],
            [run.standard_error for run in runs],
            fmt=marker,
            color=colour,
            markersize=4.5,
            label=f"a = {a:g}",
        )
        axes[2].plot(_SIZES, example.asymptote(_SIZES), color=colour, linewidth=1.1)
    axes[2].set(title="Example 2: exponent a, not 1", ylabel="loss", xscale="log", yscale="log")
    for ax in (axes[0], axes[2]):
        mark_sizes(ax, _SIZES)
    for ax in axes:
        ax.set(xlabel="samples D")
        light_grid(ax)
        ax.legend(frameon=False)
    return figure


def table(effort: Effort) -> str:
    """Return formulas and simulations."""
    draws, D = (4000, 64) if effort.quick else (100_000, 256)
    limit = float(EXAMPLE.limit(1.0))
    exact = D * (float(EXAMPLE.loss(D, 1.0)) / limit - 1)
    run = EXAMPLE.descend(D, 1.0, lr=0.01, draws=draws)
    discrete = EXAMPLE.discrete_loss(D, 1.0, lr=0.01)
    far = 1e6 * (float(EXAMPLE.loss(1e6, 1.0)) / limit - 1)
    where = f"a = 0.7, T = 1, D = {D}"
    rows = [
        (
            "Ex. 1: D (L/limit − 1)",
            f"{where}; formula also at D = 1e6",
            f"{EXAMPLE.coefficient(1.0):.3f}",
            f"{exact:.3f}; {far:.4f}",
            "—",
        ),
        (
            "Ex. 1: L",
            f"{where}, lr 0.01",
            f"flow {float(EXAMPLE.loss(D, 1.0)):.6f}",
            f"steps {discrete:.6f}",
            with_error(run.mean, run.standard_error, ".6f"),
        ),
    ]
    for beta in (0.4, 0.45):
        rate = float(np.diff(EXAMPLE.log_loss([100, 200], [100 * beta, 200 * beta]))[0]) / 100
        name = f"Ex. 1: d log L / dD at T = {beta:g} D"
        rows.append((name, "a = 0.7", f"{EXAMPLE.rate(beta):+.5f}", f"{rate:+.5f}", "—"))
    for a in POWERS:
        example = UnboundedDerivative(a)
        ratio = example.loss(D) / float(example.asymptote(D))
        runs = [example.descend(int(n), draws=draws // 10) for n in _SIZES]
        law = slope(_SIZES, [run.mean for run in runs], [run.standard_error for run in runs])
        sums = [example.loss(int(n)) for n in _SIZES]
        steps = slope(_SIZES, sums, np.zeros(len(_SIZES))).exponent
        measured = example.descend(D, draws=draws)
        scale = float(example.asymptote(D))
        drawn = with_error(measured.mean / scale, measured.standard_error / scale, ".3f")
        name = "Ex. 2: L / [Gamma(a + 1/2) / (2^(1+a) sqrt(pi)) D^-a]"
        rows.append((name, f"a = {a:g}, D = {D}", "1", f"{ratio:.4f}", drawn))
        where = f"a = {a:g}, D = 16 ... 512"
        rows.append(("Ex. 2: exponent", where, f"{-a:+g}", f"{steps:+.3f}", str(law)))
    return markdown(_HEADS, rows) + "\n"


def _fixed_time(ax: Axes, draws: int) -> None:
    for T, (colour, marker) in zip((0.25, 0.5, 1.0), styles(), strict=False):
        limit = EXAMPLE.discrete_loss(10**6, T)
        runs = [EXAMPLE.descend(int(D), T, draws=draws) for D in _SIZES]
        excess = np.array([run.mean / limit - 1 for run in runs])
        error = np.array([run.standard_error / limit for run in runs])
        shown = excess > 2 * error  # the rest is not told from 0 by so many draws
        options: Any = {"fmt": marker, "color": colour, "markersize": 4.5}
        ax.errorbar(_SIZES[shown], excess[shown], error[shown], label=f"T = {T:g}", **options)
        curve = EXAMPLE.loss(_SIZES, T) / EXAMPLE.limit(T) - 1
        ax.plot(_SIZES, curve, color=colour, linewidth=1.1)
    slope_line(ax, (16.0, 512.0), 0.06, -1.0, "1/D")
    ax.set(title="Example 1, fixed time: 1/D", xscale="log", yscale="log")
    ax.set(ylabel="L(D) / L(infinity) − 1")


def _growing_time(ax: Axes) -> None:
    D = np.linspace(10, 300, 60)
    betas = (0.3, 0.4, EXAMPLE.largest_beta, 0.45, 0.5)
    for beta, (colour, _) in zip(betas, styles(), strict=False):
        loss = EXAMPLE.log_loss(D, beta * D) / np.log(10)
        ax.plot(D, loss, color=colour, label=f"T = {beta:.3f} D")
    ax.set(title="Example 1, T = beta D: exponential, no power", ylabel="log10 loss")
