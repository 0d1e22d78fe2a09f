"""The pictures of the solvable model: what is drawn."""

import matplotlib
import numpy as np
import pytest

import ltens
from ltens.solvable import Spectrum, sweep

matplotlib.use("agg")
SPECTRUM = Spectrum.power_law(1.0, 40)


@pytest.fixture(scope="module")
def table():
    return sweep(SPECTRUM, N=[12, 3, 6], T=[20, 30], ridge=1e-3, draws=2, progress=False)


def test_loss_against_a_size(table):
    ax = ltens.plot.solvable_loss(table)
    assert ax.get_legend_handles_labels()[1] == ["T = 20", "T = 30"]
    theory, points = ax.get_lines()[:2]
    np.testing.assert_array_equal(theory.get_xdata(), [3, 6, 12])
    part = table.sel(T=20, ridge=1e-3).sortby("N")
    np.testing.assert_array_equal(theory.get_ydata(), part.theory)
    np.testing.assert_array_equal(points.get_ydata(), part.test_loss)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert ax.get_xlabel() == "features N"


def test_one_curve_needs_no_legend(table):
    ax = ltens.plot.solvable_loss(table.sel(T=20), against="N")
    assert ax.get_legend() is None
    ridges = sweep(SPECTRUM, N=5, T=9, ridge=[0.1, 0.01], draws=1, progress=False)
    ax = ltens.plot.solvable_loss(ridges, against="ridge")  # one draw: no error bars to draw
    assert ax.get_xlabel() == "ridge"


def test_spectra():
    values = np.array([1.0, 0.1, 0.0])
    ax = ltens.plot.solvable_spectra({"a": values, "b": 2 * values})
    np.testing.assert_array_equal(ax.get_lines()[0].get_ydata(), [1.0, 0.1])
    assert ax.get_legend_handles_labels()[1] == ["a", "b"]


@pytest.mark.parametrize("ridge", [0.0, "optimal"])
def test_phases(ridge):
    ax = ltens.plot.solvable_phases(Spectrum.power_law(1.0, 20), ridge=ridge)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("features N", "samples T")
    assert ax.get_xlim() == (1, 80)
    assert any("features" in text.get_text() for text in ax.texts)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda ds: ltens.plot.solvable_loss(ds, against="M"), "against is 'M', which is not"),
        (lambda ds: ltens.plot.solvable_loss(ds[["z"]]), "but must be the result of ltens.solv"),
        (
            lambda ds: ltens.plot.solvable_loss(ds.isel(T=[0] * 8)),
            "ds has 8 curves, but must have at most 7: select",
        ),
        (lambda ds: ltens.plot.solvable_spectra({}), "spectra is empty, but must hold at least"),
        (lambda ds: ltens.plot.solvable_spectra({"a": [0.0]}), "has no eigenvalue above 0"),
        (lambda ds: ltens.plot.solvable_phases(SPECTRUM, ridge="x"), "ridge is 'x', which is not"),
    ],
)
def test_bad_arguments(table, call, message):
    with pytest.raises(ValueError, match=message):
        call(table)
