"""The tables of a store and who made them. `docs/guide/store.md` explains them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from .store_errors import StoreError

APPLICATION_ID = 0x4C54454E  # "LTEN"
SCHEMA_VERSION = 1

TABLES = """
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,  -- kind, identity, numerics, record, created
    value TEXT NOT NULL      -- JSON
);
CREATE TABLE arrays (
    name     TEXT PRIMARY KEY,
    rows     INTEGER NOT NULL,
    payload  BLOB NOT NULL,
    checksum BLOB NOT NULL
);
CREATE TABLE calls (
    id     INTEGER PRIMARY KEY,
    made   TEXT NOT NULL,     -- UTC, for people only
    labels TEXT NOT NULL,     -- JSON: ranges [first, last] asked for
    record TEXT NOT NULL      -- JSON: build and versions of that call
);
CREATE TABLE cells (
    id  INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE  -- JSON: coordinates
);
CREATE TABLE blocks (
    id       INTEGER PRIMARY KEY,
    cell     INTEGER NOT NULL REFERENCES cells (id),
    first    INTEGER NOT NULL,  -- smallest label
    last     INTEGER NOT NULL,  -- largest label
    count    INTEGER NOT NULL,
    labels   BLOB,              -- int64, if they are not first, first + 1, ..., last
    seconds  REAL NOT NULL,
    payload  BLOB NOT NULL,
    checksum BLOB NOT NULL
);
CREATE INDEX blocks_by_label ON blocks (cell, first);
"""


def create(connection: sqlite3.Connection) -> None:
    """Make the tables, inside the transaction of the caller."""
    for statement in TABLES.split(";"):
        if statement.strip():
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def is_empty(connection: sqlite3.Connection) -> bool:
    """Whether the database has no tables at all: new, or killed before the first commit."""
    (count,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return bool(count == 0)


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Raise StoreError unless this is a store of a schema known here, and nothing else."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        raise StoreError(
            f"{path} is an SQLite file of another program and was left as it is: give another file."
        )
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != SCHEMA_VERSION:
        raise StoreError(
            f"{path} has schema version {version}, but this ltens reads version {SCHEMA_VERSION}: "
            "use the ltens that wrote it."
        )
    held, expected = _layout(connection), _expected()
    if strange := sorted(held.items() - expected.items()):
        (kind, name), _ = strange[0]
        raise StoreError(
            f"{path} has a {kind} {name[:40]!r} that no ltens made and was left as it is: give "
            "another file."
        )
    if missing := sorted(expected.items() - held.items()):
        (kind, name), _ = missing[0]
        raise StoreError(f"{path} is damaged: it has no {kind} {name!r}.")


def _layout(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Return the statement that made each table and index, and anything else there is."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master")
    return {
        (str(kind), str(name)): " ".join(str(sql).split())
        for kind, name, sql in rows
        if not str(name).startswith("sqlite_stat")  # of ANALYZE: counts only
    }


@cache
def _expected() -> dict[tuple[str, str], str]:
    with closing(sqlite3.connect(":memory:")) as connection:
        create(connection)
        return _layout(connection)
