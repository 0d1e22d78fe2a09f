"""Envelopes of training curves: what they find, and the bias that they and parabolas have."""

import numpy as np
import pytest

import ltens
from ltens.fitting.surface.compute_bias import (
    TRUE,
    BiasExperiment,
    bias_experiments,
    bias_markdown,
    measure_bias,
)
from support.surfaces import CHINCHILLA, chinchilla


def curves(count=16, last=400.0, points=60):
    """Trainings from 0.2 tokens for each parameter on."""
    sizes, passes = np.geomspace(1e7, 1e10, count), np.geomspace(0.2, last, points)
    params, each = (a.ravel() for a in np.meshgrid(sizes, passes, indexing="ij"))
    return {"params": params, "tokens": each * params}, np.repeat(np.arange(count), points)


def test_the_envelope_is_the_lowest_loss_of_any_training():
    sizes, which = curves()
    losses = chinchilla(**sizes)
    found = ltens.fit_envelope(sizes, losses, runs=which)
    assert found.trainings == 16
    own = np.unique(sizes["params"])
    tokens = found.compute / 6 / found.best
    # Interpolated between checkpoints 14 % of tokens apart: a parabola's bend, 0.14^2 / 8 of slope.
    np.testing.assert_allclose(found.loss, chinchilla(found.best, tokens), rtol=2e-3)
    for size in own:
        there = 6 * size * size * np.array([0.2, 400])
        at = (found.compute > there[0] * 1.01) & (found.compute < there[1] / 1.01)
        other = chinchilla(size, found.compute[at] / 6 / size)
        assert (found.loss[at] <= other * 1.002).all()
    assert not found.inside[0]
    assert not found.inside[-1]
    assert set(found.best) == set(own[: len(set(found.best))])


def test_the_exponent_is_the_planted_one_up_to_its_bias():
    sizes, which = curves()
    found = ltens.fit_envelope(sizes, chinchilla(**sizes), runs=which)
    # The fitted surface is the planted one to 1e-9, so that the bias is all there is.
    assert found.exponent - found.bias == pytest.approx(TRUE, abs=1e-6)
    assert abs(found.bias) < 0.01
    low, high = found.interval()
    assert low < found.exponent < high
    text = str(found)
    assert "envelope  params ~ compute^0.50" in text
    assert "budgets have the smallest or largest best" in text


def test_order_and_units_change_nothing():
    sizes, which = curves(points=20)
    losses = chinchilla(**sizes)
    found = ltens.fit_envelope(sizes, losses, runs=which)
    order = np.random.default_rng(0).permutation(len(losses))
    shuffled = {name: column[order] for name, column in sizes.items()}
    other = ltens.fit_envelope(shuffled, 1e-20 * losses[order], runs=which[order])
    assert other.exponent == pytest.approx(found.exponent, abs=1e-9)
    assert other.bias == pytest.approx(found.bias, abs=1e-9)


@pytest.mark.parametrize("experiment", bias_experiments(), ids=str)
def test_the_bias_that_a_fit_says_of_itself_is_the_one_it_has(experiment):
    found = experiment.fit()
    if experiment.unfinished:  # the surface bends with the checkpoints and does not see it
        assert abs(found.bias) < 0.005
        assert found.exponent - TRUE < -0.003
    else:
        assert found.bias == pytest.approx(found.exponent - TRUE, abs=1e-6)


def test_biases_are_measured():
    assert pytest.approx(0.5139, abs=1e-4) == TRUE
    alpha, beta = (CHINCHILLA[f"alpha_{name}"] for name in ("params", "tokens"))
    assert pytest.approx(beta / (alpha + beta)) == TRUE
    row = measure_bias(BiasExperiment("same sizes at every budget"), trials=4)
    assert row.exact == pytest.approx(-0.066, abs=0.001)
    assert abs(row.mean - row.exact) < 4 * row.error + 0.005
    assert row.covered < 0.5
    assert abs(row.surface) < 0.01
    table = bias_markdown([row])
    assert "| 2 | same sizes at every budget | -0.066 |" in table


def test_bad_input():
    sizes, which = curves(points=20)
    losses = chinchilla(**sizes)
    with pytest.raises(ValueError, match="runs is missing, but must name the training of each row"):
        ltens.fit_envelope(sizes, losses)
    with pytest.raises(ValueError, match=r"params changes from .* in training 0, but must be the"):
        ltens.fit_envelope(sizes, losses, runs=which // 2)
    three = {"params": sizes["params"], "tokens": sizes["tokens"], "other": losses}
    with pytest.raises(ValueError, match=r"sizes has 3 variable\(s\), but an envelope needs two"):
        ltens.fit_envelope(three, losses, runs=which)
    few = which < 3
    part = {name: column[few] for name, column in sizes.items()}
    with pytest.raises(ValueError, match="runs has 3 trainings, but an envelope needs 4"):
        ltens.fit_envelope(part, losses[few], runs=which[few])
    falling = losses / sizes["params"] ** 0.5
    with pytest.raises(ValueError, match="too few trainings about the lowest loss"):
        ltens.fit_envelope(sizes, falling, runs=which)
    with pytest.raises(ValueError, match=r"cost is 0\.0, but must be above 0"):
        ltens.fit_envelope(sizes, losses, runs=which, cost=0)
