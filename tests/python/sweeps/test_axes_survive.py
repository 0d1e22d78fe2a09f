"""A sweep over two more axes is killed anywhere and resumed: every bit is that of one sweep."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

import ltens
from ltens.store import StoreError, read_store

SCRIPT = """
import sys, ltens
from ltens.scheduling import blocks
blocks.BLOCK_SECONDS = 0.02
ds = ltens.sweep([2, 5], seeds=100, store=sys.argv[1], progress=False, threads=1,
                 training=ltens.Training(steps=2000), engine="dense", checkpoints=4,
                 activations="silu", over={"lr": [0.001, 0.01, 0.03], "samples": [16, 64]})
print("complete" if (ds.status == 0).all() else "incomplete")
"""


def start(store):
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(store)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def finish(store):
    out, _ = start(store).communicate(timeout=120)
    assert out.strip() == "complete"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    store = tmp_path_factory.mktemp("whole") / "a.ltens"
    begin = time.monotonic()
    finish(store)
    return ltens.open(store).drop_vars("seconds"), time.monotonic() - begin


def networks_in(store):
    """How many networks are committed; none if it was killed before the tables were."""
    try:
        return sum(batch.labels.size for batch in read_store(store).batches)
    except StoreError:
        assert not store.exists() or store.stat().st_size <= 4096  # SQLite's first page
        return 0


def test_killed_at_random_moments(tmp_path, whole):
    ds, seconds = whole
    store, rng, stored = tmp_path / "a.ltens", random.Random(3), []
    for _ in range(4):
        process = start(store)
        time.sleep(rng.uniform(0.3, 0.6) * seconds)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        stored.append(networks_in(store))
    finish(store)
    assert stored == sorted(stored)  # nothing that was committed went away
    assert ltens.open(store).drop_vars("seconds").identical(ds)
    assert networks_in(store) == ds.loss.size


def test_killed_once_then_extended_by_values(tmp_path, whole):
    """What was committed before the kill counts for the values that are asked for later."""
    ds, seconds = whole
    store = tmp_path / "a.ltens"
    process = start(store)
    time.sleep(0.6 * seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    options = {
        "training": ltens.Training(steps=2000),
        "engine": "dense",
        "checkpoints": 4,
        "activations": "silu",
        "store": store,
        "progress": False,
    }
    more = ltens.sweep([5, 2], 10, over={"samples": [64], "lr": [0.03, 0.1]}, **options)
    same = ds.loss.sel(lr=0.03, samples=64, width=[5, 2], seed=range(10)).values
    found = more.loss.sel(lr=0.03, samples=64).transpose("activation", "width", "seed")
    assert found.values.tobytes() == same.tobytes()
