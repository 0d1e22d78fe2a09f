"""Pictures of surfaces: what is drawn."""

from itertools import pairwise

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


def titles(figure):
    return [(ax.get_title(), ax.get_xlabel()) for ax in figure.axes if ax.get_xlabel()]


def test_a_page_has_all_pictures():
    plain = ["params", "tokens", "params", "params", "tokens", "compute"]
    assert titles(ltens.plot.surface_panels(LAW)) == [("", label) for label in plain]
    groups = np.repeat(["a", "b"], 9)
    law = ltens.fit_surface(SIZES, LAW.losses, groups=groups, shared=("exponents", "floor"))
    assert titles(ltens.plot.surface_panels(law)) == [
        *((name, label) for name in "ab" for label in ("params", "tokens", "params", "compute")),
        ("", "params"),
        ("", "tokens"),
    ]
    alone = ltens.fit_surface({"params": SIZES["params"]}, LAW.losses, bootstrap=0)
    assert titles(ltens.plot.surface_panels(alone)) == [("", "params"), ("", "params")]
    mpl.pyplot.close("all")


def test_runs_of_three_sizes_are_drawn_as_at_the_mean_of_the_third():
    rng = np.random.default_rng(0)
    sizes = {name: np.exp(rng.uniform(0, 7, 60)) for name in "abc"}
    losses = 1 + sum(1 / x**0.5 for x in sizes.values())
    law = ltens.fit_surface(sizes, losses, bootstrap=0)
    ax = ltens.plot.loss_surface(law, "a")
    middle = np.exp(np.log(sizes["c"]).mean())
    assert ax.get_ylabel() == f"loss at c {middle:g}"
    expected = 1 + 1 / sizes["a"] ** 0.5 + 1 / sizes["b"] ** 0.5 + 1 / middle**0.5
    # The fit is exact to the rounding of its minimum.
    np.testing.assert_allclose(ax.collections[0].get_offsets()[:, 1], expected, rtol=1e-7)


def test_large_sizes_are_labelled_where_there_is_room():
    from ltens.plot.style import mark_sizes, new_axes

    sizes = [1.24e8, 1.25e8, 3.5e8, 7.6e8, 1.3e9, 2.7e9, 6.7e9, 1.3e10, 1.75e11]
    ax = new_axes()
    ax.plot(sizes, sizes)
    ax.set_xscale("log")
    mark_sizes(ax, sizes)
    ax.figure.canvas.draw()
    np.testing.assert_array_equal(ax.get_xticks(), sizes)
    shown = [label for label in ax.get_xticklabels() if label.get_text()]
    assert [shown[0].get_text(), shown[-1].get_text()] == ["124M", "175B"]
    boxes = [label.get_window_extent() for label in shown]
    assert all(a.x1 < b.x0 for a, b in pairwise(boxes))
    assert len(shown) >= 6
    mpl.pyplot.close("all")


@pytest.mark.parametrize(("high", "ticks"), [(3.6, 5), (30.0, 3), (1e6, 0)])
def test_a_loss_axis_has_plain_numbers(high, ticks):
    from ltens.plot.style import new_axes, plain_loss_axis

    ax = new_axes()
    ax.plot([1, 2], [2.1, high])
    ax.set_yscale("log")
    plain_loss_axis(ax)
    ax.figure.canvas.draw()
    low, top = ax.get_ylim()
    inside = [
        label.get_text()
        for label, y in zip(ax.get_yticklabels(), ax.get_yticks(), strict=True)
        if low <= y <= top
    ]
    assert sum(text.replace(".", "").isdecimal() for text in inside) >= ticks
    mpl.pyplot.close("all")


def test_envelopes_and_best_sizes():
    params, passes = (
        a.ravel()
        for a in np.meshgrid(np.geomspace(1e7, 1e10, 12), np.geomspace(0.2, 400, 20), indexing="ij")
    )
    sizes = {"params": params, "tokens": params * passes}
    found = ltens.fit_envelope(sizes, chinchilla(**sizes), runs=params)
    ax = ltens.plot.envelope(found)
    assert len(ax.get_lines()) == 12 + 2  # trainings, the lowest loss dotted and where it counts
    np.testing.assert_array_equal(ax.get_lines()[-2].get_ydata(), found.loss)
    assert np.isnan(ax.get_lines()[-1].get_ydata()[~found.inside]).all()
    sizes = budgets(9)
    other = ltens.fit_isoflop(sizes, chinchilla(**sizes))
    ax = ltens.plot.best_sizes(found, other)
    drawn = [text.get_text() for text in ax.get_legend().texts]
    assert [words.split(":")[0] for words in drawn] == ["surface", "envelope", "parabolas"]
    with pytest.raises(ValueError, match="found is empty"):
        ltens.plot.best_sizes()
    mpl.pyplot.close("all")
