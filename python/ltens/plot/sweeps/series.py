"""What one curve of a picture consists of: from a sweep, a table of runs, a law or several laws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..._typing import Floats
from ...fitting import Law, RunTable, fit
from ...fitting.loss_table import LossTable, tables_of
from ...fitting.observations import FEWEST_SIZES
from ...sweeps.report import laws, loss_quantiles
from ...sweeps.selection import finished_losses, per_curve
from ..style import axis_label

if TYPE_CHECKING:
    import xarray as xr

    Drawable = xr.Dataset | RunTable | Law | dict[str, Law] | dict[str, LossTable]


@dataclass(frozen=True, eq=False)
class Series:
    """A curve.

    Attributes
    ----------
    name : str
    sizes, losses : (W,) float64
        Ascending sizes and the statistic at each.
    low, high : (W,) float64
        Band of the seeds; equal to the losses where there is one seed.
    error : (W,) float64
        Standard error of log statistic; NaN where there is none.
    law : Law or None
    label, statistic, loss : str
        What the sizes and losses are.
    """

    name: str
    sizes: Floats
    losses: Floats
    low: Floats
    high: Floats
    error: Floats
    law: Law | None
    label: str
    statistic: str
    loss: str = "loss"


def series_of(
    data: Drawable,
    *,
    fits: bool,
    band: float,
    size: str = "width",
    loss: str = "loss",
    **options: Any,
) -> list[Series]:
    """Return the curves of a sweep or of runs (fitted with `options`), a law or laws by name.

    Parameters
    ----------
    band : float
        Share of the seeds between `low` and `high`.
    size : str
        The dimension of a sweep that is the size.
    loss : str
        Its variable that is drawn.
    """
    if isinstance(data, Law):
        return [_from_law("", data, band)]
    if isinstance(data, RunTable):
        return series_of(tables_of(data, None, call=""), fits=fits, band=band, **options)
    if isinstance(data, dict):
        return [
            _from_law_or_losses(name, found, fits, band, options) for name, found in data.items()
        ]
    ds: xr.Dataset = data
    found = laws(ds, size=size, loss=loss, **options) if fits else {}
    return [
        _from_law(name, law, band)
        if (law := found.get(name))
        else _from_table(name, part, band, size, loss)
        for name, part in per_curve(ds, size, loss).items()
    ]


def _from_law_or_losses(
    name: str, found: Law | LossTable, fits: bool, band: float, options: dict[str, Any]
) -> Series:
    """Return the curve of a law or of losses, which are fitted if there are sizes enough."""
    if isinstance(found, Law):
        return _from_law(name, found, band)
    if fits and found.finite_sizes() >= FEWEST_SIZES:
        return _from_law(name, fit(found, **options), band)
    shares = [(1 - band) / 2, 0.5, (1 + band) / 2]
    rows = [row[np.isfinite(row)] for row in found.losses]
    used = [i for i, row in enumerate(rows) if len(row)]
    low, median, high = np.array([np.quantile(rows[i], shares) for i in used]).reshape(-1, 3).T
    nothing, label = np.full(len(used), np.nan), _axis(found)
    return Series(
        name, found.sizes[used], median, low, high, nothing, None, label, "median", found.loss
    )


def _axis(table: LossTable) -> str:
    """Return what the sizes are called in a picture."""
    return table.axis or axis_label(table.label)


def _from_law(name: str, law: Law, band: float) -> Series:
    """Return the curve of a law, drawn from its own table."""
    tails = [(1 - band) / 2, (1 + band) / 2]
    rows = [np.quantile(row[np.isfinite(row)], tails) for row in law.observations.table.losses]
    low, high = np.array(rows).T
    table, errors = law.observations.table, law.standard_errors
    label, statistic = _axis(table), law.statistic
    return Series(name, law.sizes, law.losses, low, high, errors, law, label, statistic, table.loss)


def _from_table(name: str, ds: xr.Dataset, band: float, size: str, loss: str) -> Series:
    """Return the medians of one curve that is not fitted."""
    sizes = ds[size].values.astype(np.float64)
    used = np.isfinite(finished_losses(ds, size, loss)).any(axis=1)
    order = np.flatnonzero(used)[np.argsort(sizes[used])]
    shares = [(1 - band) / 2, 0.5, (1 + band) / 2]
    low, median, high = loss_quantiles(ds, shares, size, loss)[:, order]
    nothing, label = np.full(len(order), np.nan), axis_label(size)
    return Series(name, sizes[order], median, low, high, nothing, None, label, "median", loss)
