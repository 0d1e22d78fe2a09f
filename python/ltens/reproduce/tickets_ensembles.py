"""The trained networks behind the tables and figures on lottery tickets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..parameters import Networks
from ..protocol import Training
from ..sweeps import sweep
from ..task import Task
from ..validation import one_of


@dataclass(frozen=True)
class Protocol:
    """What is trained. The first paper's protocol unless another value is given.

    Attributes
    ----------
    widths : tuple of int
    seeds : int
    domain : (low, high)
    stretch : int
        Times the steps, the decays of the learning rate as many times further apart.
    activations : tuple of str
    """

    widths: tuple[int, ...] = (1, 2, 3, 4, 5, 10, 20, 40, 50, 80, 100)
    seeds: int = 500
    domain: tuple[float, float] = (-2.0, 2.0)
    stretch: int = 1
    activations: tuple[str, ...] = ("relu", "silu")

    @property
    def task(self) -> Task:
        """Of 1000 points of y = x^2."""
        return Task.from_function("square", domain=self.domain)

    def training(self, steps: int = 50_000) -> Training:
        """Return the schedule, from so many steps stretched."""
        long = steps * self.stretch
        return Training(steps=long, lr_decay_every=max(1, long // 5))


_LONG = (5, 10, 20, 40, 80)
PROTOCOLS = {
    "base": Protocol(),
    "unit": Protocol(seeds=100, domain=(-1.0, 1.0)),
    "four": Protocol(widths=_LONG, seeds=50, stretch=4),
    "ten": Protocol(widths=_LONG, seeds=24, stretch=10),
    "skewed": Protocol(widths=(10, 80), seeds=30, domain=(-1.0, 2.0)),
    "small": Protocol(widths=(1, 2, 3), seeds=1000),
    "huge": Protocol(widths=(10_000,), seeds=1, activations=("silu",)),
    "huge-unit": Protocol(widths=(10_000,), seeds=1, domain=(-1.0, 1.0), activations=("silu",)),
}
_QUICK_WIDTHS = (1, 2, 4, 5, 10, 20)


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Trained networks of one activation.

    Attributes
    ----------
    nets : dict of width to Networks
        Those that finished well.
    loss : dict of width to (S,) float64
    diverged : int
    task : Task
    """

    nets: dict[int, Networks]
    loss: dict[int, NDArray[np.float64]]
    diverged: int
    task: Task


def protocol(name: str, *, quick: bool = False) -> Protocol:
    """Return a protocol; a quick one has few seeds and narrow networks.

    Examples
    --------
    >>> protocol("base").seeds, protocol("base", quick=True).seeds
    (500, 24)
    """
    one_of(name, tuple(PROTOCOLS), "name")
    full = PROTOCOLS[name]
    if not quick:
        return full
    widths = tuple(n for n in full.widths if n in _QUICK_WIDTHS) or (200,)
    return replace(full, widths=widths, seeds=min(full.seeds, 24))


def train_protocol(
    name: str, *, quick: bool = False, threads: int | None = None, folder: Path | None = None
) -> dict[str, Ensemble]:
    """Train a protocol, or read it from a store in `folder` as far as it is there.

    Returns
    -------
    dict of activation to Ensemble
    """
    chosen = protocol(name, quick=quick)
    task = chosen.task
    ds: Any = sweep(
        chosen.widths,
        chosen.seeds,
        activations=chosen.activations,
        task=task,
        training=chosen.training(2_000 if quick else 50_000),
        threads=threads,
        store=None if folder is None else folder / f"{name}{'-quick' * quick}.ltens",
        progress=False,
        checkpoints=24,
        keep_networks=True,
    )
    return {
        activation: _ensemble(ds.sel(activation=activation), activation, task)
        for activation in chosen.activations
    }


def _ensemble(ds: Any, activation: str, task: Task) -> Ensemble:
    nets, losses, diverged = {}, {}, 0
    for n in ds["width"].values.tolist():
        one = ds.sel(width=n)
        good = one["status"].values == 0
        parts = {k: np.ascontiguousarray(ds[f"{k}_{n}"].values[good]) for k in "wbac"}
        nets[n] = Networks(**parts, activation=activation)
        losses[n] = one["loss"].values[good]
        diverged += int(np.sum(~good))
    return Ensemble(nets, losses, diverged, task)
