"""The exponent under other protocols: really trained sweeps, one change at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ...sweeps.sweeping import sweep
from ...tables import formatted, markdown
from ...tickets import Sensitivity, Variant, sensitivity
from ...training.settings import Training
from ...training.task import Task
from ..effort import Effort
from .ensembles import FEWER, sweep_protocol
from .records import Record, ends, save

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

WIDTHS = FEWER
SEEDS = 100
_REFERENCE = 20  # the width whose median loss is shown beside
_QUICK = ("base", "interval [-1, 1]", "lr x 3", "half as long")
_MANY = "other activations"
_OTHERS = ("leaky_relu", "abs", "gelu", "softplus", "tanh", "sigmoid", "erf", "sin")

# What differs from the base: arguments of Task.from_function, of Training and of sweep.
VARIANTS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "base": ({}, {}, {}),
    "interval [-1, 1]": ({"domain": (-1.0, 1.0)}, {}, {}),
    "interval [-4, 4]": ({"domain": (-4.0, 4.0)}, {}, {}),
    "interval [-1, 2]": ({"domain": (-1.0, 2.0)}, {}, {}),
    "100 samples": ({"samples": 100}, {}, {}),
    "10,000 samples": ({"samples": 10_000}, {}, {}),
    "1000 random samples": ({"sampling": "random"}, {}, {}),
    "100 random samples": ({"sampling": "random", "samples": 100}, {}, {}),
    "init lecun": ({}, {}, {"init": "lecun"}),
    "init he": ({}, {}, {"init": "he"}),
    "init xavier": ({}, {}, {"init": "xavier"}),
    "init ntk": ({}, {}, {"init": "ntk"}),
    "init mean_field": ({}, {}, {"init": "mean_field"}),
    "lr x 0.3": ({}, {"lr": 0.003}, {}),
    "lr x 3": ({}, {"lr": 0.03}, {}),
    "lr not decayed": ({}, {"lr_decay": 1.0}, {}),
    "half as long": ({}, {"steps": 0.5}, {}),
    "4 x longer": ({}, {"steps": 4.0}, {}),
    "10 x longer": ({}, {"steps": 10.0}, {}),
    "float64": ({}, {}, {"dtype": "float64"}),
    "target x³ (odd)": ({"function": "cube"}, {}, {}),
    "target sin x (odd)": ({"function": "sin"}, {}, {}),
    "target abs x (even, kink)": ({"function": "abs"}, {}, {}),
    "target exp(-x²/2) (even)": ({"function": "gaussian"}, {}, {}),
    "target exp x (neither)": ({"function": "exp"}, {}, {}),
    _MANY: ({}, {}, {"activations": _OTHERS}),
    "dimension 2": ({"dimension": 2, "samples": 1024}, {}, {"seeds": 8}),
}
_TRAINED = {"4 x longer": "four", "10 x longer": "ten"}  # with networks kept: not trained twice


def make(effort: Effort) -> str:
    """Return the table."""
    found = records(effort)
    save(found, effort.table("sensitivity"))
    columns = {
        "protocol": "{protocol}",
        "activation": "{activation}",
        "α, N = 5 to 80 [95 %]": "{exponent:.2f} [{exponent_low:.2f}, {exponent_high:.2f}]",
        "scatter, dex": "{scatter:.2f}",
        "α, N = 5 to 28": "{narrow:.2f} [{narrow_low:.2f}, {narrow_high:.2f}]",
        "median loss, N = 20": "{loss:.1e}",
        "seeds": "{seeds}",
        "diverged": "{excluded}",
    }
    return markdown(*formatted(found, columns)) + "\n"


def draw(effort: Effort) -> Figure:
    """Return the forest plot."""
    from ...plot import sensitivity as forest

    rows = measured(effort).rows
    figure: Any = forest(Sensitivity(tuple(map(_by_activation, rows)))).figure
    return figure  # type: ignore[no-any-return]


def _by_activation(row: Variant) -> Variant:
    """Give each of the other activations a line of its own."""
    if row.name != _MANY:
        return row
    return replace(row, name=f"activation {row.activation}", activation="as named")


def records(
    effort: Effort, *, names: tuple[str, ...] | None = None, seeds: int = SEEDS
) -> list[Record]:
    """Return exponents over all widths and over the narrow half, and a loss, of every variant."""
    chosen = names or (_QUICK if effort.quick else tuple(VARIANTS))
    sweeps = {name: _sweep(name, effort, seeds) for name in chosen}
    wide = sensitivity(sweeps).rows
    narrow = sensitivity(sweeps, largest=28).rows
    found = []
    for row, part in zip(wide, narrow, strict=True):
        loss: Any = sweeps[row.name]["loss"].sel(activation=row.activation)
        shown = _REFERENCE if _REFERENCE in loss["width"].values else int(loss["width"].max())
        found.append(
            {
                "protocol": row.name,
                "activation": row.activation,
                "low": row.widths[0],
                "high": row.widths[1],
                "exponent": row.exponent,
                **ends("exponent", row.interval),
                "scatter": row.scatter,
                "narrow": part.exponent,
                **ends("narrow", part.interval),
                "loss": float(np.nanmedian(loss.sel(width=shown).values)),
                "seeds": row.seeds,
                "excluded": row.excluded,
            }
        )
    return found


def measured(
    effort: Effort, *, names: tuple[str, ...] | None = None, seeds: int = SEEDS
) -> Sensitivity:
    """Train every variant, or those named, and fit its exponent over widths 5 to 80.

    With a folder, each sweep is kept in a store there, and not trained again.
    """

    def train(name: str) -> xr.Dataset:
        return _sweep(name, effort, seeds)

    return sensitivity(train, names or (_QUICK if effort.quick else tuple(VARIANTS)))


def _sweep(name: str, effort: Effort, seeds: int) -> xr.Dataset:
    if name in _TRAINED:
        ds = sweep_protocol(_TRAINED[name], effort)
        return ds[["loss", "status"]].assign_attrs(ds.attrs)
    task, training, options = VARIANTS[name]
    steps = round((2_000 if effort.quick else 50_000) * training.get("steps", 1.0))
    count = min(options.get("seeds", seeds), 12 if effort.quick else seeds)
    rest = {key: value for key, value in options.items() if key != "seeds"}
    file = "".join(c if (c.isascii() and c.isalnum()) or c in ".-" else "_" for c in name)
    return sweep(
        WIDTHS[:5] if effort.quick else WIDTHS,
        count,
        task=Task.from_function(**({"function": "square"} | task)),
        training=Training(**(training | {"steps": steps, "lr_decay_every": max(1, steps // 5)})),
        threads=effort.threads,
        store=effort.store(f"sensitivity-{file}"),
        progress=False,
        **rest,
    )
