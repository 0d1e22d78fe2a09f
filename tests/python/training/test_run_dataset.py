"""A run as a Dataset: what a sweep of the same networks gives."""

import numpy as np
import pytest
import xarray as xr

import ltens
from ltens import tickets

TASK = ltens.Task.from_function("square", samples=40)
TRAINING = ltens.Training(steps=30)


def run(width, seeds=4, **options):
    nets = ltens.Networks.init(width, seeds, activation="silu")
    return ltens.train(nets, TASK, TRAINING, seeds=seeds, **options)


@pytest.mark.parametrize("held_out", [None, ltens.Task.from_function("square", samples=9)])
def test_it_is_a_sweep_of_one_width(held_out):
    swept = ltens.sweep(
        [6],
        [3, 1, 7],
        activations="silu",
        task=TASK,
        training=TRAINING,
        checkpoints=[5, 30],
        keep_networks=True,
        held_out=held_out,
        progress=False,
    )
    trained = run(6, [3, 1, 7], checkpoints=[5, 30], held_out=held_out)
    ds = trained.to_dataset(seeds=[3, 1, 7], keep_networks=True)
    assert set(swept.variables) - {"seconds"} == set(ds.variables)
    for name in ds.variables:
        expected = swept[name]
        assert ds[name].dims == expected.dims, name
        assert ds[name].dtype == expected.dtype, name
        assert ds[name].attrs.keys() == expected.attrs.keys(), name
        np.testing.assert_array_equal(ds[name], expected, err_msg=name)
    for name in ("dimension", "dtype", "build"):
        assert ds.attrs[name] == swept.attrs[name], name


@pytest.mark.parametrize("loss", ["cross_entropy", "mse"])
def test_classes_and_outputs_are_laid_out_as_in_a_sweep(loss):
    x = np.random.default_rng(0).uniform(-1, 1, (30, 2))
    labels = (x[:, 0] > 0).astype(int) + (x[:, 1] > 0.2)
    task = ltens.Task(x, labels if loss == "cross_entropy" else np.eye(3)[labels], loss=loss)
    options = {"checkpoints": [5, 30], "held_out": task.replace(samples=9)}
    swept = ltens.sweep(
        [6], 4, activations="silu", task=task, training=TRAINING, keep_networks=True,
        progress=False, **options,
    )  # fmt: skip
    nets = ltens.Networks.init(6, 4, activation="silu", dimension=2, outputs=3)
    ds = ltens.train(nets, task, TRAINING, **options).to_dataset(keep_networks=True)
    assert ("error_history" in ds) == ("held_out_error" in ds) == (loss == "cross_entropy")
    assert ds.a_6.dims == ("activation", "seed", "output", "neuron_6")
    assert set(swept.variables) - {"seconds"} == set(ds.variables)
    for name in ds.variables:
        assert ds[name].dims == swept[name].dims, name
        assert ds[name].attrs.keys() == swept[name].attrs.keys(), name
        np.testing.assert_array_equal(ds[name], swept[name], err_msg=name)
    assert ds.held_out_loss.attrs == swept.held_out_loss.attrs
    assert ds.history.attrs == swept.history.attrs
    assert ds.attrs["outputs"] == swept.attrs["outputs"] == 3


def test_seeds_are_counted_and_checked():
    trained = run(3)
    assert trained.to_dataset().seed.values.tolist() == [0, 1, 2, 3]
    assert "w_3" not in trained.to_dataset()
    with pytest.raises(ValueError, match=r"seeds has 2 label\(s\), but must have one for each of "):
        trained.to_dataset(seeds=2)
    with pytest.raises(TypeError, match="keep_networks is 1"):
        trained.to_dataset(keep_networks=1)


def test_several_are_fitted_compared_drawn_and_written(tmp_path):
    runs = {n: run(n, 8) for n in (2, 4, 8, 16)}
    ds = xr.concat([each.to_dataset() for each in runs.values()], "width")
    law = ltens.fit(ds, model="power_law")
    direct = ltens.fit(
        list(runs), np.array([each.loss for each in runs.values()]), model="power_law"
    )
    assert law.exponent == direct.exponent
    assert ltens.regimes.compare(ds)
    assert ltens.plot.scaling(ds, fits=False) is not None
    assert len(ltens.to_dataframe(ds)) == 4 * 8
    ds.to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
    xr.testing.assert_equal(xr.load_dataset(tmp_path / "a.nc", engine="h5netcdf"), ds)


def test_the_kept_networks_are_those_of_the_run():
    trained = run(5)
    ds = trained.to_dataset(keep_networks=True).isel(activation=0)
    parts = {name: ds[f"{name}_5"].values for name in "wbac"}
    nets = ltens.Networks(**parts, activation="silu")
    split = tickets.bias_variance(nets, TASK, exclude="none")
    assert split.loss == tickets.bias_variance(trained.networks, TASK, exclude="none").loss
