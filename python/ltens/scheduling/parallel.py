"""Blocks on an executor."""

from __future__ import annotations

import queue
import warnings
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from typing import Any

from ..computation import Cancel, Computation
from .blocks import Block
from .executors import Future, WorkerPool
from .failures import ATTEMPTS, Failure
from .remote import CancelFile, Job, compute

_TICK = 0.05  # seconds between two looks at the cancel flag

Finish = Callable[[Block, Any, Any, float], None]


@dataclass
class _Task:
    block: Block
    attempts: int = 0
    generation: int = 0  # of the pool it was handed to


@dataclass
class Dispatch:
    """Hands blocks out and takes results in.

    Attributes
    ----------
    computation : Computation
    pool : WorkerPool
    threads : int
        Of each block.
    finish : callable of (block, labels, arrays, seconds)
        Takes a result, in this thread.
    idle : callable
        Called when nothing came for a while.
    cancel : object with ``is_set()`` or None
    failures : list of Failure
        The blocks that raised on every attempt.
    """

    computation: Computation
    pool: WorkerPool
    threads: int
    finish: Finish
    idle: Callable[[], None]
    cancel: Cancel | None
    failures: list[Failure] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._waiting: deque[_Task] = deque()
        self._running: dict[Future, _Task] = {}
        self._finished: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self._refusals = 0

    def run(self, blocks: Sequence[Block]) -> None:
        """Compute all blocks; on Ctrl-C and cancel, what is finished is taken in before leaving."""
        self._waiting.extend(_Task(block) for block in blocks)
        self._cancel_file = CancelFile.make()
        try:
            while (self._waiting or self._running) and not self._cancelled():
                self._hand_out()
                self._take_in(_TICK)
            self._take_what_is_there()
        except KeyboardInterrupt:
            self._take_what_is_there()
            raise
        finally:
            self._cancel_file.remove()
            for future in self._running:
                future.cancel()
            self.pool.close()

    def _cancelled(self) -> bool:
        return self.cancel is not None and self.cancel.is_set()

    def _hand_out(self) -> None:
        """Keep every worker busy and a few blocks queued; a block at its last attempt runs alone.

        When a pool breaks, all its blocks fail and nobody knows whose worker died; alone, it shows.
        """
        while self._waiting and len(self._running) < self.pool.depth:
            alone = any(task.attempts == ATTEMPTS - 1 for task in self._running.values())
            last = self._waiting[0].attempts == ATTEMPTS - 1
            if alone or (last and self._running):
                return
            task = self._waiting.popleft()
            if not self._submit(task):
                self._waiting.appendleft(task)
                return

    def _submit(self, task: _Task) -> bool:
        block, task.generation = task.block, self.pool.generation
        if not self._cancel_file.is_visible():  # something tidied the folder of temporary files
            self._cancel_file = CancelFile.make()
        job = Job(
            self.computation.worker,
            self.computation.given(block.cell),
            dict(block.cell.coordinates),
            block.labels,
            self.threads,
            self._cancel_file,
        )
        try:
            future = self.pool.submit(compute, job)
        except Exception as error:
            self._refused(task, error)
            return False
        self._refusals = 0
        self._running[future] = task
        future.add_done_callback(self._finished.put)
        return True

    def _refused(self, task: _Task, error: Exception) -> None:
        """Let the executor refuse work now and then, but not for ever."""
        if self._restarted(task, error):
            return
        self._refusals += 1
        if self._refusals >= ATTEMPTS and not self._running:
            raise RuntimeError(
                f"the executor refuses work ({type(error).__name__}: {error}): what is finished "
                "is kept; make the same call with a working executor."
            ) from error

    def _take_in(self, timeout: float) -> None:
        """Wait for a result and take all that are there."""
        try:
            future = self._finished.get(timeout=timeout)
        except queue.Empty:
            self.idle()
            return
        self._take(future)
        while not self._finished.empty():
            self._take(self._finished.get())

    def _take(self, future: Future) -> None:
        task = self._running.pop(future)
        error = _error(future)
        if error is None:
            labels, arrays, seconds = future.result(timeout=0)
            self.finish(task.block, labels, arrays, seconds)
            if rest := task.block.without(labels):
                self._waiting.append(_Task(rest))
            return
        self._restarted(task, error)
        task.attempts += 1
        if task.attempts < ATTEMPTS:
            self._waiting.append(task)
        else:
            self.failures.append(Failure(task.block, error))

    def _restarted(self, task: _Task, error: BaseException) -> bool:
        if not self.pool.restart(error, task.generation):
            return False
        warnings.warn(
            f"a worker process died ({error}); its pool was replaced, and the blocks it had are "
            "computed again",
            RuntimeWarning,
            stacklevel=2,
        )
        return True

    def _take_what_is_there(self) -> None:
        """Take in what finished while we were about to leave."""
        while not self._finished.empty():
            future = self._finished.get()
            task = self._running.pop(future, None)
            if task is not None and _error(future) is None:
                labels, arrays, seconds = future.result(timeout=0)
                self.finish(task.block, labels, arrays, seconds)


def _error(future: Future) -> BaseException | None:
    """Return what a finished call raised, CancelledError if it was never made."""
    try:
        return future.exception(timeout=0)
    except CancelledError as error:
        return error
