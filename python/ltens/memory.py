"""Refuses work that cannot fit into memory, before any of it is done."""

from __future__ import annotations

import os
from pathlib import Path

from .words import in_bytes


def available_memory() -> int:
    """Return the bytes of memory this process can still have.

    Examples
    --------
    >>> available_memory() > 0
    True
    """
    limits = [_physical_memory()]
    for line in _read(Path("/proc/meminfo")).splitlines():
        if line.startswith("MemAvailable:"):
            limits.append(int(line.split()[1]) * 1024)
    cgroup = _read(Path("/sys/fs/cgroup/memory.max")).strip()
    if cgroup.isdigit():
        limits.append(int(cgroup))
    return min(limits)


def require_memory(needed: int, what: str, advice: str) -> None:
    """Raise MemoryError if `needed` bytes are more than there are.

    Parameters
    ----------
    needed : int
        Bytes.
    what : str
        What needs them, the subject of the message.
    advice : str
        What would do instead.

    Examples
    --------
    >>> require_memory(1000, "a small sweep", "none needed")
    """
    available = available_memory()
    if needed > available:
        raise MemoryError(
            f"{what} needs about {in_bytes(needed)} of memory, but {in_bytes(available)} are "
            f"available: {advice}."
        )


def _physical_memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not a POSIX system
        return 2**62


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
