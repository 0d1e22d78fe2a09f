"""ltens.sweep with a store, ltens.open, ltens.networks, ltens.to_dataframe, ltens.plan."""

import json
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import numpy as np
import pytest

import ltens

SHORT = {
    "task": ltens.Task.from_function("sin", samples=25, domain=(-1.0, 3.0)),
    "training": ltens.Training(steps=40),
    "progress": False,
}


def sweep(path, widths=(1, 4), seeds=5, **options):
    return ltens.sweep(widths, seeds, store=path, **{**SHORT, **options})


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.ltens"


def computed(ds):
    return ds.drop_vars("seconds")


def test_extension_by_widths_seeds_and_activations_gives_the_bits_of_one_sweep(path):
    options = {"checkpoints": 3, "keep_networks": True}
    sweep(path, [4], 3, activations="tanh", **options)
    sweep(path, [4, 1], [7, 1], activations="tanh", **options)
    ds = sweep(path, [1, 300, 4], 9, activations=["relu", "tanh"], **options)
    alone = sweep(None, [1, 300, 4], 9, activations=["relu", "tanh"], **options)
    assert computed(ds).equals(computed(alone))
    assert ds.attrs["configuration"] == alone.attrs["configuration"]


def test_open_gives_everything_ever_asked_for(path):
    sweep(path, [4], [9, 2], activations="relu")
    sweep(path, [1], [2, 3], activations="silu")
    ds = ltens.open(path)
    assert dict(ds.sizes) == {"activation": 2, "width": 2, "seed": 3}
    there = ds.loss.sel(activation="relu", width=4).notnull()
    assert there.seed[there].values.tolist() == [2, 9]
    assert (ds.status.sel(activation="relu", width=1) == 2).all()
    assert ds.engine.sel(activation="silu", width=1, seed=9).item() == ""


def test_open_equals_what_the_sweep_returned_and_survives_netcdf(path, tmp_path):
    pytest.importorskip("h5netcdf")
    ds = sweep(path, [1, 2, 4], checkpoints=4, keep_networks=True)
    opened = ltens.open(path)
    assert opened.equals(ds)
    assert opened.attrs.keys() == ds.attrs.keys()
    opened.to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
    refitted = ltens.fit(opened.sel(activation="relu"), bootstrap=0)
    assert refitted.exponent == ltens.fit(ds.sel(activation="relu"), bootstrap=0).exponent


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"training": ltens.Training(steps=41)}, "training.steps  40 in the store, 41 asked for"),
        ({"init": "he"}, "init  torch in the store, he asked for"),
        ({"dtype": "float64"}, "dtype  float32 in the store, float64 asked for"),
        ({"rng": 7}, "rng  0 in the store, 7 asked for"),
        ({"keep_networks": True}, "keep_networks  False in the store, True asked for"),
        ({"checkpoints": [3]}, r"checkpoints  \[\] in the store, \[3\] asked for"),
        ({"engine": "dense"}, "engine  auto in the store, dense asked for"),
        ({"task": ltens.Task([0.0, 1.0], [0.0, 1.0])}, "task.samples +25 in the store, 2 asked"),
    ],
)
def test_another_configuration_is_refused_with_the_difference(path, options, line):
    sweep(path)
    with pytest.raises(ltens.StoreError, match=rf"holds another sweep(.|\n)*{line}"):
        sweep(path, **options)
    with pytest.raises(ltens.StoreError, match=line):
        ltens.plan([1], 2, store=path, **{**SHORT, **options})


def test_a_store_of_another_numerics_version_is_refused_with_the_reason(path):
    sweep(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        (text,) = connection.execute("SELECT value FROM meta WHERE name = 'numerics'").fetchone()
        other = json.dumps({**json.loads(text), "numerics_version": 0})
        connection.execute("UPDATE meta SET value = ? WHERE name = 'numerics'", (other,))
        connection.execute("DELETE FROM meta WHERE name = 'checksums'")  # as in the first stores
    with pytest.raises(ltens.StoreError, match=r"another arithmetic(.|\n)*numerics_version  0 in"):
        sweep(path)
    assert ltens.open(path).loss.notnull().all()  # to look at it is harmless
    with pytest.raises(ltens.StoreError, match="would give other bits"):
        ltens.networks(path, activation="relu", width=1)


@pytest.mark.parametrize("keep", [True, False])
def test_networks_are_read_or_trained_again_bit_for_bit(path, keep):
    sweep(path, keep_networks=keep, seeds=6)
    nets = ltens.networks(path, activation="silu", width=4, seeds=[5, 0, 2])
    start = ltens.Networks.init(4, [5, 0, 2], activation="silu")
    run = ltens.train(start, SHORT["task"], SHORT["training"])
    for name, array in run.networks.arrays().items():
        assert nets.arrays()[name].tobytes() == array.tobytes()
    assert len(ltens.networks(path, activation="relu", width=1)) == 6


def test_networks_trained_again_must_have_the_stored_losses(path):
    sweep(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE arrays SET name = 'z' WHERE name = 'y'")
    with pytest.raises(ltens.StoreError, match="fails its checksum"):
        ltens.networks(path, activation="relu", width=1)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"activation": "rely", "width": 1}, ValueError, "did you mean 'relu'"),
        ({"activation": "relu", "width": 2}, ValueError, "width is 2, but must be one of .*: 1, 4"),
        ({"activation": "relu", "width": 0}, ValueError, "width is 0"),
        ({"activation": "relu", "width": 1, "seeds": 9}, ValueError, "seed 5 is finished for|is f"),
        ({"activation": "relu", "width": 1, "seeds": "a"}, TypeError, "seeds"),
    ],
)
def test_networks_that_are_not_there(path, options, error, message):
    sweep(path)
    with pytest.raises(error, match=message):
        ltens.networks(path, **options)


