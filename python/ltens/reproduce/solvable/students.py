"""A linear student saturates at the number of inputs, nonlinear ones go on as power laws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...plot.style import light_grid
from ...solvable import Neurons, Spectrum, theory
from ..effort import Effort
from ..figures import log_integers, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def make(effort: Effort) -> Figure:
    """Draw students of a ReLU teacher of 1500 neurons; 30 inputs falling as k^-1.5."""
    inputs, M = (10, 300) if effort.quick else (30, 1500)
    teacher = Neurons(Spectrum.power_law(0.5, inputs), M)
    N = log_integers(3, M // 3, 8 if effort.quick else 11)
    figure, ax = new_figure()
    kinds = {
        "linear": ("s", "#0072B2", "linear features of the inputs"),
        "neurons": ("D", "#D55E00", "new ReLU neurons"),
        "projection": ("o", "#009E73", "projections of the teacher's neurons"),
    }
    for kind, (marker, colour, label) in kinds.items():
        loss = teacher.student_loss(N, kind, draws=2)
        ax.plot(N, loss.mean(axis=1), marker, color=colour, markersize=4.5, label=label)
    grid = np.geomspace(N[0], N[-1], 80)
    predicted = theory(teacher.spectrum(), N=grid, T=np.inf).test_loss
    ax.plot(grid, predicted, color="#009E73", label="theory from the neurons' spectrum")
    ax.axhline(teacher.linear_loss(), color="#0072B2", linestyle=":", label="linear limit")
    ax.set(xscale="log", yscale="log", xlabel="features N", ylabel="test loss, endless data")
    ax.set(title=f"Teacher: {M} ReLU neurons of {inputs} inputs")
    light_grid(ax)
    ax.legend(frameon=False)
    return figure
