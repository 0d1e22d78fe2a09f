"""Runs a computation: reads the store, computes what is missing, commits and enters every block."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from .._typing import Ints
from ..computation import Arrays, Cancel, Computation, Watch
from ..progress import Meter, Progress, metering
from ..store.connecting import store_path
from ..threads import thread_count
from .blocks import Block, cut_for, expected_seconds
from .executors import WorkerPool
from .failures import BlocksFailed, Failure
from .parallel import Dispatch
from .remote import timed
from .result_table import Table

if TYPE_CHECKING:
    from ..store import Store


@dataclass
class RunState:
    """How far a run is.

    Attributes
    ----------
    blocks : int
        Cut for this run.
    finished : int
        Of these, committed and entered.
    stored : int
        Labels of cells found in the store.
    damaged : int
        Blocks found damaged in the store, to be computed again.
    """

    blocks: int = 0
    finished: int = 0
    stored: int = 0
    damaged: int = 0
    work: float = 0.0
    cost: float = 0.0
    failures: list[Failure] = field(default_factory=list)


def run(
    computation: Computation,
    table: Table,
    *,
    store: str | os.PathLike[str] | None = None,
    executor: Any = None,
    threads: int | None = None,
    progress: Progress = None,
    cancel: Cancel | None = None,
    state: RunState | None = None,
) -> RunState:
    """Compute every label of every cell that neither the table nor the store has.

    Parameters
    ----------
    computation : Computation
    table : Table
        Where results are entered, also when this raises.
    store : path, optional
        Blocks are read from there and committed there.
    executor : Executor or dask.distributed.Client, optional
        Computes the blocks; in this process, one after the other, by default.
    threads : int, optional
        Of each block: by default one in an executor, else LTENS_NUM_THREADS or all that the
        process may use.
    progress : bool or callable
        See `ltens.progress.metering`.
    cancel : object with ``is_set()``, optional
        Once set, this returns with what is finished.
    state : RunState, optional
        Counted in, so that it is there when this raises.

    Raises
    ------
    StoreError
        If the store cannot be used.
    BlocksFailed
        If blocks failed on every attempt, after all others are finished.
    KeyboardInterrupt
        On Ctrl-C; finished blocks are committed and entered.
    """
    count = thread_count(1 if threads is None and executor is not None else threads)
    pool = WorkerPool(executor) if executor is not None else None
    path = None if store is None else store_path(store)
    state = RunState() if state is None else state
    workers = 1 if pool is None else pool.workers
    everything = [computation.labels] * len(computation.cells)
    blocks = cut_for(computation.cells, everything, threads=count, workers=workers)
    total = sum(block.work for block in blocks)
    seconds = expected_seconds(blocks, threads=count, workers=workers)
    cost = sum(block.expected(count) for block in blocks)
    with ExitStack() as stack:
        meter = stack.enter_context(metering(progress, total, seconds, computation.unit))
        held = None
        if path is not None:
            from ..store import Store

            held = stack.enter_context(Store(path, computation))
            _read(held, computation, table, state)
        missing = [table.missing(cell.coordinates) for cell in computation.cells]
        blocks = cut_for(computation.cells, missing, threads=count, workers=workers)
        state.blocks = len(blocks)
        state.work = total - sum(block.work for block in blocks)
        state.cost = max(0.0, cost - sum(block.expected(count) for block in blocks))
        recorder = _Recorder(table, held, meter, state, max(cost, 1e-300), count)
        recorder.begin()
        if pool is None:
            _in_this_process(computation, blocks, count, recorder, cancel)
        else:
            dispatch = Dispatch(computation, pool, count, recorder.finish, recorder.idle, cancel)
            dispatch.failures = state.failures
            dispatch.run(blocks)
    if state.failures:
        raise BlocksFailed(state.failures, state.blocks)
    cancelled = cancel is not None and cancel.is_set()
    if not cancelled and (
        left := sum(len(table.missing(c.coordinates)) for c in computation.cells)
    ):
        raise RuntimeError(f"the worker left out {left} label(s) although nobody cancelled it.")
    return state


@dataclass
class _Recorder:
    """Where finished blocks go: first the store, then the table, then the screen."""

    table: Table
    store: Store | None
    meter: Meter | None
    state: RunState
    cost: float  # of the whole computation
    threads: int  # of a block

    def begin(self) -> None:
        """Show what was there before."""
        if self.meter is not None:
            self.meter.restart(self.state.work, self.state.cost / self.cost)

    def finish(self, block: Block, labels: Ints, arrays: Arrays, seconds: float) -> None:
        """Commit and enter a block, or the part of it that was finished."""
        if len(labels):
            if self.store is not None:
                self.store.commit(block.cell.key, labels, arrays, seconds)
            self.table.enter(block.cell.coordinates, labels, arrays, seconds)
        self.state.finished += len(labels) == len(block.labels)
        share = len(labels) / len(block.labels)
        self.state.work += share * block.work
        self.state.cost += share * block.expected(self.threads)
        self.show(0.0, 0.0)

    def show(self, work: float, cost: float) -> None:
        """Show what is finished and so much of the running block."""
        if self.meter is not None:
            state = self.state
            self.meter.update(state.work + work, (state.cost + cost) / self.cost)

    def idle(self) -> None:
        """Let the screen count down."""
        self.show(0.0, 0.0)


def _read(store: Store, computation: Computation, table: Table, state: RunState) -> None:
    """Enter what the store holds; say what is damaged."""
    from ..store.reading import damage_report

    known = {cell.key: cell.coordinates for cell in computation.cells}
    for batch in store.read():
        rows = np.array([i for i, key in enumerate(batch.keys) if key in known], np.intp)
        if rows.size == 0:
            continue
        state.stored += table.enter_many(
            [known[batch.keys[i]] for i in rows],
            batch.labels[rows],
            {name: array[rows] for name, array in batch.arrays.items()},
            batch.seconds[rows],
        )
    state.damaged = len(store.damaged)
    if store.damaged:
        report = damage_report(store.path, store.damaged)
        warnings.warn(report, RuntimeWarning, stacklevel=5)
    store.register(computation)


def _in_this_process(
    computation: Computation,
    blocks: Sequence[Block],
    threads: int,
    recorder: _Recorder,
    cancel: Cancel | None,
) -> None:
    """Compute block after block until done or cancelled."""
    for block in blocks:
        if cancel is not None and cancel.is_set():
            return
        report = _reporter(recorder, block) if recorder.meter is not None else None
        watch = Watch(threads, report, cancel)
        coordinates = dict(block.cell.coordinates)
        labels, arrays, seconds = timed(
            computation.worker, computation.given(block.cell), coordinates, block.labels, watch
        )
        recorder.finish(block, labels, arrays, seconds)


def _reporter(recorder: _Recorder, block: Block) -> Callable[[float], None]:
    """Return what shows the work done in a block, which may be more than it counts for.

    Networks whose engine was not accurate enough are trained again.
    """

    def report(work: float) -> None:
        share = min(1.0, work / block.work) if block.work > 0 else 0.0
        recorder.show(share * block.work, share * block.expected(recorder.threads))

    return report
