"""What the loss of each width is made of, in the first paper's protocol and in muP.

The first paper (arXiv 2310.02258) trains all widths with one learning rate and calls the regression
of wide networks unfinished. In muP (2203.03466), the same at N = 70, with that learning rate and
with the one that is best at N = 70, the same budget says what is left for the optimiser to do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ..._typing import Floats
from ...sweeps.sweeping import sweep
from ...tables import estimate, markdown
from ...tickets import budget
from ...tickets.budget_table import WidthBudget
from ...training.settings import Training
from ...training.task import Task
from ..effort import Effort
from .protocol import BASE

if TYPE_CHECKING:
    import xarray as xr

ACTIVATIONS = ("silu", "relu")
_FIRST = 0.01  # the first paper's learning rate
_RATES = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
_TUNING_SEEDS = range(1000, 1016)  # none of the networks of the budget


def training(effort: Effort, lr: float) -> Training:
    """Return the first paper's protocol with another learning rate."""
    steps = 500 if effort.quick else 50_000
    return Training(steps=steps, lr=lr, lr_decay_every=max(1, steps // 5))


@dataclass(frozen=True, eq=False)
class Tuning:
    """Losses at N = 70 in muP and in the standard parametrisation, which are the same there.

    Attributes
    ----------
    rates : tuple of float
    losses : (L, S) float64
        Infinite where a network diverged.
    """

    rates: tuple[float, ...]
    losses: Floats = field(repr=False)

    @property
    def best(self) -> int:
        """The place of the learning rate with the smallest median loss."""
        return int(np.median(self.losses, axis=1).argmin())

    @property
    def at_end(self) -> bool:
        """Whether that is the smallest or the largest: a better one may lie beyond."""
        return self.best in {0, len(self.rates) - 1}

    def cells(self) -> list[str]:
        """Return the median loss and its quartiles at each rate."""
        return [_quartiles(each) for each in self.losses]


def tuning(effort: Effort, activation: str) -> Tuning:
    """Try 7 learning rates with 16 seeds, none of which is in a budget; less if quick."""
    rates = _RATES[1:4] if effort.quick else _RATES
    ds = sweep(
        [BASE],
        list(_TUNING_SEEDS)[: 4 if effort.quick else None],
        activations=activation,
        training=training(effort, _FIRST),
        over={"lr": list(rates)},
        threads=effort.threads,
        store=effort.store(f"budget-tuning-{activation}"),
        progress=False,
    )
    losses = ds.loss.isel(activation=0, width=0).sel(lr=list(rates)).transpose("lr", "seed").values
    return Tuning(rates, np.where(np.isfinite(losses), losses, np.inf))


def measured(effort: Effort, activation: str, parametrization: str, lr: float) -> xr.Dataset:
    """Train N = 10 to 1000, 24 seeds, and keep the networks; less if quick."""
    return sweep(
        [10, 40, 70] if effort.quick else [10, 40, 70, 100, 200, 400, 1000],
        4 if effort.quick else 24,
        activations=activation,
        training=training(effort, lr),
        parametrization=parametrization,
        base_width=BASE,
        threads=effort.threads,
        store=effort.store(f"budget-{activation}-{parametrization}-{lr:g}"),
        keep_networks=True,
        progress=False,
    )


def table(effort: Effort) -> str:
    """Return a budget for every activation, way of training and width; then the tuning."""
    heads = (
        "activation", "training", "N", "dead", "median loss [quartiles]", "mean loss",
        "approximation", "left by the optimiser", "of the loss, left by the optimiser",
        "of the loss, shared by seeds",
    )  # fmt: skip
    task = Task.from_function("square")
    rows = []
    tunings = {activation: tuning(effort, activation) for activation in ACTIVATIONS}
    for activation, found in tunings.items():
        rate = found.rates[found.best]
        ways = (
            ("standard", _FIRST, "standard"),
            ("mup", _FIRST, "muP"),
            ("mup", rate, f"muP, tuned{' (at an end)' if found.at_end else ''}"),
        )
        for parametrization, lr, name in ways:
            ds = measured(effort, activation, parametrization, lr)
            of_width = {row.width: row for row in budget(ds, task).rows}
            for width, row in of_width.items():
                cells = _cells(ds.loss.sel(width=width).values.ravel(), row)
                rows.append((activation, f"{name}, lr {lr:g}", width, row.excluded, *cells))
    columns = [found.cells() for found in tunings.values()]
    rates = next(iter(tunings.values())).rates
    tried = [(f"{lr:g}", *cells) for lr, *cells in zip(rates, *columns, strict=True)]
    tuning_heads = (f"lr, N = {BASE}", *ACTIVATIONS)
    return f"{markdown(heads, rows)}\n\n{markdown(tuning_heads, tried)}\n"


def _cells(losses: Floats, row: WidthBudget) -> list[str]:
    parts = [
        estimate(float(getattr(row, name)), row.intervals[name], ".1e")
        for name in ("loss", "approximation", "optimisation")
    ]
    shares = [
        estimate(row.shares[name], row.share_intervals[name], ".2f")
        for name in ("optimisation", "shared")
    ]
    return [_quartiles(losses), *parts, *shares]


def _quartiles(losses: Floats) -> str:
    low, middle, high = np.nanquantile(losses, [0.25, 0.5, 0.75])
    return estimate(middle, (low, high), ".1e")
