"""Pictures of losses and laws: what is drawn."""

import matplotlib as mpl
import numpy as np
import pytest
import xarray as xr
from matplotlib.container import ErrorbarContainer

import ltens
from ltens.fitting import Experiment, measure_coverage

mpl.use("agg")


@pytest.fixture
def table():
    widths = np.array([100, 1, 10, 3])
    noise = np.random.default_rng(0).lognormal(sigma=0.3, size=(2, 4, 20))
    loss = noise / widths[None, :, None]
    return xr.Dataset(
        {"loss": (("activation", "width", "seed"), loss)},
        {"activation": ["relu", "silu"], "width": widths},
    )


def legend(ax):
    return ax.get_legend_handles_labels()[1]


def test_points_band_laws_and_residuals(table):
    ax = ltens.plot.scaling(table, model="power_law")
    points = ax.get_lines()[0]
    np.testing.assert_array_equal(points.get_xdata(), [1, 3, 10, 100])
    expected = table.loss.isel(activation=0).sortby("width").median("seed")
    np.testing.assert_array_equal(points.get_ydata(), expected)
    assert sum(line.get_linestyle() == "--" for line in ax.get_lines()) == 2
    assert (ax.get_xscale(), ax.get_yscale(), ax.get_ylabel()) == ("log", "log", "median loss")
    law = ltens.fit(table, model="power_law")["relu"]
    low, high = law.interval()
    label = next(text for text in legend(ax) if text.startswith("relu"))
    assert label.startswith(rf"relu: $\alpha$ = {law.exponent:.2f} [{low:.2f}, {high:.2f}]")
    below = ax.figure.axes[1]
    assert below.get_xlabel() == "width N"
    residuals = next(line for line in below.get_lines() if len(line.get_xdata()) == 4)
    np.testing.assert_array_equal(residuals.get_ydata(), law.residuals)
    for container in (*ax.containers, *below.containers):
        assert isinstance(container, ErrorbarContainer)
        assert container.has_yerr


def test_bars_are_95_percent_intervals_of_the_points(table):
    ax = ltens.plot.scaling(table.isel(activation=0))
    law = ltens.fit(table.isel(activation=0))
    ends = np.array([path.vertices[:, 1] for path in ax.containers[0][2][0].get_paths()])
    # An exponential, a product and the sum of a point and its bar: some eps.
    upper, lower = (law.losses * np.exp(z * law.standard_errors) for z in (1.96, -1.96))
    np.testing.assert_allclose(ends[:, 1], upper, rtol=1e-14)
    np.testing.assert_allclose(ends[:, 0], lower, rtol=1e-14)


def test_options_of_fit_reach_it(table):
    ax = ltens.plot.scaling(table, statistic="geometric_mean", model="power_law")
    assert ax.get_ylabel() == "geometric mean loss"
    expected = np.exp(np.log(table.loss.isel(activation=0).sortby("width")).mean("seed"))
    # Means of 20 logarithms in another order: 20 * eps = 4e-15.
    np.testing.assert_allclose(ax.get_lines()[0].get_ydata(), expected, rtol=1e-13)


def test_without_fits_on_given_axes(table):
    import matplotlib.pyplot as plt

    _, (ax, below) = plt.subplots(2)
    assert ltens.plot.scaling(table, fits=False, ax=ax) is ax
    assert len(ax.get_lines()) == 2
    assert legend(ax) == ["relu", "silu"]
    ltens.plot.scaling(table, ax=ax, residuals=below)
    assert below.get_ylabel().startswith("log")
    assert len(ax.figure.axes) == 2


def test_two_widths_have_no_law(table):
    ax = ltens.plot.scaling(table.isel(width=[0, 1]))
    assert len(ax.get_lines()) == 2
    assert len(ax.figure.axes) == 1


def test_laws_of_anyones_data():
    sizes = np.geomspace(1e6, 1e9, 7)
    losses = (3e3 * sizes**-0.5 + 0.2)[:, None] * np.exp(
        0.1 * np.random.default_rng(0).normal(size=(7, 9))
    )
    ax = ltens.plot.scaling({"mine": ltens.fit(sizes, losses, model="power_law_floor")})
    assert ax.figure.axes[1].get_xlabel() == "size N"
    assert "floor" in legend(ax)[0]
    alone = ltens.plot.scaling(ltens.fit(sizes, losses[:, 0]), residuals=False)
    assert len(alone.figure.axes) == 1
    assert not legend(alone)[0].startswith(":")


