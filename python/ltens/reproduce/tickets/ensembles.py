"""The trained networks behind the tables and figures on lottery tickets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..._typing import Floats
from ...status import is_ok
from ...sweeps.sweeping import sweep
from ...training.networks import Networks
from ...training.settings import Training
from ...training.task import Task
from ...training.trainer import train
from ...validation import one_of
from ..effort import Effort

if TYPE_CHECKING:
    import xarray as xr


# Dense enough for an exponent over half a decade to rest on six widths or more.
WIDTHS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 25, 30, 40, 50, 60, 70, 80, 100)
FEWER = (5, 7, 10, 14, 20, 28, 40, 56, 80)
_FEWEST = (5, 10, 20, 40, 80)
_WIDEST = (100, 140, 200, 280, 400)
_DOUBLED = (1, 2, 4, *_FEWEST)  # with the widths of the smallest pairs
INITS = ("torch", "lecun", "he", "xavier", "ntk", "mean_field")


@dataclass(frozen=True)
class Protocol:
    """What is trained. The first paper's protocol unless another value is given.

    Attributes
    ----------
    title : str
        What tables call it.
    widths : tuple of int
    seeds : int
    domain : (low, high)
    stretch : int
        Times the steps, the decays of the learning rate as many times further apart.
    stop : int, optional
        Stop the schedule of 50,000 steps after so many: a checkpoint of the same trajectory.
    activations : tuple of str
    one_sided : bool
        Start with every input weight positive: an initial law that is not mirror-symmetric.
    init : str
        The initial law, a name of `ltens.Networks.init`.
    dimension : int
        Of x; y is the sum of squares, on a grid of 1024 points if above 1.
    """

    title: str
    widths: tuple[int, ...] = WIDTHS
    seeds: int = 500
    domain: tuple[float, float] = (-2.0, 2.0)
    stretch: int = 1
    stop: int | None = None
    activations: tuple[str, ...] = ("relu", "silu")
    one_sided: bool = False
    init: str = "torch"
    dimension: int = 1

    @property
    def task(self) -> Task:
        """Of 1000 points of y = x^2."""
        if self.dimension == 1:
            return Task.from_function("square", domain=self.domain)
        return Task.from_function(
            "square", domain=self.domain, dimension=self.dimension, samples=1024
        )

    def training(self, steps: int = 50_000) -> Training:
        """Return the schedule, from so many steps stretched or stopped."""
        long = steps * self.stretch
        last = long if self.stop is None else max(1, steps * self.stop // 50_000)
        return Training(steps=last, lr_decay_every=max(1, long // 5))


_UNIT, _SKEWED = (-1.0, 1.0), (-1.0, 2.0)
PROTOCOLS = {
    "base": Protocol("[-2, 2]"),
    "unit": Protocol("[-1, 1]", domain=_UNIT),
    "wide": Protocol("[-2, 2], wide", _WIDEST, seeds=50),
    "wide-ten": Protocol("[-2, 2], wide, 10 x longer", _WIDEST, seeds=20, stretch=10),
    "unit-wide": Protocol("[-1, 1], wide", _WIDEST, seeds=50, domain=_UNIT),
    "four": Protocol("[-2, 2], 4 x longer", widths=FEWER, seeds=200, stretch=4),
    "ten": Protocol("[-2, 2], 10 x longer", widths=FEWER, seeds=200, stretch=10),
    "forty": Protocol("[-2, 2], 40 x longer", widths=_FEWEST, seeds=64, stretch=40),
    "unit-ten": Protocol("[-1, 1], 10 x longer", FEWER, seeds=100, domain=_UNIT, stretch=10),
    **{
        f"stop-{n}": Protocol(f"[-2, 2], step {n:,}", _DOUBLED, seeds=200, stop=n)
        for n in (500, 2_000, 5_000, 10_000, 20_000, 50_000)
    },
    "doubled": Protocol("[-2, 2]", _DOUBLED),
    **{
        f"init-{init}": Protocol(f"init {init}", (10, 20, 40, 80), seeds=100, init=init)
        for init in INITS
    },
    "line": Protocol("d = 1", widths=(5, 10, 20), seeds=32),
    "plane": Protocol("d = 2", widths=(5, 10, 20), seeds=32, dimension=2),
    "skewed": Protocol("[-1, 2]", widths=(10, 80), seeds=100, domain=_SKEWED),
    "one-sided": Protocol("[-2, 2], w > 0 at start", widths=(10, 80), seeds=100, one_sided=True),
    "small": Protocol("[-2, 2]", widths=(1, 2, 3), seeds=1000),
    "small-unit": Protocol("[-1, 1]", widths=(1, 2, 3), seeds=1000, domain=_UNIT),
    "huge": Protocol("[-2, 2]", widths=(10_000,), seeds=4, activations=("silu",)),
    "huge-unit": Protocol(
        "[-1, 1]", widths=(10_000,), seeds=4, domain=_UNIT, activations=("silu",)
    ),
}
_QUICK_WIDTHS = (1, 2, 4, 5, 7, 10, 14, 20)


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
    loss: dict[int, Floats]
    diverged: int
    task: Task

    def living(self, width: int) -> int:
        """Return how many networks are better than half the target's variance."""
        return int(np.sum(self.loss[width] <= 0.5 * np.var(self.task.y)))

    def living_pairs(self) -> dict[int, Networks]:
        """Return the widths with two living networks; none unless one is twice another."""
        alive = {n: nets for n, nets in self.nets.items() if self.living(n) >= 2}
        return alive if any(2 * n in alive for n in alive) else {}


