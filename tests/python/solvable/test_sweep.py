"""ltens.solvable.sweep: against simulate, in stores and executors, and what it refuses."""

import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

import ltens
from ltens.solvable import Spectrum, simulate, sweep, theory

SPECTRUM = Spectrum.power_law(1.0, 60)
GRID = {"N": [5, 10], "T": [20, 30], "ridge": [0.0, 1e-3], "draws": 3, "progress": False}


@pytest.fixture(scope="module")
def table():
    return sweep(SPECTRUM, **GRID)


def test_every_point_is_that_of_simulate(table):
    assert dict(table.losses.sizes) == {"N": 2, "T": 2, "ridge": 2, "draw": 3}
    run = simulate(SPECTRUM, N=10, T=20, ridge=1e-3, draws=3)
    point = table.sel(N=10, T=20, ridge=1e-3)
    np.testing.assert_array_equal(point.losses, run.losses)
    np.testing.assert_array_equal(point.train_losses, run.train_losses)
    assert point.test_loss == pytest.approx(run.test_loss, rel=1e-15)  # a mean of 3
    # The same draws; deviations of 3 numbers that are not near each other: some eps.
    assert point.standard_error == pytest.approx(run.standard_error, rel=1e-14, abs=0)


def test_the_theory_is_beside(table):
    found = theory(SPECTRUM, N=5, T=30)
    point = table.sel(N=5, T=30, ridge=0.0)
    assert point.theory == found.test_loss
    assert point.theory_train == found.train_loss
    assert point.z == found.z
    finite = theory(SPECTRUM, N=5, T=30, finite_size=True)
    assert point.theory_finite_size == finite.test_loss
    with_ridge = table.sel(ridge=1e-3)
    np.testing.assert_array_equal(with_ridge.theory, with_ridge.theory_finite_size)


@pytest.mark.parametrize("target", [None, SPECTRUM.v_squared])
def test_a_store_resumes_extends_and_opens(tmp_path, table, target):
    spectrum, path = Spectrum(SPECTRUM.eigenvalues, target), tmp_path / "a.ltens"
    few = {**GRID, "N": 5, "draws": 2}
    sweep(spectrum, store=path, **few)
    ds = sweep(spectrum, store=path, **GRID)
    # v^2 / lambda rounds once; sums of 60 terms, all above 0: 60 * eps = 1e-14.
    np.testing.assert_allclose(ds.losses, table.losses, rtol=1e-13)
    if target is None:
        np.testing.assert_array_equal(ds.losses, table.losses)
    opened = ltens.open(path)
    assert opened.losses.equals(ds.losses)
    assert opened.theory.equals(ds.theory)
    assert opened.attrs == ds.attrs


def test_another_spectrum_is_refused(tmp_path):
    sweep(SPECTRUM, store=tmp_path / "a.ltens", **GRID)
    with pytest.raises(ltens.StoreError, match="holds another simulation"):
        sweep(Spectrum.power_law(1.1, 60), store=tmp_path / "a.ltens", **GRID)


def test_processes_give_the_same_bits(table):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        ds = sweep(SPECTRUM, executor=pool, **GRID)
    np.testing.assert_array_equal(ds.losses, table.losses)


def test_cancelled_sweeps_have_gaps():
    cancel = threading.Event()
    cancel.set()
    ds = sweep(SPECTRUM, cancel=cancel, **GRID)
    assert ds.losses.isnull().all()
    assert np.isfinite(ds.theory).all()


def test_progress_counts_up():
    seen = []
    sweep(SPECTRUM, **{**GRID, "progress": lambda done, total: seen.append((done, total))})
    total = 3 * 2 * (5 + 10) * (20 + 30)
    # Sums of integers, and of fractions of them: some eps for each of 24 draws.
    assert seen[-1] == (pytest.approx(total, rel=1e-14), pytest.approx(total, rel=1e-14))


def test_netcdf(tmp_path, table):
    import xarray as xr

    table.to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
    assert xr.load_dataset(tmp_path / "a.nc", engine="h5netcdf").equals(table)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"N": [5, 5]}, ValueError, "N holds 5 more than once"),
        ({"T": 0}, ValueError, r"T\[0\] is 0, but must be an integer of at least 1"),
        ({"ridge": []}, ValueError, "ridge is empty, but must hold at least one number"),
        ({"ridge": [1.0, -1]}, ValueError, r"ridge\[1\] is -1.0, but must be above 0"),
        ({"noise": -1}, ValueError, "noise is -1.0, but must be above 0"),
        ({"draws": 0}, ValueError, "draws is 0, but must be an integer of at least 1"),
        ({"method": "x"}, ValueError, "method is 'x', which is not known"),
        ({"progress": "bar"}, TypeError, "progress is 'bar', but must be True, False"),
        ({"executor": 3}, TypeError, "executor is 3, but must have submit"),
    ],
)
def test_bad_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        sweep(SPECTRUM, **{**GRID, **arguments})
