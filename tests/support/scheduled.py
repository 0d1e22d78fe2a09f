"""Problems for the scheduler that are not networks, so small that only the machinery is tested.

What worker processes run stands here, not in a test's module: they find it by its name.
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from ltens.scheduling import Cell, Computation, Table, Watch, Worker, run

Coordinates = Mapping[str, Any]
Arrays = dict[str, np.ndarray]


def powers(common: Any, coordinates: Coordinates, labels: np.ndarray, watch: Watch) -> Arrays:
    """label ** exponent: anyone can check it."""
    if watch.report is not None:
        watch.report(0.0)
    time.sleep(common.get("seconds", 0.0))
    values = labels.astype(float) ** coordinates["exponent"]
    return {"value": values, "even": (labels % 2 == 0).astype(np.int8)}


def powers_once_fatal(
    common: Any, coordinates: Coordinates, labels: np.ndarray, watch: Watch
) -> Arrays:
    """Kill the first worker process that comes here."""
    if first_time(common["flag"]):
        os.kill(os.getpid(), signal.SIGKILL)
    return powers(common, coordinates, labels, watch)


def powers_once_raising(
    common: Any, coordinates: Coordinates, labels: np.ndarray, watch: Watch
) -> Arrays:
    if first_time(common["flag"]):
        raise ArithmeticError("once")
    return powers(common, coordinates, labels, watch)


def powers_but_three(
    common: Any, coordinates: Coordinates, labels: np.ndarray, watch: Watch
) -> Arrays:
    if coordinates["exponent"] == 3:
        raise ArithmeticError("three is not allowed")
    return powers(common, coordinates, labels, watch)


def powers_but_three_fatal(
    common: Any, coordinates: Coordinates, labels: np.ndarray, watch: Watch
) -> Arrays:
    if coordinates["exponent"] == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return powers(common, coordinates, labels, watch)


def powers_until_cancelled(
    common: Any, coordinates: Coordinates, labels: np.ndarray, watch: Watch
) -> Arrays:
    """Wait to be told to stop, then return half of the rows."""
    Path(common["flag"]).touch()
    assert watch.cancel is not None
    while not watch.cancel.is_set():
        time.sleep(0.01)
    half = labels[: len(labels) // 2]
    return {"label": half, **powers({}, coordinates, half, watch)}


def computation(
    exponents: Sequence[int] = (1, 2, 3),
    labels: Sequence[int] = range(10),
    worker: Worker = powers,
    *,
    common: dict[str, Any] | None = None,
    seconds: float = 0.5,
    **options: Any,
) -> Computation:
    """Return a computation whose cells take `seconds` a label, so that a block has 1/seconds."""
    cells = [Cell({"exponent": e}, seconds=seconds, work=float(e)) for e in exponents]
    described: dict[str, Any] = {
        "kind": "powers",
        "identity": {"base": "label"},
        "numerics": {"version": 1},
    }
    return Computation(
        worker=worker,
        common=common or {},
        cells=cells,
        labels=np.array(labels, np.int64),
        **{**described, **options},
    )


def table(of: Computation) -> Table:
    return Table(
        {"exponent": [cell.coordinates["exponent"] for cell in of.cells]}, "label", of.labels
    )


def assert_complete(filled: Table) -> None:
    expected = [filled.labels.astype(float) ** e for e in filled.axes["exponent"]]
    np.testing.assert_array_equal(filled.values["value"], expected)
    np.testing.assert_array_equal(filled.values["even"][0], filled.labels % 2 == 0)
    assert filled.done.all()


def first_time(flag: str) -> bool:
    """Whether this is the first call with that flag, in any process."""
    try:
        os.close(os.open(flag, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def process_pool(workers: int = 2, context: str = "forkserver") -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context(context))


def sweep_for_ever(pids: Path, flag: str) -> None:
    """Write the ids of a pool's two workers to the file `pids`, and let them work without end."""
    of = computation(worker=powers_until_cancelled, common={"flag": flag})
    with process_pool() as executor:
        pids.write_text(" ".join(str(executor.submit(os.getpid).result()) for _ in range(2)))
        run(of, table(of), executor=executor)
