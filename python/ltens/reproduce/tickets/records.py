"""Measured numbers as flat records, kept as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..._typing import Floats
from ...standard_errors import standard_error
from ...tables import csv

Record = dict[str, Any]


def save(records: Sequence[Record], path: Path | None) -> None:
    """Write the records as CSV, in full precision; nothing without a path."""
    if path is not None and records:
        path.write_text(csv(records), encoding="utf-8")


def groups(records: Sequence[Record], *keys: str) -> dict[tuple[Any, ...], list[Record]]:
    """Return the records that agree in the keys, by these values, in order of appearance.

    Examples
    --------
    >>> groups([{"n": 1, "x": 2}, {"n": 1, "x": 3}], "n")
    {(1,): [{'n': 1, 'x': 2}, {'n': 1, 'x': 3}]}
    """
    found: dict[tuple[Any, ...], list[Record]] = {}
    for record in records:
        found.setdefault(tuple(record[key] for key in keys), []).append(record)
    return found


def ends(name: str, interval: tuple[float, float]) -> Record:
    """Return an interval as the fields NAME_low and NAME_high."""
    return {f"{name}_low": float(interval[0]), f"{name}_high": float(interval[1])}


def mean_of(name: str, values: Floats) -> Record:
    """Return the mean over networks and its 95 % interval; values that are not finite count not."""
    good = values[np.isfinite(values)]
    if len(good) < 2:
        return {name: np.nan, **ends(name, (np.nan, np.nan))}
    half = 1.96 * standard_error(good)
    return {name: float(good.mean()), **ends(name, (good.mean() - half, good.mean() + half))}
