"""A store that a sweep writes to."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from .._typing import Ints
from ..computation import Arrays, Computation
from . import schema
from .calls import note_call, now
from .cell_keys import mend_cells
from .connecting import (
    connect,
    store_path,
    transaction,
    write_ahead,
    write_no_further_ahead,
)
from .guarding import limited
from .identity import require_same
from .lock import WriterLock
from .payload import checksum, encode
from .rows import Batch, Damage, labels_of, packed, read_batches
from .store_errors import StoreError, reading_errors, sqlite_errors

_INSERT = """
INSERT INTO blocks (cell, first, last, count, labels, seconds, payload, checksum)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""


_CHECKSUMS = "checksums"  # in the table meta: of every other value there


class Store:
    """The one writer of a store; make one with ``with Store(path, computation) as store``.

    Parameters
    ----------
    path : str or path
        Created if it does not exist.
    computation : Computation
        What is to be computed.

    Raises
    ------
    StoreError
        If the file holds something else, is another writer's, or cannot be written.
    """

    def __init__(self, path: str | os.PathLike[str], computation: Computation) -> None:
        self.path = store_path(path)
        self.damaged: list[Damage] = []
        self._cells: dict[str, int] = {}
        self._registered = False
        self._lock = WriterLock(self.path)
        try:
            with sqlite_errors(self.path):
                self._connection = connect(self.path)
        except BaseException:
            self._lock.release()
            raise
        try:
            with reading_errors(self.path):
                self._create_or_check(computation)
            self._file = os.stat(self.path)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; unless somebody reads it now, all of it is in that one file then."""
        try:
            if self._registered:
                write_no_further_ahead(self._connection)
            with sqlite_errors(self.path):
                self._connection.close()
        finally:
            self._lock.release()

    def read(self) -> Iterator[Batch]:
        """Give all blocks; those that fail their checksum are listed in `damaged`."""
        with reading_errors(self.path), limited(self._connection):
            yield from read_batches(self._connection, self.damaged)

    def register(self, computation: Computation) -> None:
        """Note what this call asks for, and drop the damaged blocks found by `read`."""
        with sqlite_errors(self.path):
            self._registered = True
            write_ahead(self._connection, self.path)
        with sqlite_errors(self.path), transaction(self._connection):
            rows = [(damage.row,) for damage in self.damaged]
            self._connection.executemany("DELETE FROM blocks WHERE id = ?", rows)
            keys = [(cell.key,) for cell in computation.cells]
            self._connection.executemany("INSERT OR IGNORE INTO cells (key) VALUES (?)", keys)
            note_call(self._connection, computation.labels, computation.provenance)
            self._cells = dict(self._connection.execute("SELECT key, id FROM cells"))

    def commit(self, key: str, labels: Ints, arrays: Arrays, seconds: float) -> int:
        """Write one block, on the disk when this returns; return how many labels were new.

        Labels that are there already are left out: they would be the same bits again.
        """
        if len(labels) == 0:
            return 0
        self._require_same_file()
        order = np.argsort(labels, kind="stable")
        cell = self._cells[key]
        with sqlite_errors(self.path), transaction(self._connection):
            known = self._known(cell, int(labels.min()), int(labels.max()))
            fresh = order[~np.isin(labels[order], known)]
            if fresh.size:
                payload = encode({name: array[fresh] for name, array in arrays.items()})
                row = packed(key, labels[fresh], float(seconds), payload)
                self._connection.execute(_INSERT, (cell, *row))
        return int(fresh.size)

    def _create_or_check(self, computation: Computation) -> None:
        if schema.is_empty(self._connection):
            with transaction(self._connection):
                schema.create(self._connection)
                self._describe(computation)
        schema.check(self._connection, self.path)
        require_same(self.path, read_meta(self._connection, self.path), computation)
        with transaction(self._connection):
            mend_cells(self._connection)

    def _describe(self, computation: Computation) -> None:
        """Write who this store is."""
        values: dict[str, Any] = {
            "kind": computation.kind,
            "identity": computation.identity,
            "numerics": computation.numerics,
            "record": computation.provenance,
            "created": now(),
        }
        texts = {name: json.dumps(value) for name, value in values.items()}
        texts[_CHECKSUMS] = json.dumps({name: _mark(name, text) for name, text in texts.items()})
        self._connection.executemany("INSERT INTO meta VALUES (?, ?)", list(texts.items()))
        for name, array in computation.arrays.items():
            payload = encode({name: array})
            row = (name, len(array), payload, checksum(name.encode(), payload))
            self._connection.execute("INSERT INTO arrays VALUES (?, ?, ?, ?)", row)

    def _known(self, cell: int, first: int, last: int) -> Ints:
        """Return the labels of a cell that are stored between two labels."""
        rows = self._connection.execute(
            "SELECT first, count, labels FROM blocks WHERE cell = ? AND first <= ? AND last >= ?",
            (cell, last, first),
        ).fetchall()
        parts = [labels_of(*row) for row in rows]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)

    def _require_same_file(self) -> None:
        """Raise StoreError if the file was deleted or replaced while we write to it."""
        try:
            same = os.path.samestat(self._file, os.stat(self.path))
        except FileNotFoundError:
            same = False
        if not same:
            raise StoreError(
                f"{self.path} was deleted or replaced while it was written: make the same call "
                "again, with a file that stays."
            )


def read_meta(connection: sqlite3.Connection, path: Path) -> dict[str, Any]:
    """Return the table meta; StoreError if it is not what was written."""
    try:
        texts = dict(connection.execute("SELECT name, value FROM meta"))
        meta = {name: json.loads(text) for name, text in texts.items()}
        marks = meta.pop(_CHECKSUMS, {})  # the first stores have none
        wrong = [name for name, mark in marks.items() if _mark(name, texts.get(name, "")) != mark]
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise StoreError(f"{path} is damaged: its table meta holds no JSON.") from error
    missing = {"kind", "identity", "numerics", "record"} - set(meta)
    if missing:
        raise StoreError(f"{path} is damaged: its table meta lacks {min(missing)!r}.")
    if wrong:
        raise StoreError(
            f"{path} is damaged: its {wrong[0]} fails its checksum: restore it from a copy, or "
            "give another file."
        )
    return meta


def _mark(name: str, text: str) -> str:
    return checksum(name.encode(), text.encode()).hex()
