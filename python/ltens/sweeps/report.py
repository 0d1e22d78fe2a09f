"""A sweep in text: medians by size, exponents with intervals."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .._typing import Floats
from ..fitting import Law
from ..fitting.fit_losses import fit_table
from ..fitting.headline import headline
from ..fitting.loss_table import from_dataset
from ..fitting.summary import title
from ..status import STATUS
from ..tables import plain, text
from ..words import exact
from .selection import axes_of, finished_losses, per_curve

if TYPE_CHECKING:
    import xarray as xr

_FEWEST_SIZES = 3
_MOST_CURVES = 24  # in a table for people
_MOST_SIZES = 8


def loss_quantiles(
    ds: xr.Dataset, quantiles: list[float], size: str = "width", loss: str = "loss"
) -> Floats:
    """Return quantiles (Q, W) over the finished seeds of one curve; NaN if there are none."""
    losses = finished_losses(ds, size, loss)
    out = np.full((len(quantiles), len(losses)), np.nan)
    for i, row in enumerate(losses):
        if (good := row[np.isfinite(row)]).size:
            out[:, i] = np.quantile(good, quantiles)
    return out


def medians(
    ds: xr.Dataset, size: str = "width", loss: str = "loss"
) -> dict[str, dict[float, float | None]]:
    """Return the median loss, or error, by curve and size, None where no network finished.

    Examples
    --------
    >>> import xarray as xr
    >>> ds = xr.Dataset({"loss": (("activation", "width", "seed"), [[[1.0, 2.0, 9.0]]])},
    ...                 {"activation": ["relu"], "width": [10]})
    >>> medians(ds)
    {'relu': {10: 2.0}}
    """
    result: dict[str, dict[float, float | None]] = {}
    for name, part in per_curve(ds, size, loss).items():
        values = loss_quantiles(part, [0.5], size, loss)[0]
        result[name] = {
            n: plain(float(v))
            for n, v in sorted(zip(part[size].values.tolist(), values, strict=True))
        }
    return result


def laws(
    ds: xr.Dataset,
    *,
    size: str = "width",
    loss: str = "loss",
    diverged: str = "exclude",
    **options: Any,
) -> dict[str, Law | None]:
    """Return the law of each curve, None where there are fewer than 3 sizes to fit.

    The options are those of `ltens.fit`.
    """
    result: dict[str, Law | None] = {}
    for name, part in per_curve(ds, size, loss).items():
        usable = np.isfinite(finished_losses(part, size, loss)).any(axis=1).sum() >= _FEWEST_SIZES
        table = from_dataset(part, diverged, loss, size)
        result[name] = fit_table(table, **options) if usable else None
    return result


def too_many_curves(ds: xr.Dataset, size: str = "width") -> bool:
    """Whether a table for people has no room for a line for each curve."""
    return math.prod(ds.sizes[axis] for axis in _axes(ds, size)) > _MOST_CURVES


def counts(ds: xr.Dataset) -> dict[str, int]:
    """Return how many networks are ok, diverged and cancelled."""
    status = ds["status"].values
    names = str(ds["status"].attrs.get("flag_meanings", " ".join(STATUS))).split()
    return {name: int((status == i).sum()) for i, name in enumerate(names)}


def median_table(ds: xr.Dataset, size: str = "width", loss: str = "loss") -> str:
    """Return the median losses as text: by activation and size, or a line for each combination.

    Many combinations are told by the lowest and the highest of each activation and size. `loss`
    is the variable: ``"error"`` of a sweep with classes.

    Examples
    --------
    >>> import xarray as xr
    >>> ds = xr.Dataset({"loss": (("activation", "width", "seed"), [[[1e-3], [1e-4]]])},
    ...                 {"activation": ["relu"], "width": [10, 100]})
    >>> print(median_table(ds))
    median loss over seeds
      width       relu
         10  1.000e-03
        100  1.000e-04
    >>> print(median_table(ds.expand_dims(lr=[0.1]).transpose("activation", "lr", ...)))
    median loss over seeds
      activation   lr   width 10  width 100
      relu        0.1  1.000e-03  1.000e-04
    """
    table, head = medians(ds, size, loss), f"median {loss} over seeds"
    sizes = list(next(iter(table.values())))
    if not (axes := _axes(ds, size)):
        rows = [[exact(n), *(_cell(column[n]) for column in table.values())] for n in sizes]
        return f"{head}\n" + text([size, *table], rows, indent="  ")
    values = (map(exact, ds[axis].values.tolist()) for axis in axes)
    places = dict(zip(table, itertools.product(*values), strict=True))
    if too_many_curves(ds, size):
        head = f"{head}, of {len(table)} combinations of {', '.join(axes)}"
        return f"{head}\n{_extremes(table, places, axes, size)}"
    shown = _some(sizes, _MOST_SIZES)
    heads = [*axes, *(f"{size} {exact(n)}" for n in shown)]
    rows = [[*places[name], *(_cell(row[n]) for n in shown)] for name, row in table.items()]
    return f"{head}\n" + text(heads, rows, indent="  ")


def _axes(ds: xr.Dataset, size: str) -> list[str]:
    """Return the axes that a line is for, none if that is the activation alone."""
    axes = [name for name in axes_of(ds) if name != size]
    return [] if axes in ([], ["activation"]) else axes


def _extremes(
    table: dict[str, dict[float, float | None]],
    places: Mapping[str, Sequence[str]],
    axes: list[str],
    size: str,
) -> str:
    """Return the lowest and highest medians at each activation and size, and where they are."""
    at, others = axes.index("activation") if "activation" in axes else None, list(axes)
    if at is not None:
        del others[at]
    groups: dict[tuple[str, float], list[tuple[float, str]]] = {}
    for name, row in table.items():
        place = list(places[name])
        activation = place.pop(at) if at is not None else ""
        where = ", ".join(f"{axis}={value}" for axis, value in zip(others, place, strict=True))
        for n, value in row.items():
            group = groups.setdefault((activation, n), [])
            if value is not None:
                group.append((value, where))
    sizes = _some(list(next(iter(table.values()))), _MOST_SIZES)
    rows = [
        [activation, exact(n), *(part for end in (min, max) for part in _end(end, group))]
        for (activation, n), group in groups.items()
        if n in sizes
    ]
    heads = ["activation", size, "lowest", "at", "highest", "at"]
    return text(heads, rows, indent="  ")


def _end(end: Callable[..., Any], group: list[tuple[float, str]]) -> tuple[str, str]:
    if not group:
        return "-", "-"
    value, where = end(group)
    return _cell(value), where


def _some(sizes: list[float], most: int) -> list[float]:
    """Return so many of the sizes at most, the first and the last among them.

    Examples
    --------
    >>> _some([1, 2, 3, 4, 5], 3)
    [1, 3, 5]
    """
    if len(sizes) <= most:
        return sizes
    return [sizes[round(i * (len(sizes) - 1) / (most - 1))] for i in range(most)]


def exponent_table(found: dict[str, Law | None], level: float = 0.95) -> str:
    """Return what each law says first, and its warnings, by curve.

    Examples
    --------
    >>> from ltens import fit
    >>> law = fit([1, 10, 100, 1000], [1.0, 0.1, 0.01, 0.001])
    >>> exponent_table({"relu": law}).splitlines()[0]
    'relu: median loss, N = 1–1000: 4 sizes, 1 loss at each'
    """
    return "\n".join(_block(name, law, level) for name, law in found.items())


def _block(name: str, law: Law | None, level: float) -> str:
    if law is None:
        return f"{name}: {_unfitted()}"
    lines = [f"{name}: {title(law)}", *(f"  {sentence}" for sentence in headline(law, level))]
    return "\n".join([*lines, *(f"  ! {warning}" for warning in law.warnings)])


def law_table(found: dict[str, Law | None], level: float = 0.95) -> str:
    """Return every law in full: intervals, parameters, other models, warnings.

    Examples
    --------
    >>> from ltens import fit
    >>> text = law_table({"relu": fit([1, 10, 100], [1.0, 0.1, 0.01]), "silu": None})
    >>> text.splitlines()[0], text.splitlines()[-1]
    ('relu', 'silu: not fitted: fewer than 3 sizes with a finished network')
    """
    parts = [
        f"{name}: {_unfitted()}" if law is None else f"{name}\n{law.summary(level)}"
        for name, law in found.items()
    ]
    return "\n\n".join(parts)


def _unfitted() -> str:
    return f"not fitted: fewer than {_FEWEST_SIZES} sizes with a finished network"


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.3e}"
