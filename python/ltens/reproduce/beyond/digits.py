"""Digits by classification: cross entropy and 0/1 error against width and samples.

ReLU networks in muP (2203.03466), so that one learning rate serves all widths and there is a limit
of infinite width. Every draw parts the 1437 training images anew: 1200 to learn from, of which
more samples hold the fewer, and 237 whose smallest loss decides when to stop. The other 360 images,
the same for all, are the test.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..._typing import Floats, Ints
from ...fitting import Law, fit
from ...randomness import generator
from ...sweeps.sweeping import sweep
from ...tables import estimate, markdown, number
from ...training.settings import Training
from ...training.task import Task
from ..effort import Effort

POOL = 1200  # images to learn from; the others of the training part say when to stop
FEW = 64  # samples at which networks far wider than the others are trained, too
FAR = 2048  # neurons of these
_BASE = 32
_PARTS_STREAM = 11  # spawn key, of the parts of each draw
QUANTITIES = {"loss": "cross entropy", "error": "error"}


@dataclass(frozen=True, eq=False)
class Grid:
    """Losses and errors on the test images, mean over the starts of each draw of the data.

    Attributes
    ----------
    widths, samples : tuple of int
    values : dict of str to (W, K, R) float64
        "loss" and "error" at each width, number of samples and draw.
    far : (R,) float64
        Loss of networks of `FAR` neurons from `FEW` samples.
    """

    widths: tuple[int, ...]
    samples: tuple[int, ...]
    values: dict[str, Floats] = field(repr=False)
    far: Floats = field(repr=False)

    def against_width(self, quantity: str, samples: int) -> Floats:
        """Return the (W, R) values at a number of samples."""
        return np.asarray(self.values[quantity][:, self.samples.index(samples)])

    def against_samples(self, quantity: str, width: int) -> Floats:
        """Return the (K, R) values at a width."""
        return np.asarray(self.values[quantity][self.widths.index(width)])

    def above_far(self) -> Floats:
        """Return (W, R) losses at `FEW` samples, with the far ones of each draw at their mean.

        Draws of the data move the losses of all widths together: this takes it out.
        """
        return np.asarray(self.against_width("loss", FEW) - self.far + self.far.mean())


def training(effort: Effort) -> Training:
    """Return batches of 32, Adam, a cosine; the best of 40 looks at the held-out images stays."""
    steps = 100 if effort.quick else 2_000
    return Training(
        steps=steps,
        lr=0.01,
        schedule="cosine",
        batch_size=32,
        held_out_every=steps // 40 if steps > 400 else 10,
        parametrization="mup",
        base_width=_BASE,
    )


def parts(draw: int) -> tuple[Task, Task]:
    """Return the images to learn from and those that say when to stop."""
    whole = Task.digits("train")
    order = generator(draw, _PARTS_STREAM).permutation(whole.samples)
    labels = whole.y.argmax(axis=1)

    def part(rows: Ints) -> Task:
        return Task(
            whole.x[rows],
            labels[rows],
            loss=whole.loss,
            classes=whole.classes,
            name=whole.name,
            domain=whole.domain,
        )

    return part(order[:POOL]), part(order[POOL:])


def measured(effort: Effort) -> Grid:
    """Train N = 2 to 256 on 32 to 1024 samples, 4 starts on each of 12 draws; less if quick."""
    widths = tuple(2**k for k in range(1, 8 if effort.quick else 9))
    samples = tuple(2**k for k in range(5, 10 if effort.quick else 11))
    seeds, draws = (2, 3) if effort.quick else (4, 12)
    neurons = FAR // 8 if effort.quick else FAR
    grids = [_losses(effort, "", draw, (widths, samples), seeds) for draw in range(draws)]
    far = [_losses(effort, "-far", draw, ((neurons,), (FEW,)), 2) for draw in range(draws)]
    values = {name: np.stack([each[name] for each in grids], axis=-1) for name in QUANTITIES}
    return Grid(widths, samples, values, np.array([each["loss"].item() for each in far]))


def _losses(
    effort: Effort,
    kind: str,
    draw: int,
    sizes: tuple[tuple[int, ...], tuple[int, ...]],
    seeds: int,
) -> dict[str, Floats]:
    """Return the (W, K) means over starts of one draw."""
    task, held_out = parts(draw)
    widths, samples = sizes
    ds = sweep(
        widths,
        range(draw * seeds, (draw + 1) * seeds),
        activations="relu",
        task=task,
        over={"samples": list(samples)},
        evaluation=Task.digits("test"),
        held_out=held_out,
        training=training(effort),
        threads=effort.threads,
        store=effort.store(f"digits{kind}-{draw}"),
        progress=False,
    ).isel(activation=0)
    return {name: ds[name].mean("seed").transpose("width", "samples").values for name in QUANTITIES}


def law(sizes: tuple[int, ...], values: Floats) -> Law:
    """Return the law of the means over draws; values are (K, R)."""
    return fit(sizes, values, statistic="mean", bootstrap=0)


def table(effort: Effort) -> str:
    """Return means, and what is said first of the law of each curve."""
    grid = measured(effort)
    held_samples, held_widths = (FEW, grid.samples[-1]), (grid.widths[1], grid.widths[-1])
    rows = []
    for quantity, name in QUANTITIES.items():
        for count in held_samples:
            curve = grid.against_width(quantity, count)
            rows.append((f"{name} against N", f"D = {count}", *_cells(grid.widths, curve)))
        for width in held_widths:
            curve = grid.against_samples(quantity, width)
            rows.append((f"{name} against D", f"N = {width}", *_cells(grid.samples, curve)))
    heads = ("curve", "at", "means at each size", "exponent at the large end", "law that holds")
    return markdown(heads, rows) + "\n"


def _cells(sizes: tuple[int, ...], values: Floats) -> tuple[str, str, str]:
    found = law(sizes, values)
    means = ", ".join(f"{mean:.3g}" for mean in values.mean(axis=1))
    end = found.slopes.at_the_end(0.95)
    first, last = end.range
    return means, f"{end}, {first:g}–{last:g}", _said(found)


def _said(found: Law) -> str:
    """Return the law in a cell, or that none holds."""
    if not found.holds:
        return "none"
    low, high = found.range
    exponent = estimate(found.exponent, found.interval(), ".2f")
    floor = f", floor {number(found.floor, '.2g')}" if found.floor else ""
    return f"{found.model.replace('_', ' ')}, {low:g}–{high:g}: {exponent}{floor}"
