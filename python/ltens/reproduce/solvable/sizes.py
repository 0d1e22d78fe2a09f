"""F8 and F9: the test loss against T for several N near the best ridge, and the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...plot import solvable_loss
from ...solvable import Asymptotics, Spectrum, sweep
from ..effort import Effort
from ..figures import log_integers, new_figure, slope_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def against_samples(effort: Effort) -> Figure:
    """Draw F8: N = 100 and 400."""
    return _make("T", effort)


def against_features(effort: Effort) -> Figure:
    """Draw F9: T = 100 and 400."""
    return _make("N", effort)


def _make(against: str, effort: Effort) -> Figure:
    M, fixed, high = (800, [10, 40], 400) if effort.quick else (6000, [25, 100, 400], 4000)
    spectrum, law = Spectrum.power_law(1.0, M), Asymptotics(1.0, M)
    other = "N" if against == "T" else "T"
    ridge = float(law.optimal_ridge(1, 1))  # for alpha = 1 the same at all sizes
    moving = log_integers(3, high, 8 if effort.quick else 14)
    ds = sweep(
        spectrum,
        **{against: moving, other: fixed},  # type: ignore[arg-type]
        ridge=ridge,
        draws=4,
        threads=effort.threads,
        progress=False,
    )
    figure, ax = new_figure()
    solvable_loss(ds, against=against, ax=ax)
    grid = np.geomspace(3, high, 100)
    for i, n in enumerate(fixed):
        simple = law.phenomenological_loss(grid, n)
        ax.plot(grid, simple, ":", color="0.3", label=None if i else "L₀ (1/N + 1/T), M → ∞")
    slope_line(ax, (3.0, 30.0), 0.6 * float(ds["theory"].max()), -1.0, "slope −1")
    ax.set(title=f"α = 1, M = {M}, ridge {ridge:.1e}: power law, then a plateau")
    ax.legend(frameon=False)
    return figure
