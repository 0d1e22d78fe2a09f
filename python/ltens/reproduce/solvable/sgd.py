"""One-pass SGD in four phases, theory and drawn, and by learning rate (Paquette et al. 2024)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...plot.style import light_grid, styles
from ...solvable import (
    SgdPhase,
    Spectrum,
    expected_one_pass_sgd,
    one_pass_sgd,
    sgd_stability_limit,
    simulate_one_pass_sgd,
)
from ...standard_errors import standard_errors
from ...tables import markdown
from ..effort import Effort
from ..figures import log_integers, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LR = 0.5  # the default of `one_pass_sgd`
_RATES = (0.05, 0.1, 0.2, LR)
_NEAR = 0.9  # of the limit of stability
_HEADS = (
    "phase",
    "N",
    "lr",
    "of the limit",
    "theory",
    "mean over features",
    "theory / mean - 1",
    "samples drawn / averaged - 1",
)
_POINTS = ((1.0, 0.0), (1.0, 0.7), (0.7, 1.2), (0.4, 0.3))


def make(effort: Effort) -> Figure:
    """Draw one point of each phase."""
    M, N, last, draws = (100, 30, 1000, 24) if effort.quick else (200, 60, 5000, 96)
    figure, ax = new_figure()
    grid, steps = np.geomspace(1, 30 * last, 100), log_integers(10, last, 8)
    for (alpha, beta), (colour, marker) in zip(_POINTS, styles(), strict=False):
        spectrum = Spectrum.source_capacity(2 * alpha, 2 * (alpha + beta), M)
        unit = spectrum.null_loss
        ax.plot(grid, one_pass_sgd(spectrum, grid, N=N, lr=LR) / unit, color=colour)
        run = simulate_one_pass_sgd(spectrum, steps, N=N, lr=LR, draws=draws) / unit
        error = standard_errors(run, axis=0)
        name = SgdPhase.of(alpha, beta).name
        label = f"{name}: α = {alpha:g}, β = {beta:g}"
        ax.errorbar(
            steps, run.mean(axis=0), error, fmt=marker, color=colour, markersize=4, label=label
        )
    ax.set(xscale="log", yscale="log", xlabel="steps = samples", ylabel="test loss / null loss")
    ax.set(title=f"N = {N}, M = {M}, lr = {LR}: points drawn, lines theory")
    light_grid(ax)
    ax.legend(frameon=False)
    return figure


def table(effort: Effort) -> str:
    """Return theory against drawn features by learning rate, and those against drawn samples."""
    sizes, draws = ((40,), 16) if effort.quick else ((40, 160), 64)
    M, steps = (60, 100) if effort.quick else (120, 300)
    rows = []
    for alpha, beta in _POINTS:
        spectrum = Spectrum.source_capacity(2 * alpha, 2 * (alpha + beta), M)
        for N in sizes:
            limit = sgd_stability_limit(spectrum, N)
            rows += [
                [SgdPhase.of(alpha, beta).name, str(N), *_cells(spectrum, N, lr, steps, draws)]
                for lr in (*_RATES, _NEAR * limit)
            ]
    return markdown(_HEADS, rows) + "\n"


def _cells(spectrum: Spectrum, N: int, lr: float, steps: int, draws: int) -> list[str]:
    """Return the losses after `steps`, in units of the null loss, and their differences."""
    predicted = float(one_pass_sgd(spectrum, [steps], N=N, lr=lr)[0])
    exact = expected_one_pass_sgd(spectrum, [steps], N=N, lr=lr, draws=draws)[:, 0]
    drawn = simulate_one_pass_sgd(spectrum, [steps], N=N, lr=lr, draws=draws)[:, 0]
    mean, unit = exact.mean(), spectrum.null_loss
    if mean > unit:
        diverging = "some features diverge"
        cells = [f"median {np.median(exact) / unit:.3e}", diverging, diverging]
    else:
        error = standard_errors(exact, axis=0) / mean
        apart, noise = (drawn - exact).mean() / mean, standard_errors(drawn - exact, axis=0) / mean
        cells = [
            f"{mean / unit:.3e}",
            f"{100 * (predicted / mean - 1):+.1f} ± {100 * error:.1f} %",
            f"{100 * apart:+.1f} ± {100 * noise:.1f} %",
        ]
    share = lr / sgd_stability_limit(spectrum, N)
    return [f"{lr:.3g}", f"{share:.2f}", f"{predicted / unit:.3e}", *cells]