def test_a_law_is_drawn_where_it_holds_and_dotted_beyond():
    sizes = np.array([1.0, 2, 5, 10, 20, 50, 100])
    noise = np.random.default_rng(0).lognormal(sigma=0.05, size=(7, 40))
    law = ltens.fit(sizes, (0.01 / sizes + sizes**-8)[:, None] * noise)
    assert law.holds
    ax = ltens.plot.scaling(law)
    dashed = next(line for line in ax.get_lines() if line.get_linestyle() == "--")
    dotted = next(line for line in ax.get_lines() if line.get_linestyle() == ":")
    assert (dashed.get_xdata()[0], dashed.get_xdata()[-1]) == pytest.approx(law.range)
    assert dotted.get_xdata()[0] == pytest.approx(100)
    assert f"N = {law.range[0]:g}–100" in legend(ax)[0]


def test_where_no_law_holds_the_line_is_that_of_the_large_end():
    sizes = np.array([1.0, 2, 5, 10, 20, 50, 100])
    noise = np.random.default_rng(0).lognormal(sigma=0.05, size=(7, 40))
    law = ltens.fit(sizes, (sizes**-2 * (1 + sizes / 10) ** 1.5)[:, None] * noise)
    ax = ltens.plot.scaling(law)
    assert len(ax.figure.axes) == 1
    assert not any(line.get_linestyle() in ("--", ":") for line in ax.get_lines())
    line = ax.get_lines()[-1]
    assert (line.get_xdata()[0], line.get_xdata()[-1]) == pytest.approx(law.end.range)
    assert legend(ax)[0].endswith(", no law shown")


def test_local_exponents_and_guides(table):
    ax = ltens.plot.local_exponent(table, guides=(1.0,))
    local = ltens.fit(table)["relu"].local_exponents()
    points = ax.containers[0][0]
    np.testing.assert_array_equal(points.get_xdata(), local.sizes)
    np.testing.assert_array_equal(points.get_ydata(), local.exponents)
    guide = [line for line in ax.get_lines() if line.get_linestyle() == ":"]
    assert [line.get_ydata()[0] for line in guide] == [1.0]
    exact = ltens.fit([1, 2, 4, 8, 16, 32], 2.0 ** -np.arange(6), model="power_law")
    law = ltens.plot.local_exponent(exact).get_lines()[-1]
    # Differences of logarithms of up to 4, over steps of 0.01: 400 * eps = 9e-14; measured 6e-14.
    np.testing.assert_allclose(law.get_ydata(), 1.0, rtol=0, atol=1e-12)
    with pytest.raises(ValueError, match="fewer than 3 widths"):
        ltens.plot.local_exponent(table.isel(width=[0, 1]))


def test_distributions(table):
    ax = ltens.plot.distribution(table.sel(activation="relu"), bins=15)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["1", "3", "10", "100"]
    assert len(ax.patches) == 4
    marks = [line for line in ax.get_lines() if line.get_color() == "black"]
    expected = table.loss.isel(activation=0).sortby("width")
    found = [line.get_xdata()[0] for line in marks]
    # The median of logarithms, of 20 losses: between the same two as the median.
    np.testing.assert_allclose(found, expected.median("seed"), rtol=0.02)
    counts = np.histogram(np.log10(expected[0]), bins=15)[0]
    assert counts.sum() == 20
    with pytest.raises(ValueError, match=r"must have one: select it, such as data\.sel"):
        ltens.plot.distribution(table)
    with pytest.raises(ValueError, match="no size with 5 losses"):
        ltens.plot.distribution(table.isel(activation=0, seed=slice(3)))


def test_coverage():
    results = [measure_coverage(Experiment(sizes=5, seeds=8, floor=f), trials=20) for f in (0, 0.1)]
    ax = ltens.plot.coverage(results)
    covered = ax.containers[0][0].get_xdata()
    np.testing.assert_array_equal(covered, [100 * each.covered for each in results])
    assert "floor 0.1" in ax.get_yticklabels()[1].get_text()
    with pytest.raises(ValueError, match="results is empty"):
        ltens.plot.coverage([])


@pytest.mark.parametrize("name", ltens.plot.__all__)
def test_pictures_are_lazy_and_known(name):
    assert name in dir(ltens.plot)
    assert callable(getattr(ltens.plot, name))


def test_not_a_sweep():
    with pytest.raises(ValueError, match="ds has no 'loss', but must be the result of"):
        ltens.plot.scaling(xr.Dataset())
    with pytest.raises(AttributeError, match=r"No ltens.plot attribute scalling"):
        getattr(ltens.plot, "scalling")  # noqa: B009 - a name that no type checker looks up
