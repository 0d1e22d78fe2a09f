"""ltens.sweep(over=...): further axes give the bits of the sweeps they stand for."""

import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ltens
from ltens.sweeps.configuration import VARIABLES, Configuration
from ltens.training.results import COLUMNS
from support.scheduled import process_pool

TRAINING = ltens.Training(steps=30)
RANDOM = ltens.Task.from_function("square", sampling="random")
FRESH = ltens.Task.from_function("square", samples=20, sampling="random", rng=1)
TASKS = ("function", "domain", "samples", "sampling", "dimension", "noise")


def sweep(widths=(1, 3), seeds=3, **options):
    few = {"activations": ["relu", "silu"], "training": TRAINING, "progress": False}
    return ltens.sweep(widths, seeds, **{**few, **options})


def computed(ds):
    return ds.drop_vars("seconds")


def assert_same_bits(left, right):
    assert left.data_vars.keys() == right.data_vars.keys()
    for name in left.data_vars:
        if name == "seconds":
            continue
        if left[name].dtype == object:
            assert (left[name].values == right[name].values).all(), name
        else:
            assert left[name].values.tobytes() == right[name].values.tobytes(), name


def alone(name, value, options):
    """The arguments of the sweep with that value and no other."""
    given = dict(options)
    if name in TASKS:
        given["task"] = options["task"].replace(**{name: value})
        for argument in {"evaluation", "held_out"} & given.keys():
            if name in ("function", "domain", "dimension"):
                given[argument] = given[argument].replace(**{name: value})
    elif name in {field.name for field in fields(ltens.Training)}:
        given["training"] = replace(options.get("training", TRAINING), **{name: value})
    else:
        given[name] = value
    return given


AXES: dict[str, list[Any]] = {
    "lr": [0.001, 0.03],
    "optimizer": ["adam", "sgd"],
    "batch_size": [7, 2000],
    "lr_factors": [(1, 1, 1, 1), (0, 0, 1, 0.5)],
    "schedule": ["cosine", "step"],
    "init": ["he", "mean_field"],
    "init_scale": [0.5, 2],
    "rtol": [1e-3, 1e-6],
    "samples": [9, 400],
    "noise": [0.0, 0.5],
    "dimension": [1, 3],
    "domain": [(-2.0, 2.0), (0.0, 1.5)],
    "function": ["square", "sin"],
    "sampling": ["grid", "random", "gauss"],
}


@pytest.mark.parametrize("name", AXES)
def test_each_value_has_the_bits_of_the_sweep_with_it_alone(name):
    task = RANDOM if name != "sampling" else ltens.Task.from_function("square")
    options = {"task": task, "evaluation": FRESH, "checkpoints": [0, 5, 30]}
    ds = sweep(over={name: AXES[name]}, **options)
    assert ds.loss.dims == ("activation", name, "width", "seed")
    assert (ds.status == 0).all()
    for i, value in enumerate(AXES[name]):
        assert_same_bits(ds.isel({name: i}), sweep(**alone(name, value, options)))
    assert (ds.loss.isel({name: 0}) != ds.loss.isel({name: 1})).any() or name == "rtol"


def test_two_axes_and_kept_networks_have_the_bits_of_each_alone():
    options = {"task": RANDOM, "keep_networks": True, "checkpoints": 4}
    ds = sweep(over={"samples": [50, 20], "lr": [0.1, 0.003]}, **options)
    assert ds.loss.dims == ("activation", "samples", "lr", "width", "seed")
    assert ds.w_3.dims == ("activation", "samples", "lr", "seed", "neuron_3", "dimension")
    for samples, lr in itertools.product([50, 20], [0.1, 0.003]):
        one = alone("lr", lr, alone("samples", samples, options))
        assert_same_bits(ds.sel(samples=samples, lr=lr), sweep(**one))


def test_parameters_of_several_dimensions_and_dtypes_are_kept_as_they_are():
    over = {"dimension": [1, 2], "dtype": ["float32", "float64"]}
    options = {"task": RANDOM, "keep_networks": True, "over": over}
    ds = sweep([2], **options)
    assert ds.w_2_1.dims == ("activation", "dtype", "seed", "neuron_2", "dimension_1")
    assert ds.w_2_2.shape == (2, 2, 3, 2, 2)
    assert ds.b_2.dims == ("activation", "dimension", "dtype", "seed", "neuron_2")
    one = sweep([2], task=RANDOM.replace(dimension=2), keep_networks=True, dtype="float32")
    np.testing.assert_array_equal(ds.w_2_2.sel(dtype="float32"), one.w_2)


