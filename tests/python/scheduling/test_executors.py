"""Executors: what is accepted, the same result from all, dead workers, errors, cancelling."""

import multiprocessing
import os
import pickle
import signal
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.pool import ThreadPool
from pathlib import Path

import numpy as np
import pytest

import ltens
from ltens.scheduling import BlocksFailed, run
from ltens.scheduling.executors import WorkerPool
from ltens.scheduling.remote import CancelFile, Job, compute
from support import scheduled
from support.scheduled import process_pool

SHORT = {"task": ltens.Task.from_function("square", samples=20), "progress": False}
CONTEXTS = ["spawn", "forkserver", "fork"]


def fill(executor, tmp_path=None, **options):
    of = scheduled.computation(**options)
    table = scheduled.table(of)
    store = None if tmp_path is None else tmp_path / "a.ltens"
    return table, run(of, table, executor=executor, store=store, threads=1)


@pytest.fixture
def pool():
    with process_pool() as executor:
        yield executor


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_process_pool_gives_the_bits_of_one_process(tmp_path, context):
    sweep = {"widths": [1, 2, 300], "seeds": 5, "training": ltens.Training(steps=30), **SHORT}
    ds = ltens.sweep(**sweep, checkpoints=3, threads=2)  # starts OpenMP before the fork
    with process_pool(2, context) as executor:
        other = ltens.sweep(**sweep, checkpoints=3, executor=executor, store=tmp_path / "a.ltens")
        assert executor.submit(abs, -1).result() == 1  # still its owner's
    assert ds.drop_vars("seconds").equals(other.drop_vars("seconds"))
    assert other.attrs["threads"] == 1


def test_a_thread_pool_gives_the_bits_of_one_process(tmp_path):
    with ThreadPoolExecutor(3) as executor:
        table, state = fill(executor, tmp_path)
    scheduled.assert_complete(table)
    assert state.finished == state.blocks


class Minimal:
    """The least that has the semantics: no base class, as some pools are."""

    def submit(self, function, *arguments):
        future: Future[object] = Future()
        future.set_result(function(*pickle.loads(pickle.dumps(arguments))))
        return future


def test_anything_with_submit_will_do():
    scheduled.assert_complete(fill(Minimal())[0])


class LocalCluster:
    scheduler_address = "tcp://127.0.0.1:1"


@pytest.mark.parametrize(
    ("executor", "line"),
    [
        (4, r"executor=concurrent\.futures\.ProcessPoolExecutor\(4\)"),
        (ThreadPoolExecutor, r"executor=ThreadPoolExecutor\(\)"),
        (LocalCluster(), r"executor=dask\.distributed\.Client\(localcluster\)"),
        ("processes", r"executor=concurrent\.futures\.ProcessPoolExecutor\(\)"),
    ],
)
def test_what_is_no_executor_is_refused_with_the_line_that_adapts_it(executor, line):
    with pytest.raises(TypeError, match=f"must have submit\\(\\): give {line}"):
        WorkerPool(executor)


def test_a_multiprocessing_pool_is_refused_with_its_size():
    with ThreadPool(3) as pool, pytest.raises(TypeError, match=r"ProcessPoolExecutor\(3\)"):
        WorkerPool(pool)


def test_a_raised_exception_costs_its_block_only(tmp_path, pool):
    common = {"flag": str(tmp_path / "flag")}
    worker = scheduled.powers_once_raising
    table, state = fill(pool, tmp_path, worker=worker, common=common)
    scheduled.assert_complete(table)
    assert state.finished == state.blocks == 15


def test_a_block_that_always_raises_is_reported_after_all_others(tmp_path, pool):
    of = scheduled.computation(worker=scheduled.powers_but_three, seconds=0.1)
    table = scheduled.table(of)
    message = r"3 of 9 block\(s\) failed 3 times, .* exponent 3, labels . to .: ArithmeticError: th"
    with pytest.raises(BlocksFailed, match=message):
        run(of, table, executor=pool, store=tmp_path / "a.ltens")
    assert table.done.tolist() == [[True] * 10, [True] * 10, [False] * 10]


def test_a_dead_worker_costs_its_block_only(tmp_path, pool):
    common = {"flag": str(tmp_path / "flag")}
    with pytest.warns(RuntimeWarning, match="a worker process died .*its pool was replaced"):
        table, _ = fill(pool, tmp_path, worker=scheduled.powers_once_fatal, common=common)
    scheduled.assert_complete(table)


def test_a_block_that_always_kills_is_reported_after_all_others(tmp_path, pool):
    of = scheduled.computation(
        (1, 2, 3, 4, 5), worker=scheduled.powers_but_three_fatal, seconds=0.1
    )
    table = scheduled.table(of)
    with (
        pytest.warns(RuntimeWarning, match="a worker process died"),
        pytest.raises(BlocksFailed, match=r"2 of 10 block\(s\) failed.*exponent 3"),
    ):
        run(of, table, executor=pool, store=tmp_path / "a.ltens")
    assert table.done.all(axis=1).tolist() == [True, True, False, True, True]


