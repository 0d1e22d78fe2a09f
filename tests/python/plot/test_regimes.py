"""The pictures of the regimes: panels, duality, verdicts, theories, dimensions."""

from typing import Any

import matplotlib
import numpy as np
import pytest

import ltens
from ltens.plot import regimes_duality, regimes_panels
from ltens.regimes import (
    classify,
    compare,
    dimension_table,
    duality,
    gaussian_features,
    measure_regimes,
)
from ltens.solvable import Spectrum

matplotlib.use("agg")
POPULATION = gaussian_features(Spectrum.power_law(1.0, 120))
N = np.array([4, 8, 16, 32, 64, 128])


def losses(seed=0):
    return (0.05 + 2.0 / N)[:, None] * np.random.default_rng(seed).lognormal(0, 0.1, (6, 20))


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
    expected = curves.variance_data.mean / curves.variance_data.limits.mean()
    np.testing.assert_allclose(drawn.get_ydata(), expected, rtol=1e-14)  # one division of means


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


def test_the_picture_of_a_verdict():
    found = classify(N, losses(), 0.05)
    ax = ltens.plot.regime(found)
    assert ax.get_title() == "variance-limited"
    labels = ax.get_legend_handles_labels()[1]
    assert f"L: {found.slope}" in labels
    assert f"L − limit: {found.above}" in labels
    peak = classify(N, np.array([1.0, 0.5, 3.0, 0.5, 0.2, 0.1])[:, None] * losses() ** 0.0001)
    assert len(ltens.plot.regime(peak).get_legend_handles_labels()[1]) == 1  # no law, no line


def test_the_picture_of_theories():
    found = compare(N, losses(), dimension=2)
    ax = ltens.plot.theories(found)
    assert [text.get_text().split("\n")[0] for text in ax.get_yticklabels()] == [
        row.theory for row in found.rows
    ]
    verdicts = [text.get_text().split(",")[0] for text in ax.texts]
    assert verdicts == [row.verdict for row in found.rows]
    bars: Any = ax.patches
    bands = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars]
    for row, (low, high) in zip(found.rows, bands, strict=True):
        assert low == pytest.approx(row.predicted - row.tolerance)
        assert row.at_least or high == pytest.approx(row.predicted + row.tolerance)
    assert bands[1][1] > bands[0][1]  # a lower bound's band goes on


def test_the_picture_of_dimensions():
    table = dimension_table({"a": (N, losses())}, {"a": 3.0})
    ax = ltens.plot.inverse_exponent(table)
    # One point with two bars, and the line of 4/d.
    assert ax.get_legend_handles_labels()[1] == ["exponent = 4/d", "a"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("dimension d", "4 / exponent")