Ensembles = dict[str, dict[str, Ensemble]]  # by protocol, then activation


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


def train_protocol(name: str, effort: Effort) -> dict[str, Ensemble]:
    """Train a protocol, or read it from a store in the folder as far as it is there.

    Returns
    -------
    dict of activation to Ensemble
    """
    chosen = protocol(name, quick=effort.quick)
    if chosen.one_sided:
        return {a: _one_sided(chosen, a, effort) for a in chosen.activations}
    ds: Any = sweep_protocol(name, effort)
    return {
        activation: _ensemble(ds.sel(activation=activation), activation, chosen.task)
        for activation in chosen.activations
    }


def sweep_protocol(name: str, effort: Effort) -> xr.Dataset:
    """Return the Dataset of a protocol, trained or read from its store in the folder."""
    chosen = protocol(name, quick=effort.quick)
    return sweep(
        chosen.widths,
        chosen.seeds,
        activations=chosen.activations,
        task=chosen.task,
        training=chosen.training(_steps(effort.quick)),
        threads=effort.threads,
        store=effort.store(name),
        progress=False,
        checkpoints=24,
        keep_networks=True,
        init=chosen.init,
    )


def _steps(quick: bool) -> int:
    return 2_000 if quick else 50_000


def _one_sided(chosen: Protocol, activation: str, effort: Effort) -> Ensemble:
    """Train from input weights made positive; sweeps start from named laws, all symmetric."""
    nets, loss, diverged = {}, {}, 0
    for n in chosen.widths:
        start = Networks.init(n, chosen.seeds, activation=activation)
        start = Networks(np.abs(start.w), start.b, start.a, start.c, activation=activation)
        run = train(
            start, chosen.task, chosen.training(_steps(effort.quick)), threads=effort.threads
        )
        good = is_ok(run.status)
        nets[n], loss[n] = run.networks[good], run.loss[good]
        diverged += int(np.sum(~good))
    return Ensemble(nets, loss, diverged, chosen.task)


def _ensemble(ds: Any, activation: str, task: Task) -> Ensemble:
    nets, losses, diverged = {}, {}, 0
    for n in ds["width"].values.tolist():
        one = ds.sel(width=n)
        good = is_ok(one["status"].values)
        parts = {k: np.ascontiguousarray(ds[f"{k}_{n}"].values[good]) for k in "wbac"}
        nets[n] = Networks(**parts, activation=activation)
        losses[n] = one["loss"].values[good]
        diverged += int(np.sum(~good))
    return Ensemble(nets, losses, diverged, task)
