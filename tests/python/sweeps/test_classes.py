"""Sweeps of tasks with classes and several outputs: Dataset, store, executors, tables, pictures."""

import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner

import ltens
from ltens.cli import main
from ltens.store import StoreError

WIDTHS = (2, 4, 8, 300)
TRAINING = ltens.Training(steps=40, lr=0.02, held_out_every=10)


def task_of(loss="cross_entropy", samples=60, seed=0):
    """Three regions of a plane, or two."""
    x = np.random.default_rng(seed).uniform(-1, 1, (samples, 2))
    labels = (x[:, 0] > 0).astype(int) + (x[:, 1] > 0.2)
    return ltens.Task(x, np.minimum(labels, 1) if loss == "logistic" else labels, loss=loss)


def sweep(store=None, *, seeds=6, widths=WIDTHS, **options):
    given = {
        "task": task_of(), "training": TRAINING, "activations": "silu", "checkpoints": 3,
        "evaluation": task_of(seed=1), "held_out": task_of(seed=2), "progress": False,
    }  # fmt: skip
    return ltens.sweep(widths, seeds, store=store, **{**given, **options})


@pytest.fixture(scope="module")
def ds():
    return sweep()


def test_errors_stand_beside_losses(ds):
    assert list(ds.data_vars)[:2] == ["loss", "error"]
    assert ds.error.dims == ds.loss.dims == ds.held_out_error.dims
    assert ds.error_history.dims == ds.history.dims
    assert ds.error.long_name == "share of samples whose class is mistaken"
    assert np.all((ds.error >= 0) & (ds.error <= 1))
    np.testing.assert_array_equal(ds.error * 60, np.rint(ds.error * 60))  # counts of samples
    assert (ds.attrs["task_loss"], ds.attrs["outputs"]) == ("cross_entropy", 3)


def test_a_sweep_is_what_train_gives(ds):
    nets = ltens.Networks.init(8, 6, dimension=2, outputs=3)
    run = ltens.train(
        nets, task_of(), TRAINING, checkpoints=3,
        evaluation=task_of(seed=1), held_out=task_of(seed=2),
    )  # fmt: skip
    part = ds.sel(activation="silu", width=8)
    for name in ("loss", "error", "held_out_loss", "held_out_error", "history", "error_history"):
        assert part[name].values.tobytes() == getattr(run, name).tobytes()


def test_numbers_have_no_errors():
    ds = ltens.sweep([2], 2, training=ltens.Training(steps=3), checkpoints=2, progress=False)
    names = {"loss", "status", "engine", "nodes", "engine_error", "history", "seconds"}
    assert set(ds.data_vars) == names
    assert not {"task_loss", "outputs"} & set(ds.attrs)
    task = ltens.Task(np.arange(4.0), np.ones((4, 2)))
    several = ltens.sweep([2], 2, task=task, training=ltens.Training(steps=3), progress=False)
    assert "error" not in several
    assert several.attrs["outputs"] == 2


def test_two_classes_of_one_output():
    ds = sweep(task=task_of("logistic"), evaluation=None, held_out=None, keep_networks=True)
    assert ds.a_8.dims == ("activation", "seed", "neuron_8")
    assert ds.error.max() <= 1
    assert ds.attrs["task_loss"] == "logistic"
    assert "held_out_error" not in ds


@pytest.mark.parametrize("keep", [True, False])
def test_a_store_gives_dataset_and_networks(ds, tmp_path, keep):
    path = tmp_path / "a.ltens"
    made = sweep(path, keep_networks=keep)
    opened = ltens.open(path)
    assert opened.identical(made.drop_vars("seconds").assign(seconds=opened.seconds))
    for name in ("error", "held_out_error", "error_history"):
        assert opened[name].values.tobytes() == ds[name].values.tobytes()
    nets = ltens.networks(path, activation="silu", width=8, seeds=[5, 1])
    assert (nets.a.shape, nets.c.shape) == ((2, 3, 8), (2, 3))
    if keep:
        assert made.a_8.dims == ("activation", "seed", "output", "neuron_8")
        assert made.c_8.dims == ("activation", "seed", "output")
        np.testing.assert_array_equal(nets.a, made.a_8.values[0, [5, 1]])
    run = ltens.train(nets, task_of(), ltens.Training(steps=0), evaluation=task_of(seed=1))
    assert run.error.tobytes() == ds.error.sel(activation="silu", width=8).values[[5, 1]].tobytes()


