"""How many threads a computation uses, and draws computed on them.

The explicit argument, else LTENS_NUM_THREADS, else OMP_NUM_THREADS, else what the process may use:
its CPU affinity, cut by the cgroup's CPU limit (containers). No result depends on this number.
"""

from __future__ import annotations

import functools
import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numpy as np

from ._typing import Floats
from .validation import integer

P = ParamSpec("P")
R = TypeVar("R")

_MOST = 65_536
_CGROUP_ROOT = Path("/sys/fs/cgroup")


def thread_count(threads: int | None = None) -> int:
    """Return the number of threads to use.

    Parameters
    ----------
    threads : int, optional
        Used as it is if given.

    Raises
    ------
    TypeError, ValueError
        If `threads` or an environment variable is not an integer of at least 1.

    Examples
    --------
    >>> thread_count(3)
    3
    """
    if threads is not None:
        return integer(threads, "threads", minimum=1, maximum=_MOST)
    return count_and_reason()[0]


def count_and_reason() -> tuple[int, str]:
    """Return the number of threads used if no other is asked for, and what decided it.

    Raises
    ------
    ValueError
        If an environment variable is not an integer of at least 1.

    Examples
    --------
    >>> count, reason = count_and_reason()
    >>> count >= 1
    True
    """
    for variable in ("LTENS_NUM_THREADS", "OMP_NUM_THREADS"):
        text = os.environ.get(variable, "").strip()
        if text:
            return _from_environment(variable, text), f"{variable}={text}"
    allowed, limit = _affinity(), cgroup_cpus()
    if limit < allowed:
        return available_cpus(), f"the cgroup allows {limit:g} of {allowed} CPUs"
    if allowed < (os.cpu_count() or 1):
        return allowed, f"{allowed} of {os.cpu_count()} CPUs, those of the affinity mask"
    return allowed, f"{allowed} CPU{'s' if allowed > 1 else ''} of the machine"


def available_cpus() -> int:
    """Return how many CPUs affinity and the cgroup leave to this process.

    Examples
    --------
    >>> available_cpus() >= 1
    True
    """
    return max(1, math.ceil(min(_affinity(), cgroup_cpus())))


def _affinity() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cgroup_cpus(root: Path = _CGROUP_ROOT, membership: Path = Path("/proc/self/cgroup")) -> float:
    """Return the CPUs the cgroup (v2 or v1) and its ancestors allow, infinity without a limit.

    Examples
    --------
    >>> cgroup_cpus(Path("/nonexistent"))
    inf
    """
    limit = math.inf
    for folder in _cgroup_folders(root, membership):
        words = _words(folder / "cpu.max")  # "max 100000" or "150000 100000" (microseconds)
        if len(words) == 2 and words[0].isdigit() and int(words[1]) > 0:
            limit = min(limit, int(words[0]) / int(words[1]))
    quota, period = _words(root / "cpu/cpu.cfs_quota_us"), _words(root / "cpu/cpu.cfs_period_us")
    if quota and period and quota[0].isdigit() and int(period[0]) > 0:
        limit = min(limit, int(quota[0]) / int(period[0]))
    return limit


def on_one_blas_thread(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function of many small matrices call BLAS on one thread, which is faster for them.

    Threads of BLAS meet in every product: of small ones that costs more than it gives, and very
    much more where the CPUs are busy.

    Examples
    --------
    >>> on_one_blas_thread(np.trace)(np.eye(3))
    np.float64(3.0)
    """

    @functools.wraps(function)
    def limited(*args: P.args, **kwargs: P.kwargs) -> R:
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1, user_api="blas"):
            return function(*args, **kwargs)

    return limited


def in_threads(work: Callable[[int], Any], labels: Sequence[int], threads: int) -> Floats:
    """Return the results for the labels in order, each computed on one thread of BLAS.

    Examples
    --------
    >>> in_threads(lambda k: (k, 2.0 * k), range(3), 2)
    array([[0., 0.],
           [1., 2.],
           [2., 4.]])
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"):
        if threads == 1 or len(labels) == 1:
            return np.array([work(k) for k in labels], dtype=np.float64)
        with ThreadPoolExecutor(min(threads, len(labels))) as pool:
            return np.array(list(pool.map(work, labels)), dtype=np.float64)


def _from_environment(variable: str, text: str) -> int:
    """Return the count an environment variable gives; OpenMP allows a list, one per level."""
    first = text.split(",", maxsplit=1)[0].strip()
    if not (first.isascii() and first.isdigit() and len(first) < 10 and 1 <= int(first) <= _MOST):
        raise ValueError(
            f"environment variable {variable} is {text!r}, but must be an integer from 1 to "
            f"{_MOST}."
        )
    return int(first)


def _cgroup_folders(root: Path, membership: Path) -> list[Path]:
    """Return the cgroup v2 folder of this process and all above it."""
    own = ""
    for line in _lines(membership):
        if line.startswith("0::"):
            own = line.removeprefix("0::").strip().lstrip("/")
    folder = root / own
    if ".." in folder.parts:  # the membership of a process outside this namespace
        return [root]
    return [folder, *(p for p in folder.parents if p == root or root in p.parents)]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []


def _words(path: Path) -> list[str]:
    lines = _lines(path)
    return lines[0].split() if lines else []