def test_histories_of_short_trainings_end_where_they_end():
    ds = sweep(over={"steps": [10, 30]}, training=ltens.Training(), checkpoints=[0, 10, 20])
    assert ds.history.sel(steps=10, checkpoint=20).isnull().all()
    assert ds.history.sel(steps=30).notnull().all()
    short = sweep(training=ltens.Training(steps=10), checkpoints=[0, 10])
    np.testing.assert_array_equal(ds.history.sel(steps=10, checkpoint=[0, 10]), short.history)


def test_fewer_samples_of_arrays():
    x = np.linspace(-1, 1, 60)
    task = ltens.Task(x, np.sin(5 * x))
    ds = sweep(task=task, over={"samples": [15, 60], "noise": [0.0, 0.1]})
    assert_same_bits(ds.sel(samples=60, noise=0.0), sweep(task=task))
    assert_same_bits(ds.sel(samples=15, noise=0.1), sweep(task=task.replace(samples=15, noise=0.1)))


@pytest.mark.parametrize("field", fields(ltens.Training), ids=lambda field: field.name)
def test_every_field_of_the_training_can_be_an_axis(field):
    default = field.default if field.default is not None else 3
    extra = {"held_out": FRESH, "task": RANDOM}
    configuration = Configuration.checked([1], 1, over={field.name: [default]}, **extra)
    assert list(configuration.places()) == [
        {field.name: configuration.over[field.name].coordinates[0]}
    ]
    assert getattr(configuration.at(*configuration.places()).training, field.name) == default


def test_no_axis_has_the_name_of_another_variable():
    taken = {"activation", "width", "seed", "checkpoint", "seconds", "history", "task", "over"}
    kept = {column.name for column in COLUMNS.values() if column.kept != "never"}
    assert not {*VARIABLES} & (taken | kept)


def test_a_sweep_without_axes_has_the_identity_it_always_had():
    identity = Configuration.checked([1, 2], 3).identity()
    assert list(identity) == [
        *("task", "training", "init", "init_scale", "dtype", "engine", "rtol", "checkpoints"),
        *("keep_networks", "rng"),
    ]
    assert list(identity["task"]) == ["function", "domain", "samples", "dimension", "fingerprint"]
    assert Configuration.checked([1, 2], 3, over={}).identity() == identity


# --- stores


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.ltens"


OVER = {"lr": [0.003, 0.03], "samples": [10, 30]}


@pytest.mark.parametrize("keep", [True, False])
def test_extended_by_values_opened_and_read_as_one_sweep(path, keep):
    options = {"task": RANDOM, "keep_networks": keep, "checkpoints": 3, "evaluation": FRESH}
    sweep([1], 2, over={"lr": [0.03], "samples": [10]}, store=path, **options)
    sweep([3], [4, 1], over={"samples": [30, 10], "lr": [0.03]}, store=path, **options)
    ds = sweep(over=OVER, store=path, **options)
    whole = sweep(over=OVER, **options)
    assert_same_bits(ds, whole)
    assert ds.attrs["configuration"] == whole.attrs["configuration"]
    opened = ltens.open(path).sel(ds.coords)
    assert_same_bits(opened.transpose(*ds.dims), ds)
    at = {"samples": 30, "lr": 0.003}
    nets = ltens.networks(path, activation="silu", width=3, at=at, seeds=[2, 0])
    start = ltens.Networks.init(3, [2, 0], activation="silu")
    run = ltens.train(start, RANDOM.replace(samples=30), replace(TRAINING, lr=0.003))
    for name, array in run.networks.arrays().items():
        assert nets.arrays()[name].tobytes() == array.tobytes()


def test_opening_gives_what_the_sweep_returned(path, tmp_path):
    pytest.importorskip("h5netcdf")
    over = {"domain": [(-1, 1), (0, 3)], "init": ["he", "torch"], "noise": [0.0, 0.1]}
    ds = sweep(over=over, store=path, evaluation=FRESH)
    opened = ltens.open(path)
    assert opened.identical(ds)
    assert opened.domain.values.tolist() == ["-1:1", "0:3"]
    ds.to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "a.nc", engine="h5netcdf") as back:
        xr.testing.assert_equal(ds, back.load())


def test_a_store_of_arrays_and_of_a_function_of_the_caller(path, tmp_path):
    x = np.linspace(-1, 1, 40)
    sweep(task=ltens.Task(x, x**3), over={"samples": [10, 40]}, store=path)
    assert len(ltens.networks(path, activation="relu", width=1, at={"samples": 10})) == 3
    own = tmp_path / "own.ltens"
    task = ltens.Task.from_function(np.tanh, samples=1000)
    ds = sweep(task=task, over={"samples": [10, 20]}, store=own)
    assert computed(ltens.open(own)).equals(computed(ds))
    with pytest.raises(ltens.StoreError, match="samples of 'tanh' cannot be made here"):
        ltens.networks(own, activation="relu", width=1, at={"samples": 10})


