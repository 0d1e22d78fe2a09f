"""Checks that results can be written before they are computed, and writes and reads them."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ..store import is_store
from ..whole_files import STANDARD_OUTPUT, check_writable, whole_file
from . import stored as stored_sweeps
from .netcdf_files import check_netcdf_available, read_netcdf, write_netcdf

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

SUFFIXES = (".nc", ".csv", ".parquet")


def check_output(path: Path, option: str = "output") -> None:
    """Raise unless a Dataset can be written there in the format of the suffix.

    Examples
    --------
    >>> check_output(Path("a.xls"))
    Traceback (most recent call last):
    ...
    ValueError: output is a.xls, but its suffix must be one of: .nc .csv .parquet (or - for CSV on \
the standard output).
    """
    if path == STANDARD_OUTPUT:
        return
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ValueError(
            f"{option} is {path}, but its suffix must be one of: {' '.join(SUFFIXES)} (or - for "
            "CSV on the standard output)."
        )
    check_writable(path, option)
    if suffix == ".nc":
        check_netcdf_available()
    if suffix == ".parquet" and find_spec("pyarrow") is None:
        raise ModuleNotFoundError(
            "Parquet files need pyarrow, which is not installed: pip install 'ltens[parquet]', "
            f"or give {option} the suffix .csv."
        )


def check_figure(path: Path, option: str = "plot") -> None:
    """Raise ValueError unless a picture can be written there in the format of its suffix."""
    from matplotlib.backend_bases import FigureCanvasBase

    check_writable(path, option)
    known = FigureCanvasBase.get_supported_filetypes()
    if path.suffix.lstrip(".").lower() not in known:
        raise ValueError(
            f"{option} is {path}, but its suffix must be one of: {', '.join(sorted(known))}."
        )


def write_dataset(ds: xr.Dataset, path: Path, *, history: bool = False) -> None:
    """Write a Dataset in the format of the suffix: netCDF, or a table with a row per network.

    Parameters
    ----------
    ds : xarray.Dataset
    path : Path
        "-" is the standard output, in CSV.
    history : bool
        A row per checkpoint, in tables.
    """
    suffix = path.suffix.lower()
    if suffix == ".nc":
        write_netcdf(ds, path)
        return
    from .dataframe import to_dataframe

    frame = to_dataframe(ds, history=history)
    if path == STANDARD_OUTPUT:
        frame.to_csv(sys.stdout, index=False)
        return
    with whole_file(path) as partial:
        if suffix == ".csv":
            frame.to_csv(partial, index=False)
        else:
            frame.to_parquet(partial, index=False)


def read_dataset(path: Path) -> xr.Dataset:
    """Return the result of a sweep from a store or a netCDF file.

    Raises
    ------
    StoreError
        If it is a store that cannot be read.
    ValueError
        If the file is something else.
    """
    if is_store(path):
        return stored_sweeps.open(path)
    ds = read_netcdf(path)
    if "loss" not in ds or "width" not in ds.coords:
        raise ValueError(f"{path} has no losses over widths, but must be a file of ltens sweep.")
    return ds


def write_figure(ax: Axes, path: Path) -> None:
    """Write the figure of the Axes, in the format of the suffix."""
    if ax.figure is not None:
        ax.figure.figure.savefig(path, dpi=200)  # of a part of a figure the whole
