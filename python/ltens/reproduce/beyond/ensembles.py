"""Averages of k narrow classifiers beside one of k times the width, on digits.

The networks of `digits`, one parting of the images, many starts. Groups of k are disjoint, hence
independent; intervals are a bootstrap over groups, and over the wide networks' starts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ..._typing import Floats
from ...sweeps.sweeping import sweep
from ...tables import estimate, markdown
from ...training.networks import Networks
from ...training.task import Task
from ..effort import Effort
from ..figures import new_figure
from .class_averages import WAYS, Scores, averages, mean_interval, ratio_interval
from .digits import QUANTITIES, parts, training

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COUNTS = (2, 4, 8)


@dataclass(frozen=True, eq=False)
class Classifiers:
    """Scores of single networks and of averages.

    Attributes
    ----------
    widths : tuple of int
    scores : dict of (width, k, way) to Scores
        Of k = 1 and `COUNTS`; for k = 1 both ways are the same.
    """

    widths: tuple[int, ...]
    scores: dict[tuple[int, int, str], Scores] = field(repr=False)


def measured(effort: Effort) -> Classifiers:
    """Train N = 4 to 256, 128 starts; 16 if quick."""
    widths = tuple(2**k for k in range(2, 5 if effort.quick else 9))
    seeds = 16 if effort.quick else 128
    test = Task.digits("test")
    labels = test.y.argmax(axis=1)
    logits = _logits(effort, widths, seeds, test)
    return Classifiers(
        widths,
        {
            (width, k, way): averages(logits[width], labels, k, way)
            for width in widths
            for k in (1, *COUNTS)
            for way in WAYS
        },
    )


def _logits(effort: Effort, widths: tuple[int, ...], seeds: int, test: Task) -> dict[int, Floats]:
    """Return (S, M, C) outputs of each width on the test images."""
    task, held_out = parts(0)
    ds = sweep(
        widths,
        seeds,
        activations="relu",
        task=task,
        evaluation=test,
        held_out=held_out,
        training=training(effort),
        threads=effort.threads,
        store=effort.store("digits-ensembles"),
        keep_networks=True,
        progress=False,
    ).isel(activation=0)
    return {
        n: np.asarray(
            Networks(**{p: ds[f"{p}_{n}"].values for p in "wbac"}, activation="relu")(test.x),
            np.float64,
        )
        for n in widths
    }


def table(effort: Effort) -> str:
    """Return means and ratios: one network, k averaged both ways, one of k times the width."""
    found = measured(effort)
    heads = (
        "", "N", "k", "one network", *(f"mean of k {way}" for way in WAYS), "one of width kN",
        *(f"{way}, over width kN" for way in WAYS),
    )  # fmt: skip
    rows = [
        (name, width, k, *_cells(found, quantity, width, k))
        for quantity, name in QUANTITIES.items()
        for width in found.widths
        for k in COUNTS
        if k * width <= found.widths[-1]
    ]
    return markdown(heads, rows) + "\n"


def _cells(found: Classifiers, quantity: str, width: int, k: int) -> list[str]:
    def values(n: int, count: int, way: str) -> Floats:
        return np.asarray(getattr(found.scores[n, count, way], quantity))

    one, wide = values(width, 1, WAYS[0]), values(k * width, 1, WAYS[0])
    both = [values(width, k, way) for way in WAYS]
    means = [estimate(*mean_interval(each), ".3g") for each in (one, *both, wide)]
    return [*means, *(estimate(*ratio_interval(each, wide), ".2f") for each in both)]


def make(effort: Effort) -> Figure:
    """Draw loss and error against all neurons of an average: k N."""
    found = measured(effort)
    figure, axes = new_figure(2, width=11.0, height=4.6)
    for ax, (quantity, name) in zip(axes, QUANTITIES.items(), strict=True):
        ax.set(xscale="log", yscale="log", xlabel="neurons in all, k N", ylabel=f"test {name}")
        _draw(ax, found, quantity)
    axes[0].legend(frameon=False, fontsize=8)
    return figure


def _draw(ax: Axes, found: Classifiers, quantity: str) -> None:
    from ...plot.style import COLOURS, light_grid, mark_sizes

    widths = np.array(found.widths)
    kinds = [(1, WAYS[0]), *((k, way) for k in COUNTS for way in WAYS)]
    for k, way in kinds:
        values = [getattr(found.scores[n, k, way], quantity) for n in found.widths]
        means, ends = zip(*map(mean_interval, values), strict=True)
        low, high = np.array(ends).T
        colour = COLOURS[0 if k == 1 else 1 + COUNTS.index(k)]
        label = "one network" if k == 1 else f"k = {k}, {way}"
        ax.errorbar(
            k * widths, means, yerr=(np.array(means) - low, high - np.array(means)), color=colour,
            marker="o" if way == WAYS[0] else "s", linestyle="-" if way == WAYS[0] else "--",
            markersize=4, linewidth=1.2, capsize=2, label=label,
        )  # fmt: skip
    mark_sizes(ax, np.unique(np.outer((1, *COUNTS), widths)))
    light_grid(ax)
