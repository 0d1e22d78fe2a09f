"""What a stranger's file may do: nothing but hold the tables of a store, within its own size."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_FREE_OPERATIONS = 10_000_000  # of SQLite's machine, whatever the size of the file
_EVERY = 10_000
_GROWTH = 2**20  # bytes a writer may have added since
FREE_LABELS = 2**24  # that a file may speak of, however small


def distrust(connection: sqlite3.Connection) -> None:
    """Let the file run nothing, and change nothing of how it is read."""
    connection.execute("PRAGMA trusted_schema = OFF")
    if sys.version_info >= (3, 12):
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)


def size_of(connection: sqlite3.Connection) -> int:
    """Return the bytes of the database."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    return int(pages) * int(size)


@contextmanager
def limited(connection: sqlite3.Connection) -> Iterator[None]:
    """Let reading take no more than the file's size allows: no value longer, no endless loop."""
    size = size_of(connection)
    budget = iter(range((_FREE_OPERATIONS + 10 * size) // _EVERY))
    before = connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, size + _GROWTH)
    connection.set_progress_handler(lambda: next(budget, None) is None, _EVERY)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, before)


def require_plausible(labels: int, size: int, what: str) -> None:
    """Raise ValueError if a file of some size speaks of more labels than it can be the store of.

    Examples
    --------
    >>> require_plausible(10**9, 40_000, "its calls")
    Traceback (most recent call last):
    ...
    ValueError: its calls speak of 1000000000 labels, far more than its size allows
    """
    if labels > FREE_LABELS + size:
        raise ValueError(f"{what} speak of {labels} labels, far more than its size allows")