@pytest.mark.parametrize(
    ("at", "error", "message"),
    [
        (None, ValueError, "at has no 'lr', but must have one of .*: 0.003, 0.03"),
        ({"lr": 0.1, "samples": 10}, ValueError, r"at\['lr'\] is 0.1, but must be one of"),
        ({"lr": 0.03, "samples": 10, "noise": 0.1}, ValueError, "at has 'noise', but the axes of"),
        ({"lr": "a", "samples": 10}, TypeError, r"at\['lr'\] is 'a', but must be a number"),
    ],
)
def test_networks_of_a_place_that_is_not_there(path, at, error, message):
    sweep(over=OVER, store=path)
    with pytest.raises(error, match=message):
        ltens.networks(path, activation="relu", width=1, at=at)


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"over": {"lr": [0.003]}}, r"over +\['lr', 'samples'\] in the store, \['lr'\] asked for"),
        ({}, r"over +\['lr', 'samples'\] in the store, nothing asked for"),
        ({"over": OVER, "init": "he"}, "init +torch in the store, he asked for"),
        (
            {"over": OVER, "task": ltens.Task.from_function("square", noise=0.1)},
            "task.noise +0.0 in the store, 0.1 asked for",
        ),
    ],
)
def test_other_axes_are_another_sweep(path, options, line):
    sweep(over=OVER, store=path)
    with pytest.raises(ltens.StoreError, match=rf"holds another sweep(.|\n)*{line}"):
        sweep(store=path, **options)


def test_a_plan_counts_the_cells_of_all_values(path):
    sweep(over=OVER, store=path, widths=[1])
    planned = ltens.plan([1, 3], 3, over=OVER, store=path, training=TRAINING, threads=1)
    assert (planned.networks, planned.stored) == (48, 24)
    assert [dict(cell.at) for cell in planned.cells[:5]] == [{"lr": 0.003, "samples": 10}] * 4 + [
        {"lr": 0.003, "samples": 30}
    ]
    assert planned.work == sum(2 * 2 * 3 * n * d * 30 for n in [3] for d in (10, 30))
    heads = ["activation", "width", "lr", "samples", "engine", "networks", "blocks", "time"]
    assert heads in [line.split() for line in str(planned).splitlines()]
    assert json.loads(json.dumps(planned.to_dict()))["cells"][0]["at"] == planned.cells[0].at


def test_a_plan_of_many_values_adds_them_up_for_each_activation_and_width():
    over = {"lr": np.geomspace(1e-4, 1e-1, 100)}
    planned = ltens.plan([1, 3], 3, over=over, training=TRAINING)
    assert len(planned.cells) == 400
    lines = str(planned).splitlines()
    assert len(lines) < 20
    assert lines[-1].split()[:2] == ["silu", "3"]
    assert lines[-1].split()[3] == "300"


# --- executors and random subsets


def test_process_pools_and_threads_give_the_same_bits(path):
    options = {"task": RANDOM, "over": {**OVER, "dimension": [1, 2]}, "evaluation": FRESH}
    here = sweep(**options)
    with process_pool() as pool:
        assert_same_bits(sweep(executor=pool, store=path, **options), here)
    with ThreadPoolExecutor(3) as pool:
        assert_same_bits(sweep(executor=pool, **options), here)


@pytest.fixture(scope="module")
def complete():
    return sweep(over={"lr": [0.1, 0.01, 0.001], "samples": [5, 10, 15]}, seeds=4)


