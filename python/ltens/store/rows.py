"""Rows of the table of blocks: made, checked, and read many at a time."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._typing import Floats, Ints
from .guarding import require_plausible, size_of
from .payload import checksum, decode_many, header_size

Row = tuple[int, str, int, int, int, bytes | None, float, bytes, bytes]
_SELECT = """
SELECT blocks.id, cells.key, first, last, count, labels, seconds, payload, checksum
FROM blocks JOIN cells ON cells.id = blocks.cell
WHERE ?1 IS NULL OR cells.key = ?1 ORDER BY blocks.id
"""


@dataclass(frozen=True, eq=False)
class Batch:
    """R blocks of n labels each, whose arrays have the same names, dtypes and shapes."""

    keys: list[str]
    labels: Ints  # (R, n)
    arrays: dict[str, NDArray[Any]]  # each (R, n, ...)
    seconds: Floats  # (R,)


@dataclass(frozen=True)
class Damage:
    """A block whose bytes are not those that were written."""

    row: int
    key: str
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.key} labels {self.first} to {self.last}"


def packed(
    key: str, labels: Ints, seconds: float, payload: bytes
) -> tuple[int, int, int, bytes | None, float, bytes, bytes]:
    """Return a row's values from `first` on, for sorted labels."""
    first, last, count = int(labels[0]), int(labels[-1]), len(labels)
    listed = None if last - first + 1 == count else labels.astype("<i8").tobytes()
    mark = _checksum(key, (first, last, count, seconds), listed, payload)
    return first, last, count, listed, seconds, payload, mark


def is_intact(key: str, block: tuple[int, int, int, bytes | None, float, bytes, bytes]) -> bool:
    """Whether the values of a row, from `first` on, are those that were written for a key."""
    first, last, count, listed, seconds, payload, mark = block
    return _checksum(key, (first, last, count, seconds), listed, payload) == mark


def labels_of(first: int, count: int, listed: bytes | None) -> Ints:
    """Return the labels of a row."""
    if listed is None:
        return np.arange(first, first + count, dtype=np.int64)
    return np.frombuffer(listed, "<i8").astype(np.int64)


def read_batches(
    connection: sqlite3.Connection,
    damaged: list[Damage],
    key: str | None = None,
    at_once: int = 20_000,
) -> Iterator[Batch]:
    """Give the blocks of all cells or one, alike ones together; damaged ones go to the list."""
    cursor = connection.execute(_SELECT, (key,))
    size, labels_in_all = size_of(connection), 0
    while rows := cursor.fetchmany(at_once):
        alike: dict[tuple[bytes, int, int], list[Row]] = {}
        for row in rows:
            number, key, first, last, count, listed, seconds, payload, mark = row
            if _checksum(key, (first, last, count, seconds), listed, payload) != mark:
                damaged.append(Damage(number, key, first, last))
                continue
            labels_in_all += count
            require_plausible(labels_in_all, size, "its blocks")
            form = (_header(payload), count, len(payload))
            alike.setdefault(form, []).append(row)
        for (_, count, size), group in alike.items():
            try:
                batch = _batch(group, count, size)
            except (ValueError, TypeError):  # made with a right checksum by something else
                damaged += [Damage(row[0], row[1], row[2], row[3]) for row in group]
            else:
                yield batch


def _batch(group: list[Row], count: int, size: int) -> Batch:
    if count < 1:
        raise ValueError("a block has no label")
    joined = np.frombuffer(b"".join(row[7] for row in group), np.uint8)
    firsts = np.array([row[2] for row in group], np.int64)
    labels = firsts[:, np.newaxis] + np.arange(count)
    for i, row in enumerate(group):
        if row[5] is not None:
            labels[i] = labels_of(row[2], row[4], row[5])
    return Batch(
        keys=[row[1] for row in group],
        labels=labels,
        arrays=decode_many(joined.reshape(len(group), size), count),
        seconds=np.array([row[6] for row in group]),
    )


def _header(payload: bytes) -> bytes:
    try:
        return payload[: header_size(payload)]
    except (ValueError, TypeError):
        return payload


def _checksum(
    key: str, numbers: tuple[int, int, int, float], listed: bytes | None, payload: bytes
) -> bytes:
    """Return the checksum of a row; of values of other types, one that does not fit."""
    try:
        return checksum(key.encode(), struct.pack("<qqqd", *numbers), listed or b"", payload)
    except (struct.error, TypeError, AttributeError):
        return b""
