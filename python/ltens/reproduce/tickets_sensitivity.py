"""The exponent under other protocols: really trained sweeps, one change at a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..protocol import Training
from ..sweeps import sweep
from ..task import Task
from ..tickets import Sensitivity, sensitivity

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

WIDTHS = (5, 10, 20, 40, 80)
SEEDS = 100
_SQUARE: dict[str, Any] = {"function": "square"}

# What differs from the base: arguments of Task.from_function, of Training and of sweep.
VARIANTS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "base": ({}, {}, {}),
    "interval [-1, 1]": ({"domain": (-1.0, 1.0)}, {}, {}),
    "interval [-4, 4]": ({"domain": (-4.0, 4.0)}, {}, {}),
    "interval [-1, 2]": ({"domain": (-1.0, 2.0)}, {}, {}),
    "100 samples": ({"samples": 100}, {}, {}),
    "10,000 samples": ({"samples": 10_000}, {}, {}),
    "random samples": ({"sampling": "random"}, {}, {}),
    "init lecun": ({}, {}, {"init": "lecun"}),
    "init he": ({}, {}, {"init": "he"}),
    "init xavier": ({}, {}, {"init": "xavier"}),
    "init ntk": ({}, {}, {"init": "ntk"}),
    "init mean_field": ({}, {}, {"init": "mean_field"}),
    "lr x 0.3": ({}, {"lr": 0.003}, {}),
    "lr x 3": ({}, {"lr": 0.03}, {}),
    "no decay": ({}, {"lr_decay": 1.0}, {}),
    "half as long": ({}, {"steps": 0.5}, {}),
    "4 x longer": ({}, {"steps": 4.0}, {}),
    "10 x longer": ({}, {"steps": 10.0}, {}),
    "float64": ({}, {}, {"dtype": "float64"}),
    "other activations": ({}, {}, {"activations": ("gelu", "tanh", "softplus", "leaky_relu")}),
    "target x^3 (odd)": ({"function": "cube"}, {}, {}),
    "target |x| (even, kink)": ({"function": "abs"}, {}, {}),
    "target sin x (odd)": ({"function": "sin"}, {}, {}),
    "target exp x (neither)": ({"function": "exp"}, {}, {}),
    "dimension 2": ({"dimension": 2, "samples": 1024}, {}, {"seeds": 8}),
}


def make(quick: bool, threads: int) -> str:
    """Return the table."""
    return measured(quick=quick, threads=threads).table() + "\n"


def draw(quick: bool, threads: int) -> Figure:
    """Return the forest plot."""
    from ..plot import sensitivity as forest

    figure: Any = forest(measured(quick=quick, threads=threads)).figure
    return figure  # type: ignore[no-any-return]


def measured(
    *,
    quick: bool = False,
    threads: int | None = None,
    folder: Path | None = None,
    names: tuple[str, ...] | None = None,
    seeds: int = SEEDS,
) -> Sensitivity:
    """Train every variant, or those named, and fit its exponent over widths 5 to 80.

    With a folder, each sweep is kept in a store there, and not trained again.
    """
    few = ("base", "interval [-1, 1]", "lr x 3", "4 x longer")
    chosen = names or (few if quick else tuple(VARIANTS))

    def train(name: str) -> xr.Dataset:
        return _sweep(name, quick=quick, threads=threads, folder=folder, seeds=seeds)

    return sensitivity(train, chosen)


def _sweep(
    name: str, *, quick: bool, threads: int | None, folder: Path | None, seeds: int
) -> xr.Dataset:
    task, training, options = VARIANTS[name]
    steps = round((2_000 if quick else 50_000) * training.get("steps", 1.0))
    count = min(options.get("seeds", seeds), 12 if quick else seeds)
    rest = {key: value for key, value in options.items() if key != "seeds"}
    file = name.replace(" ", "-").replace("/", "-")
    return sweep(
        WIDTHS[:3] if quick else WIDTHS,
        count,
        task=Task.from_function(**(_SQUARE | task)),
        training=Training(**(training | {"steps": steps, "lr_decay_every": max(1, steps // 5)})),
        threads=threads,
        store=None if folder is None else folder / f"sensitivity-{file}{'-quick' * quick}.ltens",
        progress=False,
        **rest,
    )
