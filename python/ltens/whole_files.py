"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STANDARD_OUTPUT = Path("-")


def check_writable(path: Path, option: str) -> None:
    """Raise ValueError unless a file can be written there.

    Examples
    --------
    >>> check_writable(Path("/nowhere/a.nc"), "output")
    Traceback (most recent call last):
    ...
    ValueError: output is /nowhere/a.nc, but the folder /nowhere does not exist: create it first.
    """
    folder = path.parent
    if not folder.is_dir():
        raise ValueError(
            f"{option} is {path}, but the folder {folder} does not exist: create it first."
        )
    if path.is_dir():
        raise ValueError(f"{option} is {path}, but that is a folder: give a file name in it.")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise ValueError(f"{option} is {path}, but writing there is not permitted.")


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give the name of an empty file beside `path` that takes its place if nothing is raised.

    Nobody's file is overwritten on the way, a symbolic link stays one, and what is no regular
    file (/dev/null, a pipe) is written to as it is.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "a.txt"
    ...     with whole_file(path) as partial:
    ...         _ = partial.write_text("all of it")
    ...     path.read_text(), len(list(Path(folder).iterdir()))
    ('all of it', 1)
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        yield target
        return
    partial = target.with_name(f".{secrets.token_hex(8)}.partial{target.suffix}")
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    try:
        yield partial
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
