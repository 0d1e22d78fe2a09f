"""At most one writer: a lock that the kernel releases when its process dies, however it dies.

The lock is `flock` on a file beside the store, not on the store itself: closing any descriptor of
a file drops SQLite's own POSIX locks on it. A forked child closes its copy at once, so that an
orphan of a pool does not hold the lock of its dead parent.
"""

from __future__ import annotations

import errno
import os
import platform
from contextlib import suppress
from pathlib import Path

from .store_errors import StoreError

try:
    import fcntl
except ImportError:  # Windows: commits still refuse duplicates, see writing.py
    fcntl = None  # type: ignore[assignment]

_held: set[int] = set()


def _close_in_child() -> None:
    for descriptor in list(_held):
        os.close(descriptor)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_close_in_child)


class WriterLock:
    """The right to write to a store.

    Raises
    ------
    StoreError
        If another writer holds it, in this process or another one.
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
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise StoreError(
                f"{store} cannot be written, because its folder refuses {self.path.name} "
                f"({error.strerror}): make the folder writable, or read the store with ltens.open."
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip()
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

    def _is_current(self, descriptor: int) -> bool:
        """Whether the file we locked is still the one others would find."""
        try:
            return os.path.samestat(os.fstat(descriptor), os.stat(self.path))
        except FileNotFoundError:
            return False
