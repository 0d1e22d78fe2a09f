"""netCDF files: written, and read so that a damaged one is a sentence and no crash."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ..memory import require_memory
from ..whole_files import whole_file
from . import netcdf_trial

if TYPE_CHECKING:
    import xarray as xr

_PARTS = ("h5netcdf", "h5py")
_HDF5, _CLASSIC = b"\x89HDF\r\n\x1a\n", (b"CDF\x01", b"CDF\x02")
_FIRST = len(_HDF5)


def check_netcdf_available() -> None:
    """Raise ModuleNotFoundError unless netCDF files can be read and written."""
    missing = [name for name in _PARTS if find_spec(name) is None]
    if missing:
        raise ModuleNotFoundError(
            f"netCDF files need {' and '.join(missing)}, which is not installed: "
            "pip install 'ltens[netcdf]'."
        )


def is_netcdf(path: Path) -> bool:
    """Whether the first bytes of a file are those of netCDF.

    Examples
    --------
    >>> is_netcdf(Path("/dev/null"))
    False
    """
    try:
        with path.open("rb") as file:
            first = file.read(_FIRST)
    except OSError:
        return False
    return first.startswith((_HDF5, b"CDF"))


def write_netcdf(ds: xr.Dataset, path: Path) -> None:
    """Write a Dataset, whole or not at all."""
    with whole_file(path) as partial:
        ds.to_netcdf(partial, engine="h5netcdf")


def read_netcdf(path: Path) -> xr.Dataset:
    """Return the Dataset in a file of netCDF-4 or netCDF-3.

    Raises
    ------
    ValueError
        If the file is something else or damaged.
    ModuleNotFoundError
        If it is netCDF-4, and what reads that is not installed.
    MemoryError
        If its Dataset does not fit into memory.
    """
    try:
        with path.open("rb") as file:
            first = file.read(_FIRST)
            classic = io.BytesIO(first + file.read()) if first.startswith(_CLASSIC) else None
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from error
    if classic is not None:
        return _loaded(path, classic, "scipy")
    if first.startswith(b"CDF"):
        raise _refused(path, "it is of the CDF-5 kind: write it as NETCDF4")
    if first != _HDF5:
        raise _refused(path, "it does not begin as one")
    check_netcdf_available()
    _try_elsewhere(path)
    return _loaded(path, path, "h5netcdf")


def _loaded(path: Path, source: Path | io.BytesIO, engine: str) -> xr.Dataset:
    import xarray as xr

    try:
        return xr.load_dataset(source, engine=engine)
    except MemoryError:
        raise
    except Exception as error:  # whatever a reader makes of a stranger's bytes
        raise _refused(path, _in_a_line(error)) from error


def _try_elsewhere(path: Path) -> None:
    """Read the file in a process of its own: what ends that one does not end this one."""
    if not sys.executable:  # embedded: there is no interpreter to start
        return
    size = path.stat().st_size
    most = netcdf_trial.most_bytes(size)
    require_memory(size, str(path), "take a smaller file")
    words = [sys.executable, "-P", netcdf_trial.__file__, os.fspath(path.resolve()), str(most)]
    try:
        done = subprocess.run(
            words,
            capture_output=True,
            timeout=60 + size / 1e7,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise _refused(path, "it is damaged: reading it does not end") from error
    if done.returncode == netcdf_trial.REFUSED:
        raise _refused(path, done.stdout.decode(errors="replace").strip())
    if done.returncode < 0 or done.returncode > netcdf_trial.REFUSED:
        raise _refused(path, "it is damaged: reading it ends the HDF5 library")


def _refused(path: Path, reason: str) -> ValueError:
    return ValueError(
        f"{path} cannot be read as netCDF, but must be a file of ltens sweep: {reason.rstrip('.')}."
    )


def _in_a_line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}"