@given(
    parts=st.lists(
        st.tuples(
            st.sets(st.sampled_from([0.1, 0.01, 0.001]), min_size=1).map(sorted),
            st.sets(st.sampled_from([5, 10, 15]), min_size=1).map(sorted),
            st.sets(st.sampled_from([1, 3]), min_size=1).map(sorted),
            st.sets(st.integers(0, 3), min_size=1).map(sorted),
        ),
        min_size=1,
        max_size=3,
    )
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_subsets_in_any_order_are_parts_of_one_sweep(complete, tmp_path_factory, parts):
    store = tmp_path_factory.mktemp("parts") / "a.ltens"
    for lr, samples, widths, seeds in parts:
        ds = sweep(widths, seeds, over={"samples": samples, "lr": lr}, store=store)
        assert (ds.status == 0).all()
        np.testing.assert_array_equal(ds.loss.transpose(*complete.loss.dims), complete.loss.sel(
            lr=lr, samples=samples, width=widths, seed=seeds
        ))  # fmt: skip
    opened = ltens.open(store).loss
    asked = complete.loss.sel({name: opened[name] for name in ("lr", "samples", "width", "seed")})
    there = opened.transpose(*asked.dims)
    assert (there.isnull() | (there == asked)).all()


# --- messages


@pytest.mark.parametrize(
    ("over", "error", "message"),
    [
        ([1], TypeError, r"over is \[1\], but must be a dict of names to values"),
        ({"sample": [1]}, ValueError, "over has 'sample', which is no field .*mean 'samples'"),
        ({"scale": [1]}, ValueError, "did you mean 'init_scale'"),
        ({"width": [1]}, ValueError, "over has 'width', which has an argument of its own: widths"),
        ({3: [1]}, TypeError, "over has the key 3, but every key must be the name of a field"),
        ({"lr": []}, ValueError, r"over\['lr'\] is empty, but must hold at least one value"),
        ({"lr": 0.1}, TypeError, r"over\['lr'\] is 0.1, but must be a list of values"),
        ({"init": "he"}, TypeError, r"over\['init'\] is 'he', but must be a list of values"),
        ({"lr": [1, 1.0]}, ValueError, r"over\['lr'\] holds 1.0 more than once"),
        ({"domain": [(0, 1), [0.0, 1]]}, ValueError, r"over\['domain'\] holds '0:1' more than"),
        ({"lr": [0.1, -1]}, ValueError, r"over\['lr'\]\[1\] is -1.0, but must be above 0"),
        ({"lr": ["a"]}, TypeError, r"over\['lr'\]\[0\] is 'a', but must be a number"),
        ({"batch_size": [None]}, TypeError, r"over\['batch_size'\]\[0\] is None, but must be a"),
        ({"samples": [0.5]}, TypeError, r"over\['samples'\]\[0\] is 0.5, but must be an integer"),
        ({"domain": [(1, 0)]}, ValueError, r"over\['domain'\]\[0\] is \(1.0, 0.0\), but its low"),
        ({"function": [abs]}, TypeError, r"over\['function'\]\[0\] is <built-in.*must be a name"),
        ({"init": ["tourch"]}, ValueError, "did you mean 'torch'"),
        (
            {"dimension": [1, 2], "samples": [16, 50]},
            ValueError,
            "at dimension=2, samples=50: samples is 50, but a grid in 2 dimensions needs",
        ),
        ({"patience": [3]}, ValueError, "at patience=3: training.patience is 3, but there is no"),
        (
            {"lr": np.linspace(1, 2, 10**4), "beta1": np.linspace(0, 0.5, 10**5)},
            MemoryError,
            "a sweep of 4000000000 cells of 3 seed.*: take fewer values",
        ),
    ],
)
def test_bad_axes_are_refused_before_any_work(over, error, message):
    def work(*_):
        raise AssertionError

    with pytest.raises(error, match=message):
        sweep(over=over, progress=work)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"over": {"steps": [5]}}, "over has 'steps', but training.steps is 30: leave one"),
        ({"over": {"init": ["he"]}, "init": "ntk"}, "over has 'init', but init is 'ntk'"),
        (
            {"over": {"samples": [5]}, "task": ltens.Task.from_function("square", samples=7)},
            "over has 'samples', but task.samples is 7: leave one of the two out",
        ),
        (
            {"over": {"dimension": [1, 2]}, "task": ltens.Task([0.0, 1.0], [0.0, 1.0])},
            "over has 'dimension', but task was given as arrays, which have one dimension only",
        ),
        (
            {"over": {"dimension": [1, 2]}, "evaluation": ltens.Task([0.0, 1.0], [0.0, 1.0])},
            "over has 'dimension', but evaluation was given as arrays",
        ),
        (
            {
                "over": {"domain": [(0, 1)]},
                "held_out": ltens.Task.from_function("square", domain=(0, 2)),
            },
            "over has 'domain', but held_out has another domain than task",
        ),
        (
            {"over": {"samples": [3]}, "task": ltens.Task([0.0, 1.0], [0.0, 1.0])},
            "at samples=3: samples is 3, but the task has 2",
        ),
        (
            {"over": {"batch_size": [5, 10]}, "engine": "piecewise", "activations": "relu"},
            "at batch_size=5: .*full batches",
        ),
    ],
)
def test_axes_that_contradict_another_argument(options, message):
    with pytest.raises(ValueError, match=message):
        sweep(**options)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"widths": range(1, 10**12)}, "widths"),
        ({"widths": range(1, 10**25)}, "widths"),
        ({"widths": [2], "over": {"lr": range(1, 10**12)}}, r"over\['lr'\]"),
        ({"widths": itertools.count(1)}, "widths"),
    ],
)
def test_axes_without_an_end_are_refused(given, named):
    with pytest.raises(ValueError, match=f"^{named} holds more than 10000000 values"):
        ltens.sweep(seeds=1, **given)