class Refusing:
    """Refuses work now and then, or for ever after a while."""

    def __init__(self, executor, works):
        self.executor, self.works, self.asked = executor, works, 0

    def submit(self, function, *arguments):
        self.asked += 1
        if not self.works(self.asked):
            raise ConnectionError("the scheduler went away")
        return self.executor.submit(function, *arguments)


def test_an_executor_that_refuses_now_and_then(tmp_path):
    with ThreadPoolExecutor(2) as executor:
        refusing = Refusing(executor, lambda n: n % 2 == 0)
        scheduled.assert_complete(fill(refusing, tmp_path)[0])
    assert refusing.asked > 15


def test_an_executor_that_refuses_for_ever_keeps_what_was_finished(tmp_path):
    with ThreadPoolExecutor(1) as executor:
        refusing = Refusing(executor, lambda n: n <= 5)
        with pytest.raises(RuntimeError, match=r"executor refuses work \(ConnectionError: the sch"):
            fill(refusing, tmp_path)
    table, state = fill(None, tmp_path)
    scheduled.assert_complete(table)
    assert state.stored == 10  # five blocks of two labels


def test_an_executor_that_was_shut_down(tmp_path):
    with ThreadPoolExecutor(1) as executor:
        pass
    with pytest.raises(RuntimeError, match=r"executor refuses work \(RuntimeError: cannot sched"):
        fill(executor, tmp_path)


@pytest.mark.parametrize("make", [ThreadPoolExecutor, process_pool], ids=["threads", "processes"])
def test_cancel_stops_running_blocks_and_returns_at_once(tmp_path, make):
    flag = tmp_path / "flag"
    cancel = threading.Event()

    def cancel_once_it_runs():
        while not flag.exists():
            time.sleep(0.01)
        cancel.set()

    of = scheduled.computation(worker=scheduled.powers_until_cancelled, common={"flag": str(flag)})
    table = scheduled.table(of)
    thread = threading.Thread(target=cancel_once_it_runs)
    thread.start()
    with make(2) as executor:  # leaving waits for running blocks: they must have stopped
        state = run(of, table, executor=executor, cancel=cancel)
    thread.join()
    assert state.finished == 0
    assert not table.done.any()


def test_in_this_process_cancel_keeps_the_finished_rows_of_a_block(tmp_path):
    cancel = threading.Event()
    cancel_soon = threading.Timer(0.2, cancel.set)
    common = {"flag": str(tmp_path / "flag")}
    of = scheduled.computation(
        worker=scheduled.powers_until_cancelled, common=common, labels=range(40), seconds=0.01
    )
    table = scheduled.table(of)
    cancel_soon.start()
    state = run(of, table, cancel=cancel, store=tmp_path / "a.ltens", threads=1)
    assert (state.blocks, state.finished) == (3, 0)
    assert table.done.sum() == 20
    of = scheduled.computation(labels=range(40))
    table = scheduled.table(of)
    assert run(of, table, store=tmp_path / "a.ltens").stored == 20
    scheduled.assert_complete(table)


def test_a_worker_that_returns_too_few_rows_is_an_error():
    cancel_file = CancelFile.make()
    labels = np.arange(3)
    job = Job(lambda *_: {"value": np.zeros(2)}, {}, {}, labels, 1, cancel_file)
    with pytest.raises(ValueError, match=r"array value of the worker has 2 row\(s\), but must hav"):
        compute(job)
    cancel_file.remove()


def leave_out_the_first(common, coordinates, labels, watch):
    return {"label": labels[1:], **scheduled.powers({}, coordinates, labels[1:], watch)}


def test_a_worker_that_leaves_labels_out_is_an_error():
    with pytest.raises(RuntimeError, match=r"the worker left out 15 label\(s\) although nobody"):
        fill(None, worker=leave_out_the_first)


def remove_the_token_once(common, coordinates, labels, watch):
    """Do what a tidier of temporary files does, and stop as if cancelled."""
    if scheduled.first_time(common["flag"]):
        Path(watch.cancel.path).unlink()
        return {"label": labels[:1], **scheduled.powers({}, coordinates, labels[:1], watch)}
    assert not watch.cancel.is_set()
    return scheduled.powers({}, coordinates, labels, watch)


def test_a_tidied_folder_of_temporary_files_stops_nobody(tmp_path):
    common = {"flag": str(tmp_path / "flag")}
    with ThreadPoolExecutor(1) as executor:
        table, _ = fill(executor, tmp_path, worker=remove_the_token_once, common=common)
    scheduled.assert_complete(table)


def test_workers_of_a_killed_sweep_leave(tmp_path):
    path, flag = tmp_path / "pids", tmp_path / "flag"
    spawn = multiprocessing.get_context("spawn")
    process = spawn.Process(target=scheduled.sweep_for_ever, args=(path, str(flag)))
    process.start()
    deadline = time.monotonic() + 30
    while not flag.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    (worker, *_) = {int(word) for word in path.read_text().split()}
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    while _is_running(worker) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _is_running(worker)


def _is_running(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # gone before or after the file was opened
        return False
