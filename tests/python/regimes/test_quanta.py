"""The quantisation model against sums, simulation and its published exponents."""

import numpy as np
import pytest

from ltens.regimes import Quanta, data_exponent
from ltens.regimes.theories.quanta import local_slope


@pytest.mark.parametrize(
    ("alpha", "parameters", "data"), [(0.3, 0.298, 0.230), (0.4, 0.397, 0.287), (0.8, 0.795, 0.441)]
)
def test_exponents_of_a_finite_range(alpha, parameters, data):
    model = Quanta(alpha)
    n, D = np.geomspace(1e2, 1e4, 9), np.geomspace(1e4, 1e8, 9)
    # Values measured elsewhere over other ranges: within 1 %.
    assert local_slope(n, model.loss(n)) == pytest.approx(parameters, rel=0.01)
    assert local_slope(D, model.data_loss(D)) == pytest.approx(data, rel=0.01)
    assert model.data_exponent == data_exponent(model.parameters_exponent)
    assert model.steps_exponent == model.data_exponent < model.parameters_exponent


@pytest.mark.parametrize("alpha", [0.5, 1.0, 2.0])
def test_the_loss_is_the_sum(alpha):
    model = Quanta(alpha, known=0.5, unknown=2.5)
    k = np.arange(1, 2_000_001)
    p = model.frequency(k)
    for n in (0, 1, 10, 1000):
        # Beyond the last term an integral, right to a relative order 1 / k = 1e-6 of a small part:
        # 2.5e-10 of the whole.
        tail = model.asymptote(k[-1]) - 0.5
        assert model.loss(n) == pytest.approx(0.5 + 2 * p[n:].sum() + tail, rel=1e-9)
    assert model.loss(0) == pytest.approx(2.5, rel=1e-15)  # everything is unlearned: two roundings
    # Euler-Maclaurin: the first correction is alpha / (2 n).
    assert model.asymptote(1e4) - 0.5 == pytest.approx(
        model.loss(1e4) - 0.5, rel=alpha / 1e4, abs=0
    )


def test_steps_learn_in_order_of_use():
    model = Quanta(0.5)
    t = np.geomspace(1e4, 1e7, 7)
    # The integral's asymptote is exact up to t^(-1/(1+alpha)): 1e-3 here.
    assert local_slope(t, model.step_loss(t)) == pytest.approx(0.5 / 1.5, rel=2e-3)
    assert model.step_loss(0.0) == pytest.approx(1.0, rel=1e-14)  # the pieces add up to everything
    k = np.arange(1, 1_000_001)
    p = model.frequency(k)
    rest = model.loss(1e6)  # hardly learned at 100 steps: p_k t < 1e-7
    expected = float(p @ np.exp(-100 * p)) + rest
    # p t < 1e-7 of the rest, which is 1e-3: 1e-10 of the whole; measured 4e-11.
    assert model.step_loss(100.0) == pytest.approx(expected, rel=1e-9)


def test_drawn_samples_follow_the_expectation():
    model, most = Quanta(0.5), 100_000
    losses = model.simulate_data([1000, 10_000], quanta=most, draws=40)
    p = model.frequency(np.arange(1, most + 1))
    for D, row in zip((1000, 10_000), losses, strict=True):
        # Poisson counts: quantum k is unseen with probability exp(-D p_k), independently.
        unseen = np.exp(-D * p)
        expected = p @ unseen + 1 - p.sum()
        error = np.sqrt((p**2 * unseen * (1 - unseen)).sum() / 40)
        assert abs(row.mean() - expected) < 4 * error
    same = model.simulate_data([10_000], quanta=most, draws=40)
    np.testing.assert_array_equal(same[0], losses[1])


def test_a_threshold_moves_the_law_but_not_its_exponent():
    model, D = Quanta(0.5), np.geomspace(1e5, 1e8, 7)
    once, often = model.data_loss(D), model.data_loss(D, threshold=10)
    assert (often > once).all()
    # n is an integer: a relative error 1/n = 1e-3 at the smallest size, seen over a factor 1000.
    assert local_slope(D, often) == pytest.approx(local_slope(D, once), rel=5e-3)
    # Ten times the threshold is ten times fewer samples: one division rounds.
    np.testing.assert_allclose(often, model.data_loss(D / 10), rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: Quanta(0.0), ValueError, "alpha is 0.0, but must be above 0"),
        (lambda: Quanta("a"), TypeError, "alpha is 'a', but must be a number"),
        (lambda: Quanta(1.0, known=2.0, unknown=1.0), ValueError, "known is 2.0 and unknown 1.0"),
        (lambda: Quanta(1.0).loss(-1), ValueError, "n holds -1.0, but must be at least 0"),
        (lambda: Quanta(1.0).data_loss(9, 0), ValueError, "threshold is 0.0"),
        (lambda: Quanta(1.0).simulate_data([0]), ValueError, r"D\[0\] is 0, .* at least 1"),
        (lambda: Quanta(1.0).simulate_data([9], draws=0), ValueError, "draws is 0"),
        (lambda: data_exponent(-1), ValueError, "alpha_N is -1.0"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda q: q.frequency(0), "k holds 0.0, but must be above 0"),
        (lambda q: q.asymptote([1, 0]), "n holds 0.0, but must be above 0"),
        (lambda q: q.loss(np.nan), "n holds nan, but must be at least 0"),
        (lambda q: q.data_loss(-5), "D holds -5.0, but must be at least 0"),
        (lambda q: q.step_loss(-1), "steps holds -1.0, but must be at least 0"),
    ],
)
def test_arguments_are_checked(call, message):
    with pytest.raises(ValueError, match=message):
        call(Quanta(0.5))
