"""The best learning rate at each width, in the standard parametrisation and in muP (2203.03466).

SiLU networks on y = x^2 at 1000 points, the learning rate falling as a cosine; the median loss of
the seeds decides. muP is the standard one at N = 32.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..._typing import Floats, Ints
from ...sweeps.sweeping import sweep
from ...tables import markdown
from ...training.settings import Training
from ..effort import Effort

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BASE = 32
PROTOCOLS = (("adam", 500), ("adam", 5_000), ("sgd", 500))  # optimizer, steps
COMPARED = ("standard", "mup")
_DRAWS = 1000  # of the seeds


@dataclass(frozen=True, eq=False)
class Scan:
    """The losses of one parametrisation.

    Attributes
    ----------
    widths : (W,) int64
    rates : (L,) float64
    losses : (W, L, S) float64
        Infinite where a network diverged.
    """

    widths: Ints
    rates: Floats
    losses: Floats

    @property
    def medians(self) -> Floats:
        """The (W, L) medians over seeds."""
        return np.asarray(np.median(self.losses, axis=-1))

    @property
    def best(self) -> Ints:
        """The (W,) places of the best learning rates."""
        return np.asarray(self.medians.argmin(axis=1))

    def interval(self) -> tuple[Floats, Floats]:
        """Return the (W,) ends of 95 % intervals of the best learning rates, from other seeds."""
        rng = np.random.default_rng(0)
        count = self.losses.shape[-1]
        drawn = np.array([
            self.rates[np.median(self.losses[:, :, pick], axis=-1).argmin(axis=1)]
            for pick in rng.integers(count, size=(_DRAWS, count))
        ])  # fmt: skip
        low, high = np.quantile(drawn, [0.025, 0.975], axis=0, method="nearest")
        return low, high

    def price(self) -> Floats:
        """Return the (W,) medians at the best rate of the base width, over those at their own."""
        rows = np.arange(len(self.widths))
        carried = self.best[np.flatnonzero(self.widths == BASE)[0]]
        return np.asarray(self.medians[:, carried] / self.medians[rows, self.best])


def measured(effort: Effort, parametrization: str, optimizer: str, steps: int) -> Scan:
    """Train all: N = 8 to 1024, 10 rates from 2^-9 to 1, 16 seeds; less if quick."""
    widths = [8, 32, 128] if effort.quick else [2**k for k in range(3, 11)]
    rates: Floats = np.exp2(np.arange(-9.0, 1.0, 3 if effort.quick else 1))
    losses = [
        sweep(
            widths,
            4 if effort.quick else 16,
            activations="silu",
            training=Training(
                steps=steps // 5 if effort.quick else steps,
                lr=lr,
                schedule="cosine",
                optimizer=optimizer,
            ),
            parametrization=parametrization,
            base_width=BASE,
            threads=effort.threads,
            progress=False,
        ).loss.values[0]
        for lr in rates.tolist()
    ]
    found = np.stack(losses, axis=1)  # (W, L, S)
    return Scan(np.array(widths), rates, np.where(np.isfinite(found), found, np.inf))


def make(effort: Effort) -> Figure:
    """Draw the median loss against the learning rate for each width, and the best against N."""
    import matplotlib.pyplot as plt

    figure, grid = plt.subplots(len(PROTOCOLS), 3, figsize=(12.0, 10.5), layout="constrained")
    for axes, (optimizer, steps) in zip(grid, PROTOCOLS, strict=True):
        for ax, parametrization in zip(axes, COMPARED, strict=False):
            scan = measured(effort, parametrization, optimizer, steps)
            _draw_losses(ax, scan, f"{parametrization}, {optimizer}, {steps:,} steps")
            _draw_best(axes[2], scan, parametrization)
        axes[1].sharey(axes[0])
        axes[0].autoscale(axis="y")
        axes[2].legend(frameon=False)
    return figure


def _draw_losses(ax: Axes, scan: Scan, title: str) -> None:
    from matplotlib import colormaps

    from ...plot.style import light_grid

    for w, width in enumerate(scan.widths.tolist()):
        colour = colormaps["viridis"](0.9 * (1 - w / max(len(scan.widths) - 1, 1)))
        line, best = scan.medians[w], scan.best[w]
        ax.plot(scan.rates, line, color=colour, linewidth=1.2, label=f"N = {width}")
        ax.plot(scan.rates[best], line[best], "o", color=colour, markersize=5)
    ax.set(xscale="log", yscale="log", xlabel="learning rate", ylabel="median loss", title=title)
    ax.set_xscale("log", base=2)
    light_grid(ax)
    ax.legend(frameon=False, fontsize=7, ncols=2)


def _draw_best(ax: Axes, scan: Scan, label: str) -> None:
    from ...plot.style import COLOURS, MARKERS, light_grid, mark_sizes

    k = COMPARED.index(label)
    best, (low, high) = scan.rates[scan.best], scan.interval()
    shifted = scan.widths * (0.97, 1.03)[k]
    ax.errorbar(
        shifted, best, yerr=(best - low, high - best), color=COLOURS[k], marker=MARKERS[k],
        markersize=5, capsize=2, label=label,
    )  # fmt: skip
    ax.set(xscale="log", xlabel="width N", ylabel="best learning rate, 95 % of other seeds")
    ax.set_yscale("log", base=2)
    mark_sizes(ax, scan.widths)
    light_grid(ax)


def table(effort: Effort) -> str:
    """Return the best learning rates, and what that of the base width costs at the others."""
    heads = (
        "optimizer",
        "steps",
        "parametrisation",
        "N",
        "best lr",
        "95 % of other seeds",
        "median loss",
        "with lr of 32",
    )
    rows = []
    for (optimizer, steps), parametrization in itertools.product(PROTOCOLS, COMPARED):
        scan = measured(effort, parametrization, optimizer, steps)
        low, high = scan.interval()
        price = scan.price()
        for w, width in enumerate(scan.widths.tolist()):
            best = scan.best[w]
            ends = f"{low[w]:.4g} to {high[w]:.4g}"
            loss = f"{scan.medians[w, best]:.2e}"
            cells = (f"{scan.rates[best]:.4g}", ends, loss, f"× {price[w]:.3g}")
            rows.append((optimizer, steps, parametrization, width, *cells))
    return markdown(heads, rows) + "\n"
