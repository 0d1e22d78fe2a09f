"""Parabolas at fixed compute: what they find, and the bias that they are shown to have."""

import numpy as np
import pytest

import ltens
from support.surfaces import BUDGETS, CHINCHILLA, budgets, chinchilla, noise

TRUE = CHINCHILLA["alpha_tokens"] / (CHINCHILLA["alpha_params"] + CHINCHILLA["alpha_tokens"])


def test_without_noise_the_error_is_the_bias():
    sizes = budgets(9)
    found = ltens.fit_isoflop(sizes, chinchilla(**sizes))
    np.testing.assert_allclose(found.compute, BUDGETS, rtol=1e-10)
    assert found.inside.all()
    # Exact data: the fitted surface is the planted one to 1e-11.
    assert found.exponent - found.bias == pytest.approx(TRUE, abs=1e-9)


def test_the_bias_is_that_of_runs_off_centre():
    biases = []
    for drift in (TRUE, 0.3, 0.0):  # of the middle of the runs with compute; 0: the same sizes
        spent = np.repeat(np.geomspace(1e18, 1e22, 5), 9)
        params = 8e8 * (spent / 1e20) ** drift * np.tile(np.geomspace(1 / 16, 16, 9), 5)
        sizes = {"params": params, "tokens": spent / 6 / params}
        found = ltens.fit_isoflop(sizes, chinchilla(**sizes))
        assert found.inside.all()
        biases.append(abs(found.bias))
    # Runs that follow the lowest loss: each parabola is off by the same factor.
    assert biases[0] < 1e-9
    assert biases[0] < biases[1] < biases[2]
    assert biases[2] == pytest.approx(0.066, abs=0.002)  # measured; of an allocation of 0.514


def test_with_noise():
    sizes = budgets(15)
    found = ltens.fit_isoflop(sizes, chinchilla(**sizes) * noise(135))
    low, high = found.interval()
    assert low < found.exponent < high
    assert abs(found.exponent - found.bias - TRUE) < 3 * found.standard_error
    text = str(found)
    assert "params ~ compute^0.5" in text
    assert "bias" in text
    assert found.law.allocation == pytest.approx(TRUE, abs=0.03)


def test_a_table_of_runs_goes_in_as_it_is():
    sizes = budgets(9)
    losses = chinchilla(**sizes)
    table = ltens.RunTable(
        sizes["params"], losses, columns={"tokens": sizes["tokens"]}, size="params"
    )
    assert ltens.fit_isoflop(table).exponent == ltens.fit_isoflop(sizes, losses).exponent


def test_lowest_losses_beyond_the_runs_are_said():
    sizes = budgets(9)
    small = sizes["params"] < 0.07 * np.repeat(BUDGETS, 9) ** 0.514 * 0.4
    few = {name: column[small] for name, column in sizes.items()}
    with pytest.raises(ValueError, match=r"0 budget\(s\) of 4 runs or more, but needs at least 3"):
        ltens.fit_isoflop(few, chinchilla(**few))
    sizes = budgets(27)
    small = sizes["params"] < 0.07 * np.repeat(BUDGETS, 27) ** 0.514 * 0.7
    few = {name: column[small] for name, column in sizes.items()}
    found = ltens.fit_isoflop(few, chinchilla(**few))
    assert not found.inside.any()
    assert "9 budget(s) have their lowest loss beyond their runs" in found.summary()


def test_bad_input():
    sizes = budgets(9)
    alone = {"params": sizes["params"]}
    with pytest.raises(ValueError, match=r"sizes has 1 variable\(s\), but IsoFLOP curves need two"):
        ltens.fit_isoflop(alone, chinchilla(**sizes))
    with pytest.raises(ValueError, match=r"cost is 0\.0, but must be above 0"):
        ltens.fit_isoflop(sizes, chinchilla(**sizes), cost=0)
    falling = 3 - 0.1 * np.log(sizes["params"] / 1e7) ** 1.5 * 0.1
    with pytest.raises(ValueError, match="parabolas need a lowest point"):
        ltens.fit_isoflop(sizes, falling)
