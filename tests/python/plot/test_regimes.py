"""The pictures of the linear regimes, and what is reproduced by name."""

import matplotlib
import numpy as np
import pytest

from ltens import reproduce
from ltens.plot import regimes_duality, regimes_panels
from ltens.regimes import duality, gaussian_features, measure_regimes
from ltens.solvable import Spectrum

matplotlib.use("agg")
POPULATION = gaussian_features(Spectrum.power_law(1.0, 120))
NAMES = (
    "regimes-random-features",
    "regimes-gaussian",
    "regimes-coefficients",
    "regimes-duality",
    "regimes-digits-features",
    "regimes-digits-exponents",
    "regimes-digits-variance",
    "regimes-torus",
    "regimes-torus-exponents",
    "regimes-counter-examples",
    "regimes-counter-ratios",
    "regimes-patches",
    "regimes-patches-exponents",
    "regimes-relu-kernels",
)
QUICK = ("regimes-counter-ratios", "regimes-coefficients", "regimes-torus")


def test_panels_draw_points_and_theory():
    curves = measure_regimes(POPULATION, sizes=[4, 8, 16], fixed=4, large_sizes=[16, 32, 64])
    figure = regimes_panels({"Gaussian": curves})
    titles = [ax.get_title() for ax in figure.axes]
    assert titles[0] == "Variance-limited in data"
    first = figure.axes[0]
    lines = {tuple(line.get_xdata()) for line in first.get_lines()}
    assert (11.0, 27.0, 59.0) in lines  # D - P - 1
    text = first.get_legend().get_texts()[0].get_text()
    assert text.startswith("Gaussian: −")
    assert "[" in text
    drawn = next(line for line in first.get_lines() if len(line.get_ydata()) == 3)
    np.testing.assert_allclose(
        drawn.get_ydata(), curves.variance_data.mean / curves.variance_data.limits.mean()
    )


def test_duality_draws_four_marks_in_a_row():
    found = duality(POPULATION, [4, 8, 16], ranks=(4, 16), draws=4)
    ax = regimes_duality({"one": found, "two": found})
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["one", "two"]
    assert len(ax.get_legend().get_texts()) == 4


def test_nothing_to_draw():
    with pytest.raises(ValueError, match="curves is empty"):
        regimes_panels({})
    with pytest.raises(ValueError, match="found is empty"):
        regimes_duality({})


def check(name):
    product = reproduce.draw(name, quick=True, threads=1)
    if reproduce.item(name).is_table:
        rows = product.strip().splitlines()
        assert len(rows) > 5
        assert len({row.count("|") for row in rows}) == 1
        assert "nan" not in product
        return
    for ax in product.axes:
        assert ax.get_xlabel()
        assert ax.has_data()


def test_names_are_registered():
    assert set(NAMES) <= set(reproduce.names())


@pytest.mark.parametrize("name", QUICK)
def test_quick_products(name):
    check(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name not in QUICK])
def test_all_other_quick_products(name):
    check(name)
