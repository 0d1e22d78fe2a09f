"""Connections to a store, for writing and for reading."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from .guarding import distrust, limited
from .store_errors import StoreError, reading_errors

_PATIENCE = 10.0  # seconds to wait for another connection's lock


def store_path(path: object, argument: str = "store") -> Path:
    """Return the path of a store that may or may not exist yet.

    Raises
    ------
    TypeError
        If it is no path.
    StoreError
        If it is a folder, or lies in none.

    Examples
    --------
    >>> store_path(3)
    Traceback (most recent call last):
    ...
    TypeError: store is 3, but must be a file name such as 'fig1.ltens'.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"{argument} is {path!r}, but must be a file name such as 'fig1.ltens'.")
    result = Path(path).expanduser()
    if str(path) == ":memory:":
        raise StoreError(
            f"{argument} is ':memory:', but must be a file on a disk: without a store nothing is "
            "kept."
        )
    if result.is_dir():
        raise StoreError(f"{argument} is {result}, but that is a folder: give a file name in it.")
    if not result.parent.is_dir():
        raise StoreError(
            f"{argument} is {result}, but the folder {result.parent} does not exist: create it "
            "first."
        )
    return result


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection that may write, and has written nothing yet.

    Statements run in autocommit mode; `transaction` makes several one.
    """
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    distrust(connection)
    return connection


def write_ahead(connection: sqlite3.Connection, path: Path) -> None:
    """Let others read while this one writes, and let every commit wait for the disk."""
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise StoreError(
            f"{path} cannot be written safely, because its file system refuses write-ahead logging "
            f"(the journal stays {mode!r}): put it on a local disk."
        )
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def write_no_further_ahead(connection: sqlite3.Connection) -> None:
    """Bring all into the one file, unless somebody reads it or there is no space for that.

    The log stays then, which is as safe.
    """
    with suppress(sqlite3.Error):
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that cannot write, also to a store that is being written.

    On a read-only disk SQLite cannot make the files it shares with a writer; there is none then,
    unless it left a write-ahead log behind, which only a writable copy can play back.
    """
    if not path.is_file():
        raise StoreError(f"{path} does not exist: give the file that was named by store=.")
    address = path.resolve().as_uri()
    with reading_errors(path):
        try:
            connection = _connected(f"{address}?mode=ro")
        except sqlite3.OperationalError:
            log = path.with_name(f"{path.name}-wal")
            if log.exists() and log.stat().st_size > 0:
                raise
            connection = _connected(f"{address}?mode=ro&immutable=1")
        with closing(connection), limited(connection):
            yield connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run statements all or none."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _connected(address: str) -> sqlite3.Connection:
    """Connect, and read once to see whether that works."""
    connection = sqlite3.connect(address, uri=True, timeout=_PATIENCE, isolation_level=None)
    try:
        distrust(connection)
        connection.execute("SELECT count(*) FROM sqlite_master")
    except BaseException:
        connection.close()
        raise
    return connection
