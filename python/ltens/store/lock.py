"""At most one writer: a lock that the kernel releases when its process dies, however it dies.

The lock is `flock` on a file beside the store, not on the store itself: closing any descriptor of
a file drops SQLite's own POSIX locks on it. A forked child closes its copy at once, so that an
orphan of a pool does not hold the lock of its dead parent.
"""

from __future__ import annotations

import errno
import os
import platform
import re
import stat
from contextlib import suppress
from pathlib import Path

from .store_errors import StoreError

try:
    import fcntl
except ImportError:  # Windows: commits still refuse duplicates, see writing.py
    fcntl = None  # type: ignore[assignment]

_LONGEST = 400  # bytes in a lock
_HOLDER = re.compile(rb"(process \d+ on [^\n]{0,300})?")
_held: set[int] = set()


def _close_in_child() -> None:
    for descriptor in list(_held):
        os.close(descriptor)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_close_in_child)


def _is_lock(descriptor: int) -> bool:
    """Whether a file is a lock: a regular file of one name, empty or with its holder's name."""
    about = os.fstat(descriptor)
    if not stat.S_ISREG(about.st_mode) or about.st_nlink > 1:
        return False
    return _HOLDER.fullmatch(_content(descriptor)) is not None


def _content(descriptor: int) -> bytes:
    return os.pread(descriptor, _LONGEST + 1, 0)


class WriterLock:
    """The right to write to a store.

    Raises
    ------
    StoreError
        If another writer holds it, in this process or another one, or if something else has the
        name of the lock.
    """

    def __init__(self, store: Path) -> None:
        self.path = store.with_name(f"{store.name}-lock")
        self._descriptor = -1
        while fcntl is not None and self._descriptor < 0:
            self._descriptor = self._try(store)

    def release(self) -> None:
        """Give the lock back and remove its file."""
        if self._descriptor < 0:
            return
        self.path.unlink(missing_ok=True)  # while we still hold it: see _is_current
        _held.discard(self._descriptor)
        os.close(self._descriptor)
        self._descriptor = -1

    def _try(self, store: Path) -> int:
        """Return the locked descriptor, or -1 if the file was replaced meanwhile."""
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            descriptor = os.open(self.path, flags, 0o666)
        except OSError as error:
            if self.path.is_symlink() or (self.path.exists() and not self.path.is_file()):
                raise self._not_ours(store) from error
            raise StoreError(
                f"{store} cannot be written, because its folder refuses {self.path.name} "
                f"({error.strerror}): make the folder writable, or read the store with ltens.open."
            ) from error
        if not _is_lock(descriptor):
            os.close(descriptor)
            raise self._not_ours(store)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = _content(descriptor).decode(errors="replace").strip()
            os.close(descriptor)
            if error.errno not in (errno.EWOULDBLOCK, errno.EAGAIN):
                raise StoreError(
                    f"{store} cannot be locked ({error.strerror}): put it on a local disk."
                ) from error
            raise StoreError(
                f"{store} is being written by {holder or 'another process'}: wait for it to end, "
                "or read what it has finished with ltens.open."
            ) from error
        if not self._is_current(descriptor):
            os.close(descriptor)
            return -1
        _held.add(descriptor)
        with suppress(OSError):  # on a full disk the lock holds as well without a name in it
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"process {os.getpid()} on {platform.node()}".encode(), 0)
        return descriptor

    def _not_ours(self, store: Path) -> StoreError:
        return StoreError(
            f"{store} cannot be locked, because {self.path.name} is no lock of ltens and was left "
            "as it is: rename it, or give another store."
        )

    def _is_current(self, descriptor: int) -> bool:
        """Whether the file we locked is still the one others would find."""
        try:
            return os.path.samestat(os.fstat(descriptor), os.stat(self.path))
        except FileNotFoundError:
            return False
