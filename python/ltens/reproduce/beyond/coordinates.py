"""The coordinate check of the standard parametrisation and of muP (Yang et al., 2203.03466)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plot.training.coordinates import coordinate_check as draw
from ...tables import markdown, with_error
from ...training.coordinates import QUANTITIES, CoordinateCheck, coordinate_check
from ...training.parametrization import PARAMETRIZATIONS
from ...training.settings import Training
from ..effort import Effort
from ..figures import new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BASE = 32
_LR = 0.01


def measured(effort: Effort, parametrization: str, optimizer: str = "adam") -> CoordinateCheck:
    """Return the check of SiLU networks on y = x^2 at N = 32 to 4096; to 512 if quick."""
    last = 10 if effort.quick else 13
    return coordinate_check(
        [2**k for k in range(5, last)],
        seeds=4 if effort.quick else 16,
        training=Training(lr=_LR, optimizer=optimizer, schedule="constant"),
        parametrization=parametrization,
        base_width=_BASE,
        threads=effort.threads,
    )


def make(effort: Effort) -> Figure:
    """Draw both under Adam."""
    figure, axes = new_figure(2, width=10.0)
    for ax, parametrization in zip(axes, ("standard", "mup"), strict=True):
        draw(measured(effort, parametrization), ax=ax)
    axes[1].sharey(axes[0])
    return figure


def table(effort: Effort) -> str:
    """Return the slopes of all parametrisations after 1 and 10 steps of Adam and of SGD."""
    steps = (1, 10)
    heads = ("optimizer", "parametrisation", "steps", *QUANTITIES.values())
    rows = []
    for optimizer in ("adam", "sgd"):
        for parametrization in PARAMETRIZATIONS:
            if (optimizer, parametrization) == ("sgd", "standard"):
                continue  # wide ones diverge at this learning rate
            check = measured(effort, parametrization, optimizer)
            slopes, errors = check.slopes, check.errors
            for t, count in enumerate(check.steps.tolist()):
                if count in steps:
                    cells = [with_error(slopes[q][t], errors[q][t], "+.3f") for q in QUANTITIES]
                    rows.append((optimizer, parametrization, count, *cells))
    return markdown(heads, rows) + "\n"
