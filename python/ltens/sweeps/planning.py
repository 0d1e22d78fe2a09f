"""What a sweep will take, without running it."""

from __future__ import annotations

import inspect
import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from .._typing import Ints
from ..hints import meant
from ..scheduling import Cell, Computation, Table, Watch
from ..scheduling.blocks import Block, cut_for, expected_seconds
from ..scheduling.executors import WorkerPool
from ..store import read_store
from ..store.connecting import store_path
from ..store.identity import require_same
from ..threads import thread_count
from ..training.networks import parameter_bytes
from ..training.results import result_bytes
from .configuration import DEFAULTS, Configuration, without
from .dataset import sweep_table
from .planned import Plan, PlannedCell
from .sweep_computation import computation_of, train_labels
from .sweep_memory import table_bytes, training_bytes
from .sweeping import sweep

_TRIAL = 0.1  # seconds of training that calibrate one cell
_ROW = 250  # bytes of a block in a store besides its arrays


def plan(
    widths: Iterable[int] = DEFAULTS.widths,
    seeds: int | Iterable[int] = DEFAULTS.seeds,
    *,
    calibrate: bool = False,
    **options: Any,
) -> Plan:
    """Say what `ltens.sweep` with the same arguments will take; nothing is run or written.

    Parameters
    ----------
    widths, seeds
        As of `ltens.sweep`.
    calibrate : bool
        Train a few networks of every activation and width for about a tenth of a second each, and
        scale the expected times by that.
    options
        Any other argument of `ltens.sweep`. What `store` holds already is left out.

    Returns
    -------
    Plan

    Raises
    ------
    TypeError, ValueError, MemoryError
        As of `ltens.sweep`.
    StoreError
        If the store holds another sweep or cannot be read.

    Examples
    --------
    >>> import ltens
    >>> planned = ltens.plan([1, 10], seeds=64, activations="relu")
    >>> planned.networks, len(planned.cells)
    (128, 2)
    """
    known = inspect.signature(sweep).parameters
    for name in options:
        if name not in known:
            raise TypeError(
                f"plan() got {name!r}, which is no argument of ltens.sweep: did you mean "
                f"{meant(name, known)!r}?"
            )
    store, executor = options.pop("store", None), options.pop("executor", None)
    threads = options.pop("threads", None)
    for name in ("progress", "cancel"):
        options.pop(name, None)
    configuration = Configuration.checked(widths, seeds, **options)
    count = thread_count(1 if threads is None and executor is not None else threads)
    workers = 1 if executor is None else WorkerPool(executor).workers
    computation = computation_of(configuration, count)
    table = sweep_table(configuration)
    if store is not None:
        _enter_stored(store, computation, table)
    missing = [table.missing(cell.coordinates) for cell in computation.cells]
    blocks = cut_for(computation.cells, missing, threads=count, workers=workers)
    if calibrate:
        blocks = _calibrated(computation, blocks, count)
    return _planned(configuration, blocks, threads=count, workers=workers, calibrated=calibrate)


def _planned(
    configuration: Configuration,
    blocks: list[Block],
    *,
    threads: int,
    workers: int,
    calibrated: bool,
) -> Plan:
    """Add up the blocks."""
    by_cell: dict[str, list[Block]] = {}
    for block in blocks:
        by_cell.setdefault(block.cell.key, []).append(block)
    cells = []
    for place in configuration.places():
        here = configuration.at(place)
        cells += [
            _planned_cell(here, Cell(where, 0.0, 0.0), by_cell, threads)
            for width in here.widths.tolist()
            for activation in here.activations
            for where in [{"activation": activation, "width": width, **place}]
        ]
    networks = math.prod(configuration.shape)
    running = max((len(block.labels) for block in blocks), default=0) * workers
    return Plan(
        cells=tuple(cells),
        networks=networks,
        stored=networks - sum(cell.networks for cell in cells),
        blocks=len(blocks),
        work=sum(block.work for block in blocks),
        seconds=expected_seconds(blocks, threads=threads, workers=workers),
        calibrated=calibrated,
        workers=workers,
        threads=threads,
        memory=table_bytes(configuration) + training_bytes(configuration, running),
        disk=_ROW * len(blocks) + sum(_kept_bytes(configuration, cell) for cell in cells),
    )


