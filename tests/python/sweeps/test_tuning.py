"""ltens.tune: the best value at each width, by hand; its warning, its picture, its messages."""

import json
import warnings

import numpy as np
import pytest
import xarray as xr

import ltens
from ltens.sweeps.tuning import with_best_values

TRAINING = ltens.Training(steps=60)
VALUES = [0.0001, 0.02, 1e9]


def tune(widths=(2, 4), seeds=5, **options):
    few = {"activations": ["relu", "silu"], "training": TRAINING, "progress": False}
    return ltens.tune(widths, seeds, **{**few, "values": VALUES, **options})


def test_the_best_has_the_smallest_median_on_data_not_trained_on():
    judges = ltens.Task.from_function("square", samples=300, sampling="random", rng=9)
    ds = tune(evaluation=judges)
    for activation in ("relu", "silu"):
        for width in (2, 4):
            medians = []
            for lr in VALUES:
                nets = ltens.Networks.init(width, 5, activation=activation)
                task, training = ltens.Task.from_function("square"), ltens.Training(60, lr)
                run = ltens.train(nets, task, training, evaluation=judges)
                medians.append(np.median(np.where(run.status == 0, run.loss, np.inf)))
            found = ds.sel(activation=activation, width=width)
            np.testing.assert_array_equal(found.median_loss, medians)
            assert found.best_lr == VALUES[int(np.argmin(medians))]
    told = json.loads(ds.attrs["tuning"])
    assert (told["parameter"], told["evaluation_samples"]) == ("lr", 300)
    assert told["at_the_ends"] == []


def test_by_default_judged_on_fresh_random_samples_without_noise():
    noisy = ltens.Task.from_function("sin", samples=50, noise=0.3)
    ds = tune(task=noisy)
    assert ds.attrs["evaluation_samples"] == 1000
    other = tune(task=noisy.replace(noise=0.1))
    assert ds.attrs["evaluation_fingerprint"] == other.attrs["evaluation_fingerprint"]


def test_the_tuned_networks_can_be_selected_and_fitted():
    ds = tune([2, 4, 8])
    tuned = ds.sel(lr=ds.best_lr)
    assert tuned.loss.dims == ("activation", "width", "seed")
    laws = ltens.fit(tuned, model="power_law", bootstrap=0)
    assert set(laws) == {"relu", "silu"}


def test_other_axes_names_and_stores(tmp_path):
    store = tmp_path / "a.ltens"
    options = {"parameter": "init", "values": ["he", "torch"], "over": {"samples": [10, 40]}}
    ds = tune(store=store, **options)
    assert ds.best_init.dims == ("activation", "samples", "width")
    again = with_best_values(ltens.open(store), "init")
    assert again.best_init.equals(ds.best_init)
    assert json.loads(ds.attrs["tuning"])["at_the_ends"] == []  # names have no ends
    assert ltens.plot.tuning(ds).get_xlabel() == "init"


def test_a_best_value_at_an_end_is_warned_of_and_noted():
    with pytest.warns(UserWarning, match=r"best lr is at an end .*width 2: 0.003 is the largest"):
        ds = tune(values=[0.0003, 0.003])
    assert len(json.loads(ds.attrs["tuning"])["at_the_ends"]) == 4


def test_where_all_diverge_there_is_no_best():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ds = tune(values=[1e30, 1e31])
    assert ds.best_lr.isnull().all()
    assert np.isinf(ds.median_loss).all()


def test_ints_stay_ints():
    with pytest.warns(UserWarning, match="batch_size is at an end"):
        ds = tune(parameter="batch_size", values=[5, 20, 2000], engine="dense")
    assert ds.best_batch_size.dtype.kind == "i"


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"parameter": "lrr"}, ValueError, "parameter is 'lrr'.*did you mean 'lr'"),
        ({"over": {"lr": [1]}}, ValueError, "over has 'lr', which is the parameter that is tuned"),
        ({"values": []}, ValueError, r"over\['lr'\] is empty"),
        ({"values": [-1]}, ValueError, r"over\['lr'\]\[0\] is -1.0, but must be above 0"),
        ({"task": ltens.Task([0.0], [0.0])}, ValueError, "evaluation is missing, but must be"),
        ({"task": 3}, TypeError, "task is a int, but must be an ltens.Task"),
        ({"evaluation": 3}, TypeError, "evaluation is a int, but must be an ltens.Task"),
        (
            {"evaluation": ltens.Task.from_function("square")},
            ValueError,
            "evaluation is the task that is trained on",
        ),
        ({"sedes": 3}, TypeError, "sedes"),
    ],
)
def test_bad_arguments(options, error, message):
    with pytest.raises(error, match=message):
        tune(**options)


def test_only_axes_can_be_looked_at():
    ds = xr.Dataset({"loss": (("activation", "lr", "width"), np.ones((1, 1, 1)))})
    with pytest.raises(ValueError, match="parameter is 'init', but must be one of the axes"):
        with_best_values(ds, "init")
    with pytest.raises(ValueError, match="ds has no 'tuning', but must be the result of"):
        ltens.plot.tuning(ds)
