"""What can be wrong with a store, each said in one sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NETWORK = (
    *("SQLITE_PROTOCOL", "SQLITE_NOLFS", "SQLITE_IOERR_SHM", "SQLITE_IOERR_LOCK"),
    *("SQLITE_IOERR_RDLOCK", "SQLITE_IOERR_UNLOCK", "SQLITE_IOERR_CHECKRESERVEDLOCK"),
)  # what locks and shared memory answer where they are not those of a local disk


_STRANGE = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError),
    *(OverflowError, ZeroDivisionError, RecursionError),
)  # what values that were never written raise somewhere


class StoreError(RuntimeError):
    """A store cannot be used: another sweep's, busy, damaged, read-only, on a full disk, no store.

    Nothing in the store was changed, but for the blocks committed before.
    """


@contextmanager
def sqlite_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite raises into a StoreError that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(_explained(path, error)) from error


@contextmanager
def reading_errors(path: Path) -> Iterator[None]:
    """As `sqlite_errors`, and the same for values that are not what was ever written."""
    with sqlite_errors(path):
        try:
            yield
        except _STRANGE as error:
            told = " ".join(str(error).split())[:200].rstrip(".")
            raise StoreError(
                f"{path} is damaged and was left as it is ({type(error).__name__}: {told}): "
                "restore it from a copy, or give another file."
            ) from error


def _explained(path: Path, error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", "")
    if isinstance(error, sqlite3.DataError):  # Python makes it of SQLITE_TOOBIG
        name = "SQLITE_TOOBIG"
    for names, text in _EXPLANATIONS.items():
        if name.startswith(names):
            return f"{path} {text.format(error=error)}"
    return f"{path} cannot be used ({name or type(error).__name__}: {error})."


_EXPLANATIONS = {
    ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC"): (
        "cannot grow ({error}): what was committed before is safe; free space on its disk and make "
        "the same call again."
    ),
    ("SQLITE_NOTADB", "SQLITE_CORRUPT"): (
        "is damaged or no store ({error}) and was left as it is: restore it from a copy, or give "
        "another file."
    ),
    ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM"): (
        "cannot be opened for writing ({error}): make the file and its folder writable, or read it "
        "with ltens.open."
    ),
    ("SQLITE_INTERRUPT", "SQLITE_TOOBIG"): (
        "is damaged or made to be endless ({error}): what it holds is more than its size allows."
    ),
    _NETWORK: (
        "lies where files cannot be shared or locked ({error}), as on network file systems: put it "
        "on a local disk."
    ),
    ("SQLITE_BUSY", "SQLITE_LOCKED"): (
        "is being written by another process ({error}): wait for it to end."
    ),
}
"""What to do, by the beginnings of SQLite's names of errors."""
