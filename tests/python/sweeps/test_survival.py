"""Sweeps of real networks that are killed, starved of disk and run twice at once.

Every test ends by comparing all bits with those of a sweep that nothing happened to. The
uninterrupted sweep takes about two seconds, in some 60 blocks, so that a kill falls anywhere:
before the store exists, in a commit, between two.
"""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

import pytest

import ltens
from ltens.store import StoreError, read_store

SCRIPT = """
import multiprocessing, sys, warnings
from concurrent.futures import ProcessPoolExecutor
import ltens
from ltens.scheduling import blocks
blocks.BLOCK_SECONDS = 0.02
warnings.simplefilter("error")
context = multiprocessing.get_context("forkserver")
pool = ProcessPoolExecutor(2, context) if "pool" in sys.argv else None
ds = ltens.sweep([1, 2, 3, 5, 8], seeds=300, store=sys.argv[1], progress=False, threads=1,
                 task=ltens.Task.from_function("square", samples=64), checkpoints=4,
                 training=ltens.Training(steps=4000), engine="dense", keep_networks=True,
                 executor=pool)
print("complete" if (ds.status == 0).all() else "incomplete")
"""
COMMAND = [sys.executable, "-c", SCRIPT]


def start(store, *words, **options):
    return subprocess.Popen(
        [*COMMAND, str(store), *words],
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )


def finish(store, *words, **options):
    """Run to the end; return exit code, stdout and stderr."""
    process = start(store, *words, **options)
    out, err = process.communicate(timeout=120)
    return process.returncode, out.strip(), err


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The sweep nothing happened to, and how long it took."""
    store = tmp_path_factory.mktemp("whole") / "a.ltens"
    begin = time.monotonic()
    assert finish(store) == (0, "complete", "")
    seconds = time.monotonic() - begin
    assert len(read_store(store).batches) > 0
    return ltens.open(store).drop_vars("seconds"), seconds


def assert_same(store, whole):
    """Every bit is that of the whole sweep, and no block is there twice."""
    ds = ltens.open(store).drop_vars("seconds")
    assert ds.equals(whole[0])
    for name in ds.data_vars:
        assert ds[name].values.tobytes() == whole[0][name].values.tobytes() or ds[name].dtype == "O"
    count = sum(batch.labels.size for batch in read_store(store).batches)
    assert count == ds.loss.size


def networks_in(store):
    """How many networks are committed; none if it was killed before the tables were."""
    try:
        return sum(batch.labels.size for batch in read_store(store).batches)
    except StoreError:
        assert not store.exists() or store.stat().st_size <= 4096  # SQLite's first page
        return 0


def survive(store, whole, kills, rng, *words):
    """Kill and resume so often, then finish; return the networks stored at each kill."""
    stored, groups = [], []
    for _ in range(kills):
        # Its own group, and no pipes: a worker that was started but had no block yet outlives it.
        nothing = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = start(store, *words, **nothing, start_new_session=True)
        time.sleep(rng.uniform(0.2, 0.45) * whole[1])  # from the imports to the middle
        process.send_signal(signal.SIGKILL)
        process.wait()
        groups.append(process.pid)
        stored.append(networks_in(store))
    assert finish(store, *words) == (0, "complete", "")
    for group in groups:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
    assert stored == sorted(stored)  # nothing that was committed went away
    assert_same(store, whole)
    return stored


def test_killed_at_random_moments(tmp_path, whole):
    survive(tmp_path / "a b ü.ltens", whole, kills=5, rng=random.Random(1))


@pytest.mark.slow
def test_killed_thirty_times_at_random_moments(tmp_path, whole):
    """Thirty kills, three in each of ten stores: later ones would find the sweep complete."""
    stored = []
    for round_ in range(10):
        rng = random.Random(round_)
        stored += survive(tmp_path / f"{round_}.ltens", whole, kills=3, rng=rng)
    assert len(stored) == 30
    print("networks committed at each kill:", *stored)
    assert sum(0 < n < whole[0].loss.size for n in stored) >= 10  # else they hit nothing


@pytest.mark.slow
def test_killed_ten_times_with_a_pool(tmp_path, whole):
    """Workers left behind by a killed sweep do not keep the next one from the store."""
    for round_ in range(2):
        rng = random.Random(100 + round_)
        survive(tmp_path / f"{round_}.ltens", whole, 5, rng, "pool")


def test_two_processes_at_once(tmp_path, whole):
    """One wins, the other is told so; whoever comes later finds all."""
    store = tmp_path / "a.ltens"
    both = [start(store) for _ in range(2)]
    results = [(*process.communicate(timeout=120), process.returncode) for process in both]
    codes = sorted(code for _, _, code in results)
    assert codes in ([0, 1], [0, 0])  # the second may have come when the first was done
    for _, err, code in results:
        assert ("is being written by process" in err) == (code == 1)
    assert_same(store, whole)


def limit_file_size():
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))


def test_no_more_space_by_a_limit_on_the_size_of_files(tmp_path, whole):
    store = tmp_path / "a.ltens"
    code, out, err = finish(store, preexec_fn=limit_file_size)
    assert (code, out) == (1, "")
    assert "what was committed before is safe; free space on its disk" in err.splitlines()[-1]
    held = sum(batch.labels.size for batch in read_store(store).batches)
    assert 0 < held < whole[0].loss.size
    assert finish(store) == (0, "complete", "")
    assert_same(store, whole)


@contextmanager
def small_disk(folder, size):
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, check=False).returncode != 0:
        pytest.skip("mounting a tmpfs needs root; the limit on file sizes is tested above")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_no_more_space_on_a_small_disk(tmp_path, whole):
    with small_disk(tmp_path / "disk", "160k") as disk:
        store = disk / "a.ltens"
        code, out, err = finish(store)
        assert (code, out) == (1, "")
        assert "cannot grow (database or disk is full)" in err.splitlines()[-1]
        held = sum(batch.labels.size for batch in read_store(store).batches)
        assert 0 < held < whole[0].loss.size
        code, _, err = finish(store)  # nothing got better meanwhile
        assert code == 1
        assert "cannot grow (database or disk is full)" in err.splitlines()[-1]
        subprocess.run(["mount", "-o", "remount,size=4m", str(disk)], check=True)
        assert finish(store) == (0, "complete", "")
        assert_same(store, whole)


def test_a_clock_that_jumps(tmp_path, whole, monkeypatch):
    """Wall-clock time is written down for people and used for nothing."""
    store = tmp_path / "a.ltens"
    real = time.time
    jumps = random.Random(0)
    monkeypatch.setattr(time, "time", lambda: real() + jumps.choice([-1e9, -3600, 0, 3600, 1e8]))
    options = {
        "task": ltens.Task.from_function("square", samples=64),
        "training": ltens.Training(steps=4000),
        "engine": "dense",
        "checkpoints": 4,
        "keep_networks": True,
        "store": store,
        "threads": 1,
    }
    for seeds in (100, 300):
        ds = ltens.sweep([1, 2, 3, 5, 8], seeds=seeds, progress=True, **options)
    assert (ds.seconds >= 0).all()
    assert_same(store, whole)
