"""Checks that results can be written before they are computed, and writes and reads them."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ..store import is_store
from . import stored as stored_sweeps

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

_NETCDF_PARTS = ("h5netcdf", "h5py")


def check_netcdf_available() -> None:
    """Raise ModuleNotFoundError unless netCDF files can be read and written."""
    missing = [name for name in _NETCDF_PARTS if find_spec(name) is None]
    if missing:
        raise ModuleNotFoundError(
            f"netCDF files need {' and '.join(missing)}, which is not installed: "
            "pip install 'ltens[netcdf]'."
        )


def check_writable(path: Path, option: str) -> None:
    """Raise ValueError unless a file can be written there.

    Examples
    --------
    >>> check_writable(Path("/nowhere/a.nc"), "output")
    Traceback (most recent call last):
    ...
    ValueError: output is /nowhere/a.nc, but the folder /nowhere does not exist: create it first.
    """
    folder = path.parent
    if not folder.is_dir():
        raise ValueError(
            f"{option} is {path}, but the folder {folder} does not exist: create it first."
        )
    if path.is_dir():
        raise ValueError(f"{option} is {path}, but that is a folder: give a file name in it.")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise ValueError(f"{option} is {path}, but writing there is not permitted.")


def check_figure(path: Path, option: str = "plot") -> None:
    """Raise ValueError unless a picture can be written there in the format of its suffix."""
    from matplotlib.backend_bases import FigureCanvasBase

    check_writable(path, option)
    known = FigureCanvasBase.get_supported_filetypes()
    if path.suffix.lstrip(".").lower() not in known:
        raise ValueError(
            f"{option} is {path}, but its suffix must be one of: {', '.join(sorted(known))}."
        )


def write_dataset(ds: xr.Dataset, path: Path) -> None:
    """Write a Dataset as netCDF, whole or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        ds.to_netcdf(partial, engine="h5netcdf")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_dataset(path: Path) -> xr.Dataset:
    """Return the result of a sweep from a store or a netCDF file.

    Raises
    ------
    StoreError
        If it is a store that cannot be read.
    ValueError
        If the file is something else.
    """
    import xarray as xr

    if is_store(path):
        return stored_sweeps.open(path)
    check_netcdf_available()
    try:
        ds = xr.load_dataset(path, engine="h5netcdf")
    except OSError as error:
        raise ValueError(
            f"{path} cannot be read as netCDF, but must be a file of ltens sweep: {error}."
        ) from error
    if "loss" not in ds or "width" not in ds.coords:
        raise ValueError(f"{path} has no losses over widths, but must be a file of ltens sweep.")
    return ds


def write_figure(ax: Axes, path: Path) -> None:
    """Write the figure of the Axes, in the format of the suffix."""
    figure = ax.get_figure(root=True)
    if figure is not None:
        figure.savefig(path, dpi=200)
