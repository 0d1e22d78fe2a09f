"""plot.scaling: what is drawn."""

import matplotlib
import numpy as np
import pytest
import xarray as xr

import ltens

matplotlib.use("agg")


@pytest.fixture
def table():
    widths = np.array([100, 1, 10])
    noise = np.random.default_rng(0).lognormal(sigma=0.3, size=(2, 3, 20))
    loss = noise / widths[None, :, None]
    return xr.Dataset(
        {"loss": (("activation", "width", "seed"), loss)},
        {"activation": ["relu", "silu"], "width": widths},
    )


@pytest.fixture(autouse=True)
def close_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


def test_medians_and_laws(table):
    ax = ltens.plot.scaling(table)
    points, law = ax.get_lines()[:2]
    np.testing.assert_array_equal(points.get_xdata(), [1, 10, 100])
    expected = table.loss.isel(activation=0).median("seed").sortby("width")
    np.testing.assert_array_equal(points.get_ydata(), expected)
    assert law.get_linestyle() == "--"
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("width N", "median loss (MSE)")
    found = ltens.fit(table)["relu"]
    low, high = found.interval()
    label = ax.get_legend_handles_labels()[1][0]
    assert label.endswith(f"= {found.exponent:.2f} [{low:.2f}, {high:.2f}]")


def test_without_fits_on_given_axes(table):
    import matplotlib.pyplot as plt

    _, ax = plt.subplots()
    assert ltens.plot.scaling(table, fits=False, ax=ax) is ax
    assert len(ax.get_lines()) == 2
    assert ax.get_legend_handles_labels()[1] == ["relu", "silu"]


def test_two_widths_have_no_law(table):
    assert len(ltens.plot.scaling(table.isel(width=[0, 1])).get_lines()) == 2


def test_one_activation(table):
    assert len(ltens.plot.scaling(table.sel(activation="silu")).get_lines()) == 2


def test_not_a_sweep():
    with pytest.raises(ValueError, match="ds has no 'loss', but must be the result of"):
        ltens.plot.scaling(xr.Dataset())
