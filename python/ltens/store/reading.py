"""What a store holds, read while it may be written by another process."""

from __future__ import annotations

import json
import os
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._typing import Ints
from . import schema
from .calls import damaged_calls, labels_asked_for
from .cell_keys import cell_keys
from .connecting import reading
from .payload import checksum, decode
from .rows import Batch, Damage, read_batches
from .store_errors import StoreError
from .writing import read_meta

_MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True, eq=False)
class Stored:
    """Everything in a store.

    Attributes
    ----------
    kind : str
    identity, numerics, provenance : dict
        See `ltens.scheduling.Computation`.
    arrays : dict of arrays
    cells : list of dict
        The coordinates of every cell asked for so far.
    labels : (n,) int64
        Every label asked for so far, increasing.
    batches : list of Batch
        The finished blocks.
    damaged : list of Damage
        Blocks that failed their checksum.
    """

    kind: str
    identity: dict[str, Any]
    numerics: dict[str, Any]
    provenance: dict[str, Any]
    arrays: dict[str, NDArray[Any]]
    cells: list[dict[str, Any]]
    labels: Ints
    batches: list[Batch]
    damaged: list[Damage]


def is_store(path: str | os.PathLike[str]) -> bool:
    """Whether the file is an SQLite database.

    Examples
    --------
    >>> is_store("/dev/null")
    False
    """
    try:
        with Path(path).open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def read_store(path: str | os.PathLike[str], key: str | None = None) -> Stored:
    """Return what a store holds, of all cells or of one; warn of damaged blocks.

    Raises
    ------
    StoreError
        If it is none, or cannot be read.
    """
    file = Path(path).expanduser()
    damaged: list[Damage] = []
    with reading(file) as connection, _snapshot(connection):
        schema.check(connection, file)
        meta = read_meta(connection, file)
        stored = Stored(
            kind=meta["kind"],
            identity=meta["identity"],
            numerics=meta["numerics"],
            provenance=meta["record"],
            arrays=_arrays(connection, file),
            cells=[json.loads(text) for _, text in sorted(cell_keys(connection).items())],
            labels=labels_asked_for(connection),
            batches=list(read_batches(connection, damaged, key)),
            damaged=damaged,
        )
        lost = len(damaged_calls(connection))
    if lost:
        stored = _with_labels_found(stored)
        warnings.warn(_lost_calls(file, lost), RuntimeWarning, stacklevel=3)
    if damaged:
        warnings.warn(damage_report(file, damaged), RuntimeWarning, stacklevel=3)
    return stored


def damage_report(path: Path, damaged: list[Damage]) -> str:
    """Say which blocks are damaged."""
    return (
        f"{len(damaged)} block(s) of {path} are damaged and count as not computed, the first is "
        f"{damaged[0]}: the same sweep computes them again."
    )


@contextmanager
def _snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Let all queries see the same state."""
    connection.execute("BEGIN")
    yield
    connection.execute("ROLLBACK")


def _arrays(connection: sqlite3.Connection, path: Path) -> dict[str, NDArray[Any]]:
    found = {}
    for name, rows, payload, mark in connection.execute("SELECT * FROM arrays"):
        if checksum(name.encode(), payload) != mark:
            raise StoreError(f"{path} is damaged: its array {name} fails its checksum.")
        found[name] = decode(payload, rows)[name]
    return found


def _with_labels_found(stored: Stored) -> Stored:
    """Return the same with the labels of all blocks among those asked for."""
    found = [batch.labels.ravel() for batch in stored.batches]
    return replace(stored, labels=np.unique(np.concatenate([stored.labels, *found])))


def _lost_calls(path: Path, count: int) -> str:
    return (
        f"{count} call(s) noted in {path} are damaged: labels that they alone asked for are there "
        "if they are finished, and else unknown."
    )