def test_another_task_is_refused_with_the_difference(tmp_path):
    path = tmp_path / "a.ltens"
    options = {"evaluation": None, "held_out": None}
    sweep(path, seeds=1, widths=[2], **options)
    numbers = ltens.Task(task_of().x, task_of().y)
    with pytest.raises(StoreError, match=r"(?s)holds another sweep.*loss"):
        sweep(path, seeds=1, widths=[2], task=numbers, **options)


def test_labels_that_do_not_occur_come_back_from_the_store(tmp_path):
    x, ones = np.arange(5.0), np.ones(5)
    for loss, classes in (("cross_entropy", 4), ("logistic", 2)):
        path = tmp_path / f"{loss}.ltens"
        task = ltens.Task(x, ones, loss=loss, classes=classes)
        made = sweep(path, task=task, seeds=2, widths=[2], evaluation=None, held_out=None)
        assert ltens.open(path).error.identical(made.error)


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[2])
from ltens.scheduling import blocks
blocks.BLOCK_SECONDS = 0.02
from test_classes import sweep
import ltens
ds = sweep(sys.argv[1], seeds=60, widths=(2, 8), threads=1,
           training=ltens.Training(steps=4000, held_out_every=500), over={"samples": [20, 40]})
print("complete" if (ds.status == 0).all() else "incomplete")
"""


def start(store):
    command = [sys.executable, "-c", SCRIPT, str(store), os.path.dirname(__file__)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def test_killed_and_resumed(tmp_path):
    begin = time.monotonic()
    whole, store = tmp_path / "whole.ltens", tmp_path / "a.ltens"
    assert start(whole).communicate(timeout=120)[0].strip() == "complete"
    seconds, rng = time.monotonic() - begin, random.Random(1)
    for _ in range(3):
        process = start(store)
        time.sleep(rng.uniform(0.3, 0.8) * seconds)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert start(store).communicate(timeout=120)[0].strip() == "complete"
    found, expected = (ltens.open(path).drop_vars("seconds") for path in (store, whole))
    assert found.identical(expected)
    assert found.error.dims == ("activation", "samples", "width", "seed")


@pytest.mark.parametrize("make", [ThreadPoolExecutor, ProcessPoolExecutor])
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_an_executor_gives_the_same_bits(ds, make):
    with make(2) as pool:
        other = sweep(executor=pool)
    assert other.drop_vars("seconds").equals(ds.drop_vars("seconds"))


def test_fewer_samples_are_an_axis():
    options = {"seeds": 2, "widths": [4]}
    both = sweep(over={"samples": [10, 60]}, **options)
    one = sweep(task=task_of().replace(samples=10), **options)
    assert both.error.sel(samples=10).values.tobytes() == one.error.values.tobytes()
    assert both.loss.sel(samples=60).values.tobytes() == sweep(**options).loss.values.tobytes()


def test_noise_is_no_axis_of_labels():
    message = "at noise=0.1: noise is 0.1, but the task has 3 classes"
    with pytest.raises(ValueError, match=message):
        sweep(over={"noise": [0.0, 0.1]})


def test_tuning_is_judged_by_the_loss():
    ds = ltens.tune(
        [4, 8], 4, parameter="lr", values=[1e-4, 0.02, 10.0], task=task_of(), activations="silu",
        evaluation=task_of(seed=1), training=ltens.Training(steps=40), progress=False,
    )  # fmt: skip
    assert ds.best_lr.values.tolist() == [[0.02, 0.02]]
    assert "error" in ds


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"evaluation": None, "held_out": ltens.Task([[0.0, 1.0]], [1.0])},
            "held_out has the loss",
        ),
        ({"task": ltens.Task([[0.0, 1.0]], [1.0])}, "evaluation has the loss 'cross_entropy', but"),
        ({"engine": "piecewise"}, "engine is 'piecewise', but needs"),
    ],
)
def test_what_does_not_go_together(options, message):
    with pytest.raises(ValueError, match=message):
        sweep(**options)


def test_a_plan_counts_outputs_and_errors():
    numbers = ltens.Task(task_of().x, task_of().x[:, 0])
    arguments = {"training": TRAINING, "activations": "silu", "checkpoints": [0, 20, 40]}
    plans = {
        keep: [
            ltens.plan([100], 1000, task=task, keep_networks=keep, **arguments)
            for task in (task_of(), numbers)
        ]
        for keep in (False, True)
    }
    one_more = 8 * 3 * 1000  # bytes of a history
    assert plans[False][0].disk - plans[False][1].disk == pytest.approx(one_more, abs=2000)
    outputs = 4 * 1000 * 2 * 101  # bytes of two more outputs
    assert plans[True][0].disk - plans[True][1].disk == pytest.approx(one_more + outputs, abs=2000)
    assert plans[True][0].memory > plans[True][1].memory + 4 * outputs
    assert ltens.plan([100], 100, task=task_of(), calibrate=True, **arguments).calibrated


def test_errors_are_fitted_and_drawn(ds):
    grown = ds.assign(error=ds.error + 1 / 60)  # none is zero
    law = ltens.fit(grown, loss="error", model="power_law")
    assert law.loss == "error"
    np.testing.assert_array_equal(law.losses, grown.error.median("seed").values[0])
    assert ltens.fit(grown.error, model="power_law").exponent == law.exponent
    ax = ltens.plot.scaling(grown, loss="error", model="power_law")
    assert ax.get_ylabel() == "median error"
    np.testing.assert_array_equal(ax.get_lines()[0].get_ydata(), law.losses)
    plain = ltens.plot.scaling(grown, loss="error", fits=False)
    np.testing.assert_array_equal(plain.get_lines()[0].get_ydata(), law.losses)
    assert plain.get_ylabel() == "median error"
    assert ltens.report.median_table(ds, loss="error").startswith("median error over seeds")
    assert ltens.plot.local_exponent(grown, loss="error", model="power_law") is not None


def test_a_sweep_without_classes_has_no_error_to_draw():
    ds = ltens.sweep([2], 2, training=ltens.Training(steps=3), progress=False)
    with pytest.raises(ValueError, match="ds has no 'error', but must be the result"):
        ltens.plot.scaling(ds, loss="error")
    with pytest.raises(ValueError, match=r"data has the variables .* but must have 'error'"):
        ltens.fit(ds.isel(activation=0), loss="error")


def test_tables_and_files(ds, tmp_path):
    frame = ltens.to_dataframe(ds)
    assert list(frame.columns)[3:5] == ["loss", "error"]
    long = ltens.to_dataframe(ds, history=True)
    assert list(long.columns)[-2:] == ["history", "error_history"]
    assert not {"loss", "error"} & set(long.columns)
    path = tmp_path / "a.nc"
    ds.to_netcdf(path, engine="h5netcdf")
    assert xr.load_dataset(path, engine="h5netcdf").equals(ds)


def test_commands(tmp_path):
    store = tmp_path / "a.ltens"
    sweep(store, evaluation=None, held_out=None)

    def run(*words):
        result = CliRunner().invoke(main, [*map(str, words)])
        assert result.exit_code == 0, result.output
        return result.output

    run("plot", store, "--loss", "error", "--no-fits", "-o", tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 1000
    run("export", store, "-o", tmp_path / "a.csv")
    heads = (tmp_path / "a.csv").read_text().splitlines()[0]
    assert heads.startswith("activation,width,seed,loss,error,status")
    assert "error" in run("fit", store, "--loss", "error", "--largest", 8, "--bootstrap", 0)


def test_functions_with_classes_come_back_from_the_store(tmp_path):
    path = tmp_path / "a.ltens"
    task = ltens.Task.from_function("step", loss="logistic")
    options = {"evaluation": None, "held_out": None, "over": {"samples": [10, 20]}}
    made = sweep(path, seeds=2, widths=[4], task=task, **options)
    assert ltens.open(path).error.identical(made.error)
    nets = ltens.networks(path, activation="silu", width=4, at={"samples": 20})
    run = ltens.train(nets, task.replace(samples=20), ltens.Training(steps=0))
    assert run.loss.tobytes() == made.loss.sel(samples=20).values.tobytes()
