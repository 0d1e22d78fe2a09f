"""A sweep in text: medians by width, exponents with intervals."""

from __future__ import annotations

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
from .selection import finished_losses, per_activation

if TYPE_CHECKING:
    import xarray as xr

_FEWEST_WIDTHS = 3


def loss_quantiles(ds: xr.Dataset, quantiles: list[float]) -> Floats:
    """Return quantiles (Q, W) over the finished seeds of one activation; NaN if there are none."""
    losses = finished_losses(ds)
    out = np.full((len(quantiles), len(losses)), np.nan)
    for i, row in enumerate(losses):
        if (good := row[np.isfinite(row)]).size:
            out[:, i] = np.quantile(good, quantiles)
    return out


def medians(ds: xr.Dataset) -> dict[str, dict[int, float | None]]:
    """Return the median loss by activation and width, None where no network finished.

    Examples
    --------
    >>> import xarray as xr
    >>> ds = xr.Dataset({"loss": (("activation", "width", "seed"), [[[1.0, 2.0, 9.0]]])},
    ...                 {"activation": ["relu"], "width": [10]})
    >>> medians(ds)
    {'relu': {10: 2.0}}
    """
    result: dict[str, dict[int, float | None]] = {}
    for name, part in per_activation(ds).items():
        values = loss_quantiles(part, [0.5])[0]
        result[name] = {
            int(n): plain(float(v))
            for n, v in sorted(zip(part["width"].values, values, strict=True))
        }
    return result


def laws(ds: xr.Dataset, *, diverged: str = "exclude", **options: Any) -> dict[str, Law | None]:
    """Return the law of each activation, None where there are fewer than 3 widths to fit.

    The options are those of `ltens.fit`.
    """
    result: dict[str, Law | None] = {}
    for name, part in per_activation(ds).items():
        usable = np.isfinite(finished_losses(part)).any(axis=1).sum() >= _FEWEST_WIDTHS
        result[name] = fit_table(from_dataset(part, diverged), **options) if usable else None
    return result


def counts(ds: xr.Dataset) -> dict[str, int]:
    """Return how many networks are ok, diverged and cancelled."""
    status = ds["status"].values
    names = str(ds["status"].attrs.get("flag_meanings", " ".join(STATUS))).split()
    return {name: int((status == i).sum()) for i, name in enumerate(names)}


def median_table(ds: xr.Dataset) -> str:
    """Return the median losses as text, one line for each width.

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
    """
    table = medians(ds)
    widths = list(next(iter(table.values())))
    rows = [[n, *(_cell(column[n]) for column in table.values())] for n in widths]
    return "median loss over seeds\n" + text(["width", *table], rows, indent="  ")


def exponent_table(found: dict[str, Law | None], level: float = 0.95) -> str:
    """Return what each law says first, and its warnings, by activation.

    Examples
    --------
    >>> from ltens import fit
    >>> print(exponent_table({"relu": fit([1, 10, 100, 1000], [1.0, 0.1, 0.01, 0.001])}))
    relu: median loss, N = 1–1000: 4 sizes, 1 loss(es) at each
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
    ('relu', 'silu: not fitted: fewer than 3 widths with a finished network')
    """
    parts = [
        f"{name}: {_unfitted()}" if law is None else f"{name}\n{law.summary(level)}"
        for name, law in found.items()
    ]
    return "\n\n".join(parts)


def _unfitted() -> str:
    return f"not fitted: fewer than {_FEWEST_WIDTHS} widths with a finished network"


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.3e}"
