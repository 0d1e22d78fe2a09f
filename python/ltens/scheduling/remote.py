"""What runs in a worker: one block, given and returned as plain data."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import platform
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import numpy as np

from .._typing import Ints
from ..computation import Arrays, Plain, Watch, Worker


@dataclass(frozen=True)
class CancelFile:
    """An empty file that exists as long as the results are wanted.

    Workers on the same machine look at it some twenty times a second and stop when it is gone.
    Elsewhere they cannot see it and finish their block.
    """

    path: str
    host: str
    pid: int

    @classmethod
    def make(cls) -> CancelFile:
        """Create one."""
        descriptor, path = tempfile.mkstemp(prefix="ltens-sweep-")
        os.close(descriptor)
        return cls(path, platform.node(), os.getpid())

    def remove(self) -> None:
        """Tell the workers that nobody waits for them."""
        Path(self.path).unlink(missing_ok=True)

    def is_visible(self) -> bool:
        """Whether this process can see it."""
        return self.host == platform.node() and os.path.exists(self.path)

    def is_set(self) -> bool:
        """Whether to stop."""
        return not os.path.exists(self.path)


@dataclass(frozen=True, eq=False)
class Job:
    """A block as it goes out."""

    worker: Worker
    common: Mapping[str, Any]
    coordinates: Mapping[str, Plain]
    labels: Ints
    threads: int
    cancel_file: CancelFile


def compute(job: Job) -> tuple[Ints, Arrays, float]:
    """Compute one block; return the labels that are finished, their arrays, and the seconds."""
    _leave_with_owner(job.cancel_file)
    cancel = job.cancel_file if job.cancel_file.is_visible() else None
    watch = Watch(threads=job.threads, cancel=cancel)
    return timed(job.worker, job.common, job.coordinates, job.labels, watch)


def timed(
    worker: Worker,
    common: Mapping[str, Any],
    coordinates: Mapping[str, Plain],
    labels: Ints,
    watch: Watch,
) -> tuple[Ints, Arrays, float]:
    """Call the worker, check what it returns and measure its time."""
    start = time.perf_counter()
    arrays = dict(worker(common, coordinates, labels, watch))
    seconds = time.perf_counter() - start
    finished = np.asarray(arrays.pop("label", labels), np.int64)
    for name, array in arrays.items():
        if len(array) != len(finished):
            raise ValueError(
                f"array {name} of the worker has {len(array)} row(s), but must have one for each "
                f"of the {len(finished)} label(s)."
            )
    return finished, arrays, seconds


_watching = False


def _leave_with_owner(cancel_file: CancelFile) -> None:
    """End this process when the one that owns the pool is gone.

    The workers of a process pool wait for ever on a queue that they keep open themselves, so those
    of a killed sweep would stay. One that is killed before its worker's first block still leaves
    that worker behind, idle: no code of ours has run there.
    """
    global _watching  # noqa: PLW0603 - one thread for each process
    owner = multiprocessing.parent_process()
    if _watching or owner is None or os.getpid() == cancel_file.pid:
        return
    _watching = True
    threading.Thread(target=_wait_and_leave, args=(owner,), daemon=True).start()


def _wait_and_leave(owner: BaseProcess) -> None:
    multiprocessing.connection.wait([owner.sentinel])
    os._exit(1)