def test_an_interrupted_sweep_says_where_it_is(path):
    def interrupt(done, total):
        if done > total // 2:
            raise KeyboardInterrupt

    message = r"[12] of 4 blocks are finished, in .*a\.ltens: the same call resumes"
    with pytest.raises(ltens.Interrupted, match=message):
        sweep(path, threads=1, progress=interrupt)
    unfinished = ltens.open(path)
    assert 0 < unfinished.loss.notnull().sum() < unfinished.loss.size
    assert computed(sweep(path)).equals(computed(sweep(None)))


def test_a_table_of_networks(path):
    ds = sweep(path, [1, 4], 3, checkpoints=[0, 40])
    frame = ltens.to_dataframe(ds)
    assert list(frame.columns[:5]) == ["activation", "width", "seed", "loss", "status"]
    assert len(frame) == ds.loss.size
    row = frame[(frame.activation == "silu") & (frame.width == 4) & (frame.seed == 2)]
    assert row.loss.item() == ds.loss.sel(activation="silu", width=4, seed=2).item()
    assert set(frame.status) == {"ok"}
    long = ltens.to_dataframe(ds, history=True)
    assert len(long) == 2 * len(frame)
    last = long[long.checkpoint == 40].history.to_numpy()
    np.testing.assert_array_equal(last, frame.loss.to_numpy())
    with pytest.raises(ValueError, match="ds has no 'history'"):
        ltens.to_dataframe(ds.drop_vars("history"), history=True)
    with pytest.raises(ValueError, match="ds has no 'loss'"):
        ltens.to_dataframe(ds[["status"]])


def test_a_plan_runs_and_writes_nothing(path):
    planned = ltens.plan([1, 4], 6, store=path, threads=2, **SHORT)
    assert not path.exists()
    assert (planned.networks, planned.stored, planned.blocks) == (24, 0, 4)
    assert planned.work == 2 * (1 + 4) * 25 * 40 * 6
    assert {cell.engine for cell in planned.cells} <= set(ltens.engines.names())
    heads = ["activation", "width", "engine", "networks", "blocks", "time"]
    assert heads in [line.split() for line in str(planned).splitlines()]
    assert json.loads(json.dumps(planned.to_dict()))["threads"] == 2


def test_a_plan_leaves_out_what_is_stored(path):
    sweep(path, [1], 6)
    before = path.read_bytes()
    planned = ltens.plan([1, 4], 8, store=path, **SHORT)
    assert (planned.networks, planned.stored) == (32, 12)
    assert path.read_bytes() == before
    assert sum(cell.networks for cell in planned.cells) == 20


def test_a_plan_counts_the_blocks_that_are_run():
    options = {**SHORT, "training": ltens.Training(steps=3000), "threads": 1}
    planned = ltens.plan([20, 60], 100, activations="sin", engine="dense", **options)
    done = []
    original = ltens.scheduling.runner.timed  # type: ignore[attr-defined]  # replaced where it is used

    def counting(*args):
        done.append(1)
        return original(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ltens.scheduling.runner.timed", counting)
        ltens.sweep([20, 60], 100, activations="sin", engine="dense", **options)
    assert len(done) == planned.blocks


def test_a_calibrated_plan_is_near_the_truth():
    """Wide bounds, because tests share the machine; `bench/sweeps.py` measures it."""
    options = {**SHORT, "training": ltens.Training(steps=20_000), "threads": 1}
    planned = ltens.plan([20], 32, activations=["relu", "silu"], calibrate=True, **options)
    start = time.perf_counter()
    ltens.sweep([20], 32, activations=["relu", "silu"], **options)
    assert planned.calibrated
    assert 0.2 < planned.seconds / (time.perf_counter() - start) < 5


def test_a_plan_for_an_executor():
    with ThreadPoolExecutor(3) as executor:
        planned = ltens.plan([1, 4], 6, executor=executor, **SHORT)
    assert (planned.workers, planned.threads) == (3, 1)


def test_a_plan_refuses_what_sweep_would():
    with pytest.raises(TypeError, match=r"plan.. got 'sedes', .*did you mean 'seeds'"):
        ltens.plan(sedes=3)
    with pytest.raises(ValueError, match="did you mean 'relu'"):
        ltens.plan(activations="rely")
    with pytest.raises(TypeError, match="must have submit"):
        ltens.plan(executor=3)
