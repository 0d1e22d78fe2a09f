"""Reads two columns of a CSV file."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .._typing import Floats
from ..validation import one_of

if TYPE_CHECKING:
    import pandas as pd


def read_columns(path: Path, size: str | None, loss: str | None) -> tuple[Floats, Floats]:
    """Return sizes and losses (R,) of a CSV (or, by its suffix, TSV) file with a header.

    Parameters
    ----------
    path : Path
    size, loss : str or None
        Names of the columns; may be left out if the file has two columns only.

    Raises
    ------
    ValueError
        If the file is no CSV, a column is missing or not named, or a cell is no number.
    """
    table = _read(path)
    header = list(table.columns)
    if len(header) == 2:
        size, loss = size or header[0], loss or header[1]
    columns = []
    for option, name in (("size", size), ("loss", loss)):
        if name is None:
            raise ValueError(
                f"{option} is missing, but must be given because {path} has the columns "
                f"{', '.join(header)}: --{option} COLUMN."
            )
        columns.append(_numbers(path, table, one_of(name, header, option)))
    return columns[0], columns[1]


def _read(path: Path) -> pd.DataFrame:
    """Return the cells as text, each row under its line in the file."""
    import pandas as pd

    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    options: dict[str, Any] = {
        "header": None,
        "dtype": str,
        "keep_default_na": False,
        "skip_blank_lines": False,  # else a row would not know its line
        "encoding": "utf-8-sig",
    }
    blank = 0
    try:
        with path.open(encoding="utf-8-sig") as file:
            blank = sum(1 for _ in takewhile(str.isspace, file))
        rows: Any = pd.read_csv(path, sep=delimiter, skiprows=blank, **options).fillna("")
    except pd.errors.EmptyDataError:
        rows = pd.DataFrame()
    except (pd.errors.ParserError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read as CSV: {str(error).strip()}.") from error
    rows.index += 1 + blank
    rows = rows[(rows != "").any(axis=1)]
    if len(rows) < 2:
        raise ValueError(f"{path} has {len(rows)} line(s), but needs a header and data.")
    rows.columns = rows.iloc[0].str.strip().tolist()
    table: pd.DataFrame = rows.iloc[1:]
    return table


def _numbers(path: Path, table: pd.DataFrame, name: str) -> Floats:
    """Return a column, the first of this name, as numbers."""
    cells = table.iloc[:, list(table.columns).index(name)].str.strip()
    return np.array([_number(path, line, name, cell) for line, cell in cells.items()])


def _number(path: Path, line: object, name: str, cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        raise ValueError(
            f"{path}, line {line}, column {name}, holds {cell!r}, but must hold a number."
        ) from None
