"""What a file is made of: its bytes, unpacked, and which kind they are."""

from __future__ import annotations

import gzip
import os
import sys
import zlib
from pathlib import Path

STANDARD_INPUT = "-"
PARQUET = b"PAR1"
_SWEEP = "a store or netCDF file, which ltens.open or xarray.open_dataset reads"
_SHEET = "a spreadsheet: save the sheet as CSV"
_PAGE = "a web page: download the file that it shows"
_OTHERS = {
    b"SQLite format 3\0": _SWEEP,
    b"\x89HDF": _SWEEP,
    b"CDF": _SWEEP,
    b"PK\x03\x04": _SHEET,
    b"\xd0\xcf\x11\xe0": _SHEET,
    b"%PDF": "a PDF",
    b"<!doctype html": _PAGE,
    b"<html": _PAGE,
    b"\x89PNG": "a picture",
    b"\x1f\x8b": "compressed twice",
}


def contents(path: str | os.PathLike[str]) -> tuple[str, bytes]:
    """Return the name of a file, for messages, and its bytes; "-" is the standard input.

    Raises
    ------
    ValueError
        If there is no such file, it cannot be read, is empty or no table.
    """
    name = os.fspath(path)
    if name == STANDARD_INPUT:
        name, data = "standard input", sys.stdin.buffer.read()
    else:
        data = _read(Path(name))
    if data.startswith(b"\x1f\x8b"):
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise ValueError(f"{name} cannot be unpacked by gzip: {error}.") from error
    if not data.strip():
        raise ValueError(f"{name} is empty, but must hold a table of sizes and losses.")
    for mark, kind in _OTHERS.items():
        if data.startswith(mark) or data[:99].lstrip().lower().startswith(mark):
            raise ValueError(f"{name} is no table, but {kind}.")
    return name, data


def _read(path: Path) -> bytes:
    if path.is_dir():
        raise ValueError(f"{path} is a folder, but must be a file with a table.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror or error}.") from error
