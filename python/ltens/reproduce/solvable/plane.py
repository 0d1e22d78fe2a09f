"""The test loss over the plane of N and T: without a ridge, and with the best one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plot import solvable_phases
from ...solvable import Spectrum
from ..effort import Effort
from ..figures import new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def make(effort: Effort) -> Figure:
    """Draw the plane for alpha = 1."""
    spectrum = Spectrum.power_law(1.0, 60 if effort.quick else 300)
    figure, axes = new_figure(2, width=11.0, height=4.6)
    solvable_phases(spectrum, ridge=0.0, ax=axes[0])
    solvable_phases(spectrum, ridge="optimal", ax=axes[1])
    axes[0].set(title=f"no ridge, M = {spectrum.M}, α = 1")
    axes[1].set(title="the best ridge: no peak at N = T")
    return figure
