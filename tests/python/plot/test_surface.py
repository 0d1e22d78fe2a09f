"""Pictures of surfaces: what is drawn."""

import matplotlib as mpl
import numpy as np
import pytest

import ltens
from support.surfaces import budgets, chinchilla, noise

mpl.use("agg")
SIZES = budgets(6, (1e18, 3e19, 1e21))
LAW = ltens.fit_surface(SIZES, chinchilla(**SIZES) * noise(18, scale=0.002), bootstrap=0)


def test_runs_and_curves():
    ax = ltens.plot.loss_surface(LAW, "tokens", slices=4)
    np.testing.assert_array_equal(ax.collections[0].get_offsets()[:, 0], SIZES["tokens"])
    np.testing.assert_array_equal(ax.collections[0].get_offsets()[:, 1], LAW.losses)
    assert len(ax.get_lines()) == 4
    lowest = ax.get_lines()[-1]
    expected = LAW.predict({"params": SIZES["params"].max(), "tokens": lowest.get_xdata()})
    np.testing.assert_allclose(lowest.get_ydata(), expected, rtol=1e-12)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    with pytest.raises(ValueError, match="did you mean 'tokens'"):
        ltens.plot.loss_surface(LAW, "token")


def test_one_variable_has_one_curve():
    law = ltens.fit_surface({"params": SIZES["params"]}, LAW.losses, bootstrap=0)
    assert len(ltens.plot.loss_surface(law).get_lines()) == 2


def test_residuals_in_dex():
    ax = ltens.plot.surface_residuals(LAW, "params")
    np.testing.assert_allclose(ax.get_lines()[0].get_ydata(), LAW.residuals / np.log(10))
    groups = np.repeat(["a", "b"], 9)
    law = ltens.fit_surface(SIZES, LAW.losses, groups=groups, shared=("exponents", "floor"))
    assert [t.get_text() for t in ltens.plot.surface_residuals(law).get_legend().texts] == [
        "a",
        "b",
    ]


def test_parabolas_have_their_lowest_point_marked():
    ax = ltens.plot.isoflop(LAW)
    *curves, best = ax.get_lines()
    assert len(curves) == 6  # a curve and its runs for each of three budgets
    for at, curve in enumerate(curves[::2]):
        lowest = curve.get_xdata()[curve.get_ydata().argmin()]
        # The curve's points are 2 % apart.
        assert lowest == pytest.approx(best.get_xdata()[at], rel=0.03)
    assert len(ltens.plot.isoflop(LAW, [1e19, 1e20]).get_lines()) == 5
    alone = ltens.fit_surface({"params": SIZES["params"]}, LAW.losses, bootstrap=0)
    with pytest.raises(ValueError, match="IsoFLOP curves need two"):
        ltens.plot.isoflop(alone)


def test_the_frontier_has_a_band():
    import matplotlib.pyplot as plt

    _, ax = plt.subplots()
    assert ltens.plot.frontier(LAW, [1e19, 1e21, 1e23], ax=ax) is ax
    found = LAW.frontier([1e19, 1e21, 1e23], interval=0.95)
    np.testing.assert_array_equal(ax.get_lines()[0].get_ydata(), found.first)
    band = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert {*found.first_interval[0], *found.first_interval[1]} <= set(band)


def test_pictures_are_drawn():
    for name in ("loss_surface", "surface_residuals", "isoflop", "frontier"):
        getattr(ltens.plot, name)(LAW).figure.canvas.draw()
        mpl.pyplot.close("all")
