"""Measured numbers as flat records: printed as Markdown, kept as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Record = dict[str, Any]


def markdown(records: Iterable[Record], columns: Mapping[str, str]) -> str:
    """Return a table with a line for each record.

    Parameters
    ----------
    records : sequence of dict
    columns : mapping of heading to format
        The format names fields of a record; a number that is not known is a dash.

    Examples
    --------
    >>> print(markdown([{"n": 2, "loss": 0.5}], {"N": "{n}", "loss": "{loss:.1e}"}))
    | N | loss |
    |---|---|
    | 2 | 5.0e-01 |
    """
    rows = [[_cell(form, record) for form in columns.values()] for record in records]
    return "\n".join(_line(row) for row in [list(columns), ["---"] * len(columns), *rows])


def pivot(records: Sequence[Record], row: str, column: str, form: str, *, corner: str) -> str:
    """Return a table with a line for each value of `row` and a column for each of `column`.

    Examples
    --------
    >>> found = [{"n": 2, "kind": "silu", "x": 1.0}, {"n": 2, "kind": "relu", "x": 2.0}]
    >>> print(pivot(found, "n", "kind", "{x:.0f}", corner="N"))
    | N | silu | relu |
    |---|---|---|
    | 2 | 1 | 2 |
    """
    cells = {(record[row], record[column]): _cell(form, record) for record in records}
    across = list(dict.fromkeys(record[column] for record in records))
    down = sorted({record[row] for record in records})
    lines = [[str(r), *(cells.get((r, c), "–") for c in across)] for r in down]
    heads = [[corner, *map(str, across)], ["---"] * (1 + len(across))]
    return "\n".join(_line(line) for line in [*heads, *lines])


def save(records: Sequence[Record], folder: Path | None, name: str) -> None:
    """Write the records to NAME.csv in the folder, in full precision; nothing without a folder."""
    if folder is None or not records:
        return
    fields = list(dict.fromkeys(key for record in records for key in record))
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fields)
        writer.writeheader()
        writer.writerows(records)


def ends(name: str, interval: tuple[float, float]) -> Record:
    """Return an interval as the fields NAME_low and NAME_high."""
    return {f"{name}_low": float(interval[0]), f"{name}_high": float(interval[1])}


def mean_of(name: str, values: NDArray[np.float64]) -> Record:
    """Return the mean over networks and its 95 % interval; values that are not finite count not."""
    good = values[np.isfinite(values)]
    if len(good) < 2:
        return {name: np.nan, **ends(name, (np.nan, np.nan))}
    half = 1.96 * good.std(ddof=1) / np.sqrt(len(good))
    return {name: float(good.mean()), **ends(name, (good.mean() - half, good.mean() + half))}


def _cell(form: str, record: Record) -> str:
    text = form.format_map(record)
    return text.replace("nan [nan, nan]", "–").replace("+nan", "–").replace("nan", "–")


def _line(cells: Iterable[str]) -> str:
    line = " | ".join(cells)
    return "|" + line.replace(" ", "") + "|" if set(line) <= set("-| ") else f"| {line} |"
