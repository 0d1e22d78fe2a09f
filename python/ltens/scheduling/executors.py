"""Executors of every make behind one face."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from typing import Any, Protocol

_ADAPT = "executor=concurrent.futures.ProcessPoolExecutor({})"


class Future(Protocol):
    """What `submit` returns."""

    def add_done_callback(self, fn: Callable[[Any], object], /) -> object:
        """Call `fn` with the future once it is done."""
        ...

    def cancel(self) -> object:
        """Do not start it."""
        ...

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """Return what was raised, None if nothing was."""
        ...

    def result(self, timeout: float | None = None) -> Any:
        """Return what was computed, or raise what was raised."""
        ...


class WorkerPool:
    """An executor, how many blocks it runs at once, and its replacement if it breaks.

    Parameters
    ----------
    executor : Executor or dask.distributed.Client
        `concurrent.futures` semantics: ``submit`` gives a future. Never shut down here.

    Raises
    ------
    TypeError
        If it is something else; the message has the line that adapts it.

    Examples
    --------
    >>> WorkerPool(4)
    Traceback (most recent call last):
    ...
    TypeError: executor is 4, but must have submit(): give \
executor=concurrent.futures.ProcessPoolExecutor(4).
    """

    def __init__(self, executor: Any) -> None:
        self._executor = _adapted(executor)
        self._own: ProcessPoolExecutor | None = None
        self.generation = 0
        self.workers = max(1, _worker_count(executor))
        # Deep enough that no worker waits for us; dask grows with what is queued.
        self.depth = 2 * self.workers + (30 if _is_dask_client(executor) else 2)

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future:
        """Hand out a call."""
        future: Future = self._executor.submit(function, *arguments)
        return future

    def restart(self, error: BaseException, generation: int) -> bool:
        """Replace a process pool one of whose workers died; False if nothing was replaced.

        Such a pool refuses all work for ever. It is its owner's, so it stays as it is, and a pool
        like it takes its place for the rest of the sweep. All calls it had fail at once: only the
        first of a generation replaces it.
        """
        broken: Any = self._executor
        if generation != self.generation or not isinstance(error, BrokenExecutor):
            return False
        if not isinstance(broken, ProcessPoolExecutor):
            return False
        self.close()
        self.generation += 1
        self._own = self._executor = ProcessPoolExecutor(
            self.workers,
            mp_context=getattr(broken, "_mp_context", None),
            initializer=getattr(broken, "_initializer", None),
            initargs=getattr(broken, "_initargs", ()),
        )
        return True

    def close(self) -> None:
        """Let go of a pool that was made here."""
        if self._own is not None:
            self._own.shutdown(wait=False, cancel_futures=True)


def _adapted(executor: Any) -> Any:
    """Return something with submit() of `concurrent.futures`."""
    kind = type(executor)
    if _is_dask_client(executor):
        if getattr(executor, "asynchronous", False):
            raise TypeError(
                "executor is an asynchronous dask Client, but must be a synchronous one: give "
                "executor=dask.distributed.Client(address)."
            )
        return executor.get_executor(pure=False)
    if inspect.isclass(executor):
        raise TypeError(
            f"executor is the class {executor.__name__}, but must have submit(): give "
            f"executor={executor.__name__}()."
        )
    if callable(getattr(executor, "submit", None)):
        return executor
    if isinstance(executor, int) and not isinstance(executor, bool) and executor > 0:
        line = _ADAPT.format(executor)
    elif hasattr(executor, "scheduler_address"):
        line = f"executor=dask.distributed.Client({kind.__name__.lower()})"
    else:
        line = _ADAPT.format(getattr(executor, "_processes", ""))
    raise TypeError(f"executor is {executor!r}, but must have submit(): give {line}.")


def _is_dask_client(executor: Any) -> bool:
    return type(executor).__module__.split(".")[0] == "distributed" and hasattr(
        executor, "get_executor"
    )


def _worker_count(executor: Any) -> int:
    """Return how many blocks can run at once, as far as one can know."""
    if _is_dask_client(executor):
        return sum(executor.nthreads().values())
    for name in ("_max_workers", "num_workers", "max_workers"):  # concurrent.futures, mpi4py, loky
        count = getattr(executor, name, None)
        if isinstance(count, int) and count > 0:
            return count
    return os.cpu_count() or 1
