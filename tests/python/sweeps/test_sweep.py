"""sweep: the Dataset, netCDF, independence of company, interruption, messages."""

import json
import threading

import numpy as np
import pytest
import xarray as xr

import ltens

SHORT = ltens.Training(steps=20)
TASK = ltens.Task.from_function("square", samples=20)


def sweep(widths=(3, 1, 2), seeds=4, **options):
    return ltens.sweep(
        widths, seeds, **{"task": TASK, "training": SHORT, "progress": False, **options}
    )


def test_dimensions_variables_and_attributes():
    ds = sweep(checkpoints=3)
    assert dict(ds.sizes) == {"activation": 2, "width": 3, "seed": 4, "checkpoint": 3}
    assert ds.loss.dims == ("activation", "width", "seed")
    assert ds.history.dims == ("activation", "width", "seed", "checkpoint")
    assert ds.loss.dtype == np.float64
    assert ds.status.dtype == np.int8
    assert (ds.status == 0).all()
    for activation in ("relu", "silu"):
        for width in (1, 2, 3):
            part = ds.sel(activation=activation, width=width)
            engine = ltens.engines.choose(width, TASK, activation).engine
            assert (part.engine == engine).all()
            assert ((part.nodes > 0) == (engine == "quadrature")).all()
    assert (ds.engine.sel(activation="silu", width=3) == "quadrature").all()
    assert ((ds.engine_error >= 0) & (ds.engine_error <= ds.attrs["rtol"])).all()
    assert (ds.seconds > 0).all()
    assert ds.attrs["steps"] == 20
    assert ds.attrs["task_fingerprint"] == TASK.fingerprint
    assert json.loads(ds.attrs["configuration"])["widths"] == [3, 1, 2]
    assert not any(v is None or isinstance(v, bool) for v in ds.attrs.values())


def test_losses_are_those_of_train():
    ds = sweep(seeds=[5, 9])
    nets = ltens.Networks.init(2, [9], activation="relu")
    run = ltens.train(nets, TASK, SHORT)
    assert ds.loss.sel(activation="relu", width=2, seed=9).item() == run.loss[0]


def test_survives_netcdf(tmp_path):
    pytest.importorskip("h5netcdf")
    ds = sweep(checkpoints=[0, 20], keep_networks=True)
    ds.to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "a.nc", engine="h5netcdf") as back:
        xr.testing.assert_equal(ds, back.load())
        assert back.status.dtype == np.int8
        assert list(back.activation.values) == ["relu", "silu"]
        for name, value in ds.attrs.items():
            np.testing.assert_array_equal(back.attrs[name], value)


def test_kept_networks_have_the_losses():
    ds = sweep(keep_networks=True, activations="silu", dtype="float64").isel(activation=0)
    nets = ltens.Networks(*(ds[f"{name}_2"].values for name in "wbac"), activation="silu")
    loss, _ = ltens.loss_and_gradient(nets, TASK)
    # Two summation orders of 20 positive terms.
    np.testing.assert_allclose(loss, ds.loss.sel(width=2), rtol=1e-12)


def test_progress_counts_neuron_sample_updates():
    seen = []
    sweep(progress=lambda done, total: seen.append((done, total)))
    total = 2 * (1 + 2 + 3) * 20 * 4 * 20
    assert seen[-1] == (total, total)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_interruption_keeps_what_is_finished():
    def interrupt(done, total):
        if done > total // 2:  # the largest width of both activations
            raise KeyboardInterrupt

    with pytest.raises(ltens.Interrupted, match="interrupted") as caught:
        sweep(progress=interrupt)
    ds = caught.value.dataset
    finished = ds.status == 0
    assert finished.any()
    assert not finished.all()
    np.testing.assert_array_equal(np.isfinite(ds.loss), finished)


def test_cancel_before_the_start():
    cancel = threading.Event()
    cancel.set()
    ds = sweep(cancel=cancel)
    assert (ds.status == 2).all()
    assert ds.loss.isnull().all()


def test_divergence_is_recorded():
    ds = sweep(training=ltens.Training(steps=20, lr=1e30))
    assert (ds.status == 1).all()


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"widths": [1, 1]}, ValueError, "widths holds 1 more than once"),
        ({"widths": []}, ValueError, "widths is empty"),
        ({"widths": [0]}, ValueError, r"widths\[0\] is 0"),
        ({"widths": "12"}, TypeError, "widths is '12', but must be a sequence"),
        ({"seeds": 0}, ValueError, "seeds is 0"),
        ({"seeds": [0.5]}, TypeError, r"seeds\[0\] is 0.5"),
        ({"activations": ["relu", "relu"]}, ValueError, "activations holds 'relu' more than once"),
        ({"activations": []}, ValueError, "activations is empty"),
        ({"activations": "rely"}, ValueError, "did you mean 'relu'"),
        ({"task": "square"}, TypeError, "task is a str, but must be an ltens.Task"),
        ({"init": "tourch"}, ValueError, "did you mean 'torch'"),
        ({"init_scale": -1}, ValueError, "init_scale is -1.0"),
        ({"dtype": "float"}, ValueError, "dtype is 'float'"),
        ({"engine": "dance"}, ValueError, "did you mean 'dense'"),
        (
            {"engine": "quadrature"},
            ValueError,
            r"needs a one-dimensional task, .*full batches and a smooth",
        ),
        ({"rtol": -1}, ValueError, "rtol is -1.0, but must be above 0"),
        ({"store": 7}, TypeError, "store is 7, but must be a file name"),
        ({"executor": 1}, TypeError, "executor is 1, but must have submit"),
        ({"cancel": True}, TypeError, r"cancel is True, but must have is_set\(\)"),
        ({"keep_networks": 1}, TypeError, "keep_networks is 1, but must be True or False"),
        ({"widths": [10**9], "seeds": 10**6}, MemoryError, "needs about .* of memory"),
    ],
)
def test_bad_arguments(options, error, message):
    with pytest.raises(error, match=message):
        sweep(**options)
