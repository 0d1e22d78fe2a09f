"""What a sweep will take, without running it."""

from __future__ import annotations

import inspect
import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
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
from ..tables import listing, text
from ..threads import thread_count
from ..training.networks import parameter_bytes
from ..training.results import result_bytes
from ..words import duration, in_bytes
from .configuration import DEFAULTS, Configuration
from .dataset import sweep_table
from .sweep_computation import computation_of, train_labels
from .sweeping import sweep

_TRIAL = 0.1  # seconds of training that calibrate one cell
_ROW = 250  # bytes of a block in a store besides its arrays


@dataclass(frozen=True)
class PlannedCell:
    """One activation at one width.

    Attributes
    ----------
    activation : str
    width : int
    engine, reason : str
        See `ltens.engines.choose`.
    networks : int
        Still to be trained.
    blocks : int
    seconds : float
        Expected.
    """

    activation: str
    width: int
    engine: str
    reason: str
    networks: int
    blocks: int
    seconds: float


@dataclass(frozen=True)
class Plan:
    """What a sweep will take; ``print`` shows it.

    Attributes
    ----------
    cells : tuple of PlannedCell
    networks, stored : int
        In all; of these in the store already.
    blocks : int
        To be computed.
    work : float
        Neuron-sample updates to be done.
    seconds : float
        Expected time.
    calibrated : bool
        Whether that comes from a trial on this machine, or from constants that are right to a
        factor of a few.
    workers, threads : int
        Blocks at a time, and threads of each.
    memory : int
        Bytes of the results and the running blocks.
    disk : int
        Bytes of the store, if there is one, for what is to be computed.
    """

    cells: tuple[PlannedCell, ...]
    networks: int
    stored: int
    blocks: int
    work: float
    seconds: float
    calibrated: bool
    workers: int
    threads: int
    memory: int
    disk: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        basis = "measured" if self.calibrated else "predicted, right to a factor of a few"
        means = f"{self.threads} thread(s)"
        if self.workers > 1:
            means = f"{self.workers} workers of {means}"
        facts = {
            "networks": f"{self.networks}, of which {self.stored} are in the store",
            "blocks": self.blocks,
            "work": f"{self.work:.3g} neuron-sample updates",
            "time": f"{duration(self.seconds)} on {means} ({basis})",
            "memory": in_bytes(self.memory),
            "store": in_bytes(self.disk),
        }
        heads = ("activation", "width", "engine", "networks", "blocks", "time")
        rows = [
            (c.activation, c.width, c.engine, c.networks, c.blocks, duration(c.seconds))
            for c in self.cells
        ]
        return f"{listing(facts.items())}\n\n{text(heads, rows)}"


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
    cells = tuple(
        _planned_cell(configuration, activation, width, blocks, threads)
        for width in configuration.widths.tolist()
        for activation in configuration.activations
    )
    networks = math.prod(configuration.shape)
    largest = int(configuration.widths.max())
    running = max((len(block.labels) for block in blocks), default=0) * workers
    dimension, dtype = configuration.task.dimension, configuration.dtype
    return Plan(
        cells=cells,
        networks=networks,
        stored=networks - sum(cell.networks for cell in cells),
        blocks=len(blocks),
        work=sum(block.work for block in blocks),
        seconds=expected_seconds(blocks, threads=threads, workers=workers),
        calibrated=calibrated,
        workers=workers,
        threads=threads,
        memory=configuration.result_bytes()
        + 4 * parameter_bytes(running, largest, dimension, dtype),
        disk=_ROW * len(blocks) + sum(_kept_bytes(configuration, cell) for cell in cells),
    )


def _planned_cell(
    configuration: Configuration, activation: str, width: int, blocks: list[Block], threads: int
) -> PlannedCell:
    where = {"activation": activation, "width": width}
    mine = [block for block in blocks if block.cell.coordinates == where]
    choice = configuration.choice(activation, width)
    return PlannedCell(
        activation=activation,
        width=width,
        engine=choice.engine,
        reason=choice.reason,
        networks=sum(len(block.labels) for block in mine),
        blocks=len(mine),
        seconds=sum(block.expected(threads) for block in mine),
    )


def _kept_bytes(configuration: Configuration, cell: PlannedCell) -> int:
    """Return the bytes a store will hold of the networks of a cell."""
    size = result_bytes(cell.networks, len(configuration.checkpoints))
    if configuration.keep_networks:
        dimension, dtype = configuration.task.dimension, configuration.dtype
        size += parameter_bytes(cell.networks, cell.width, dimension, dtype)
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
    steps = int(computation.common["training"]["steps"])
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
    common: Mapping[str, Any] = {
        **computation.common,
        "training": {**computation.common["training"], **short},
        "checkpoints": np.empty(0, np.uint64),
    }
    activation, width = str(cell.coordinates["activation"]), int(cell.coordinates["width"])
    start = time.perf_counter()
    train_labels(common, activation, width, labels, Watch(threads=threads))
    return time.perf_counter() - start
