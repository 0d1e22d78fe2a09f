"""Model comparison: AICc, errors on what was left out, warnings."""

import numpy as np
import pytest

import ltens
from ltens.fitting.likelihood import corrected_criterion


def planted(curve, sizes, seeds=200, sigma=0.3, rng=0):
    noise = np.random.default_rng(rng).lognormal(sigma=sigma, size=(len(sizes), seeds))
    return curve(sizes)[:, None] * noise


def broken(x):
    return 5 * x**-0.3 * (1 + (x / 60) ** (1 / 0.2)) ** (-1.2 * 0.2)


SIZES = np.geomspace(1, 2000, 16)


def test_aicc_is_that_of_regression_where_there_are_no_seeds():
    sizes = np.geomspace(1, 100, 9)
    losses = 2 / sizes * np.exp(0.1 * np.random.default_rng(1).normal(size=9))
    law = ltens.fit(sizes, losses, model="power_law")
    rss = float(((np.log(10) * law.residuals) ** 2).sum())
    k, n = 3, 9
    expected = n * np.log(2 * np.pi * rss / n) + n + 2 * k + 2 * k * (k + 1) / (n - k - 1)
    row = next(row for row in law.alternatives if row.model == "power_law")
    # Two ways to the same sum of 9 squares, in 9 times its logarithm: some dozen eps of 10.
    assert row.criterion == pytest.approx(expected, rel=1e-12)
    assert corrected_criterion(np.zeros(1), 2, 4)[0] == np.inf


def test_left_out_errors_are_those_of_refits():
    sizes = np.geomspace(1, 100, 7)
    losses = 2 / sizes * np.exp(0.1 * np.random.default_rng(2).normal(size=7))
    law = ltens.fit(sizes, losses, model="power_law")
    wrong = []
    for i in range(7):
        rest = np.arange(7) != i
        line = np.polyfit(np.log(sizes[rest]), np.log(losses[rest]), 1)
        wrong.append(np.polyval(line, np.log(sizes[i])) - np.log(losses[i]))
    row = next(row for row in law.alternatives if row.model == "power_law")
    # Steps end at a cosine of 1e-9 between residuals and slopes; measured 1e-11 and 7e-11.
    assert row.left_out == pytest.approx(np.sqrt(np.mean(np.square(wrong))) / np.log(10), rel=1e-9)
    line = np.polyfit(np.log(sizes[:6]), np.log(losses[:6]), 1)  # 7 // 4 = 1 size beyond
    beyond = abs(np.polyval(line, np.log(sizes[6])) - np.log(losses[6])) / np.log(10)
    assert row.extrapolation == pytest.approx(beyond, rel=1e-9)  # as above


def test_the_planted_model_comes_first():
    laws = {
        "power_law": planted(lambda x: 3 / x, SIZES),
        "power_law_floor": planted(lambda x: 3 / x + 0.02, SIZES),
        "broken_power_law": planted(broken, SIZES),
    }
    for name, losses in laws.items():
        rows = ltens.fit(SIZES, losses, model=name).alternatives
        assert rows[0].model == name
        assert rows[0].difference == 0.0
        assert [row.criterion for row in rows] == sorted(row.criterion for row in rows)


def test_warnings_in_plain_language():
    near = np.geomspace(10, 50, 6)
    short = ltens.fit(near, planted(lambda x: 3 / x, near))
    assert any("factor 5, less than a decade" in warning for warning in short.warnings)
    line = ltens.fit(SIZES, planted(broken, SIZES), model="power_law")
    assert any("A break in the power law is preferred" in warning for warning in line.warnings)
    assert any("bend downwards (steepening)" in warning for warning in line.warnings)
    assert any("times as much about the law" in warning for warning in line.warnings)
    few = ltens.fit(SIZES[:3], planted(lambda x: 3 / x, SIZES[:3]), model="power_law")
    assert any("With 3 sizes a floor cannot be told" in warning for warning in few.warnings)
    clean = ltens.fit(SIZES, planted(lambda x: 3 / x + 0.02, SIZES))
    assert clean.warnings == ()
    for law in (short, line, few):
        assert all(warning.endswith(".") for warning in law.warnings)
        assert all(f"! {warning}" in law.summary() for warning in law.warnings)