def _planned_cell(
    here: Configuration, cell: Cell, by_cell: Mapping[str, list[Block]], threads: int
) -> PlannedCell:
    """Add up the blocks of a cell, with the configuration at its values."""
    mine = by_cell.get(cell.key, [])
    activation, width = str(cell.coordinates["activation"]), int(cell.coordinates["width"])
    choice = here.choice(activation, width)
    return PlannedCell(
        activation=activation,
        width=width,
        engine=choice.engine,
        reason=choice.reason,
        networks=sum(len(block.labels) for block in mine),
        blocks=len(mine),
        seconds=sum(block.expected(threads) for block in mine),
        at=without(cell.coordinates, ("activation", "width")),
    )


def _kept_bytes(configuration: Configuration, cell: PlannedCell) -> int:
    """Return the bytes a store will hold of the networks of a cell."""
    task = configuration.task
    size = result_bytes(
        cell.networks, len(configuration.checkpoints), classes=task.classes is not None
    )
    if configuration.keep_networks:
        dimension = int(cell.at.get("dimension", task.dimension))
        size += parameter_bytes(
            cell.networks, cell.width, dimension, configuration.widest_dtype, task.outputs
        )
    return size


def _enter_stored(store: Any, computation: Computation, table: Table) -> None:
    """Enter what the store holds, if it exists."""
    path = store_path(store)
    if not path.exists() or path.stat().st_size == 0:
        return
    stored = read_store(path)
    meta = {"kind": stored.kind, "numerics": stored.numerics, "identity": stored.identity}
    require_same(path, meta, computation)
    coordinates = {cell.key: cell.coordinates for cell in computation.cells}
    for batch in stored.batches:
        for i, key in enumerate(batch.keys):
            if key in coordinates:
                table.enter(coordinates[key], batch.labels[i], {}, float(batch.seconds[i]))


def _calibrated(computation: Computation, blocks: list[Block], threads: int) -> list[Block]:
    """Return the blocks with the times of their cells as measured on this machine."""
    cells = {block.cell.key: block.cell for block in blocks}
    measured = {key: _measured(computation, cell, threads) for key, cell in cells.items()}
    return [replace(block, cell=measured[block.cell.key]) for block in blocks]


def _measured(computation: Computation, cell: Cell, threads: int) -> Cell:
    """Return a cell with its time, from training a full set of lanes for a few steps."""
    steps = int(computation.given(cell)["training"]["steps"])
    labels = computation.labels[: cell.granule * threads]
    predicted = cell.seconds * cell.granule / max(steps, 1)
    trial = max(1, min(steps, round(_TRIAL / max(predicted, 1e-12))))
    _time(computation, cell, labels, max(1, trial // 10), threads)  # fills caches, wakes the cores
    seconds = _time(computation, cell, labels, trial, threads)
    rounds = -(-len(labels) // (cell.granule * threads))
    return replace(cell, seconds=seconds * steps / (trial * cell.granule * rounds))


def _time(computation: Computation, cell: Cell, labels: Ints, steps: int, threads: int) -> float:
    """Return the seconds of training so many steps."""
    short = {"steps": steps, "schedule": "constant", "warmup": 0}  # which take no time
    given = computation.given(cell)
    common: Mapping[str, Any] = {
        **given,
        "training": {**given["training"], **short},
        "checkpoints": np.empty(0, np.uint64),
    }
    activation, width = str(cell.coordinates["activation"]), int(cell.coordinates["width"])
    start = time.perf_counter()
    train_labels(common, activation, width, labels, Watch(threads=threads))
    return time.perf_counter() - start
