"""Turns what a user has, a Dataset or arrays, into sizes and the losses at each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class LossTable:
    """Losses at each of W sizes.

    Attributes
    ----------
    sizes : (W,) float64
    losses : W arrays (S_w,) float64
    excluded : int
        Losses left out because their network diverged or did not finish.
    """

    sizes: NDArray[np.float64]
    losses: tuple[NDArray[np.float64], ...]
    excluded: int = 0


def from_arrays(sizes: ArrayLike, losses: ArrayLike) -> LossTable:
    """Return the table of sizes (W,) and losses (W,) or (W, S).

    Raises
    ------
    ValueError
        If shapes do not match, or a loss is NaN or infinite.

    Examples
    --------
    >>> from_arrays([1, 2], [[4.0, 5.0], [2.0, 3.0]]).losses[1]
    array([2., 3.])
    """
    n = np.asarray(sizes, dtype=np.float64)
    values = np.asarray(losses, dtype=np.float64)
    if n.ndim != 1:
        raise ValueError(f"sizes has shape {n.shape}, but must have shape (W,).")
    if values.ndim not in (1, 2) or values.shape[0] != len(n) or values.size == 0:
        raise ValueError(
            f"losses has shape {values.shape}, but must have shape ({len(n)},) or ({len(n)}, S) "
            "to go with sizes."
        )
    if not np.isfinite(values).all():
        bad = values[~np.isfinite(values)][0]
        raise ValueError(f"losses contains {bad}, but every loss must be finite: leave it out.")
    return LossTable(n, tuple(np.atleast_1d(row) for row in values))


def from_dataset(ds: Any) -> LossTable:
    """Return the table of a Dataset of one activation, with networks that finished well only.

    Parameters
    ----------
    ds : xarray.Dataset
        With ``loss`` over ``width`` and, unless one was selected, ``seed``; ``status`` if there is.

    Raises
    ------
    ValueError
        If the Dataset has no such loss.
    """
    if "loss" not in ds or "width" not in ds.coords:
        raise ValueError(
            f"data has the variables {sorted(map(str, ds.variables))}, but must have 'loss' and "
            "'width', such as the result of ltens.sweep."
        )
    loss = ds["loss"]
    extra = [str(d) for d in loss.dims if d not in ("width", "seed")]
    if extra or "width" not in loss.dims:
        raise ValueError(
            f"data['loss'] has dimensions {tuple(map(str, loss.dims))}, but must have 'width' and "
            "at most 'seed' beside: select one of each other, such as data.sel(activation='silu')."
        )
    order = ("width", "seed") if "seed" in loss.dims else ("width",)
    values = loss.transpose(*order).values.reshape(loss.sizes["width"], -1).astype(np.float64)
    good = np.isfinite(values)
    if "status" in ds:
        good &= ds["status"].transpose(*order).values.reshape(values.shape) == 0
    kept = [(n, row[ok]) for n, row, ok in zip(ds["width"].values, values, good, strict=True)]
    kept = [(n, row) for n, row in kept if len(row)]
    return LossTable(
        np.array([n for n, _ in kept], dtype=np.float64),
        tuple(row for _, row in kept),
        int((~good).sum()),
    )
