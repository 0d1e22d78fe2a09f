"""Reads two columns of a CSV file."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..validation import one_of


def read_columns(
    path: Path, size: str | None, loss: str | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return sizes and losses (R,) of a CSV (or, by its suffix, TSV) file with a header.

    Parameters
    ----------
    path : Path
    size, loss : str or None
        Names of the columns; may be left out if the file has two columns only.

    Raises
    ------
    ValueError
        If a column is missing or not named, or a cell is no number.
    """
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = [row for row in csv.reader(file, delimiter=delimiter) if row]
    if len(rows) < 2:
        raise ValueError(f"{path} has {len(rows)} line(s), but needs a header and data.")
    header = [name.strip() for name in rows[0]]
    if len(header) == 2:
        size, loss = size or header[0], loss or header[1]
    columns = []
    for option, name in (("size", size), ("loss", loss)):
        if name is None:
            raise ValueError(
                f"{option} is missing, but must be given because {path} has the columns "
                f"{', '.join(header)}: --{option} COLUMN."
            )
        at = header.index(one_of(name, header, option))
        columns.append(np.array([_number(path, i, row, at) for i, row in enumerate(rows[1:], 2)]))
    return columns[0], columns[1]


def _number(path: Path, line: int, row: list[str], at: int) -> float:
    """Return one cell as a number."""
    text = row[at].strip() if at < len(row) else ""
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{path}, line {line}, holds {text!r}, but must hold a number.") from None
