"""A Dataset as a table with one row for each network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..status import STATUS

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


def to_dataframe(ds: xr.Dataset, *, history: bool = False) -> pd.DataFrame:
    """Return one row for each network, or for each of its checkpoints.

    Parameters
    ----------
    ds : xarray.Dataset
        Of `ltens.sweep` or `ltens.open`.
    history : bool
        One row for each checkpoint, with the loss there as ``history`` and, where there are
        classes, the error as ``error_history``.

    Returns
    -------
    pandas.DataFrame
        Columns: the coordinates, ``loss``, ``status`` as a word, and whatever else the sweep has
        of each network. Plain dtypes, ready for CSV and Parquet.

    Raises
    ------
    ValueError
        If `ds` is no sweep, or `history` is asked for and there is none.

    Examples
    --------
    >>> import ltens
    >>> ds = ltens.sweep([1, 2], seeds=3, training=ltens.Training(steps=10), progress=False)
    >>> frame = ltens.to_dataframe(ds)
    >>> len(frame), list(frame.columns)[:5]
    (12, ['activation', 'width', 'seed', 'loss', 'status'])
    """
    if "loss" not in ds.variables:
        raise ValueError("ds has no 'loss', but must be the result of ltens.sweep or ltens.open.")
    if history and "history" not in ds.variables:
        raise ValueError("ds has no 'history': run the sweep with checkpoints=64, for example.")
    dims = ds["loss"].dims
    names = [str(name) for name in ds.data_vars if ds[name].dims == dims]
    if history:
        dims = ds["history"].dims
        names = [name for name in names if name not in ("loss", "error")]
        names += [name for name in ("history", "error_history") if name in ds]
    frame = ds[names].to_dataframe(dim_order=[str(dim) for dim in dims]).reset_index()
    if "status" in frame:
        frame["status"] = np.array(STATUS)[frame["status"].to_numpy()]
    return frame[[*map(str, dims), *names]]
