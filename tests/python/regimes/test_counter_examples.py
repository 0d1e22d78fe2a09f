"""The counter-examples: formulas against exact sums, expansions and gradient descent."""

import numpy as np
import pytest
from scipy.special import gamma
from scipy.stats import binom

from ltens.regimes import NonConvexSamples, UnboundedDerivative

EXAMPLE = NonConvexSamples(0.7)


def test_gradient_flow_is_the_binomial_sum():
    D, T = 20, 0.8
    n = np.arange(D + 1)
    flow = np.exp(-2 * T * (2 * n / D - 1))
    expected = 0.2 * (binom.pmf(n, D, 0.7) @ flow)
    # A sum of at most D + 1 positive terms in another order.
    assert EXAMPLE.loss(D, T) == pytest.approx(expected, rel=1e-12)
    assert NonConvexSamples(0.7, start=3.0).loss(D, T) == pytest.approx(9 * expected, rel=1e-12)


@pytest.mark.parametrize(("a", "T"), [(0.7, 1.0), (0.6, 0.5), (0.9, 2.0)])
def test_expansion_at_fixed_time(a, T):
    example = NonConvexSamples(a)
    D = 1e6
    found = D * (example.loss(D, T) / example.limit(T) - 1)
    # the next order is coefficient^2 / D, about 1e-4; rounding is D eps = 1e-10
    assert found == pytest.approx(example.coefficient(T), rel=1e-4)
    # coefficient / D = 3e-12
    assert example.limit(T) == pytest.approx(example.loss(1e12, T), rel=1e-11, abs=0)


def test_the_ratio_at_a_thousand_samples():
    assert EXAMPLE.coefficient(1.0) == pytest.approx(1.680, rel=1e-15)  # 2 * 4 * 0.21, exactly
    # The printed digits: half of the last.
    assert 1000 * (EXAMPLE.loss(1000, 1.0) / EXAMPLE.limit(1.0) - 1) == pytest.approx(
        1.682, abs=5e-4
    )


@pytest.mark.parametrize("D", [5, 50])
def test_descent_averages_to_its_own_exact_loss(D):
    run = EXAMPLE.descend(D, 1.0, lr=0.05, draws=20_000)
    assert abs(run.mean - EXAMPLE.discrete_loss(D, 1.0, lr=0.05)) < 4 * run.standard_error


def test_descent_goes_to_the_flow_with_first_order_in_the_learning_rate():
    flow = EXAMPLE.loss(30, 1.0)
    errors = [abs(EXAMPLE.discrete_loss(30, 1.0, lr=lr) - flow) for lr in (0.02, 0.01, 0.005)]
    order = np.log2(np.array(errors[:-1]) / errors[1:])
    np.testing.assert_allclose(order, 1.0, atol=0.03)  # second order: lr itself


def test_times_that_grow_with_data():
    """T = beta D: exponential, and diverging beyond log(a/(1-a))/2, not only beyond |log(1-a)|/2.

    Training for much longer than D: e^(2T) (a - 1/2) (1 - a)^D, which has no limit in T.
    """
    threshold = EXAMPLE.largest_beta
    # A logarithm and a few operations: some eps.
    assert threshold == pytest.approx(0.5 * np.log(0.7 / 0.3), rel=1e-15)
    # A difference of two numbers of order 1: some eps.
    assert EXAMPLE.rate(threshold) == pytest.approx(0, abs=1e-15)
    assert EXAMPLE.rate(threshold - 0.01) < 0 < EXAMPLE.rate(threshold + 0.01)
    weaker = 0.5 * abs(np.log(1 - 0.7))
    assert weaker > threshold
    assert EXAMPLE.rate(0.5 * (weaker + threshold)) > 0
    logs = EXAMPLE.log_loss([100.0, 200.0], 0.5 * np.array([100.0, 200.0]))
    # Logarithms of order 10, a rate of 0.07 from their difference of 7: some eps.
    assert np.diff(logs)[0] / 100 == pytest.approx(EXAMPLE.rate(0.5), rel=1e-13)
    D, T = 10, 200.0
    late = 2 * T + np.log(0.2) + D * np.log(0.3)
    # Other terms are e^(-4T / D) = e^-80 or less of the last.
    assert EXAMPLE.log_loss(D, T) == pytest.approx(late, rel=1e-14)


def test_growing_times_in_descent():
    """At beta = 0.5 more data makes it worse: seen in the descent itself, by exact averages."""
    losses = [EXAMPLE.discrete_loss(D, 0.5 * D, lr=0.01) for D in (10, 20, 40)]
    assert (np.diff(losses) > 0).all()
    losses = [EXAMPLE.discrete_loss(D, 0.3 * D, lr=0.01) for D in (10, 20, 40)]
    assert (np.diff(losses) < 0).all()


@pytest.mark.parametrize("a", [0.5, 1.0, 1.5])
def test_cusp_asymptote(a):
    example = UnboundedDerivative(a)
    D = 4096
    expected = gamma(a + 0.5) / (2 ** (1 + a) * np.sqrt(np.pi)) * D**-a
    # A few elementary functions in float64, no cancellation.
    assert example.asymptote(D) == pytest.approx(expected, rel=1e-14, abs=0)
    # Stirling: the relative error of the Gaussian moment of order 2a is below 1/D
    assert example.loss(D) == pytest.approx(expected, rel=1 / D, abs=0)
    # measured independently: ratio 0.9975-1.0000
    assert 0.995 < example.loss(256) / example.asymptote(256) <= 1.0000001


@pytest.mark.parametrize("a", [0.5, 1.0, 1.5])
def test_cusp_descent(a):
    example = UnboundedDerivative(a)
    for D in (7, 64):  # odd, and even: theta may meet the cusp
        run = example.descend(D, draws=20_000)
        assert abs(run.mean - example.loss(D)) < 4 * run.standard_error
        assert np.isfinite(run.losses).all()


def test_two_steps_end_where_the_formula_says():
    run = UnboundedDerivative(0.7).descend(8, draws=500)
    grid = 0.5 * np.abs(np.arange(9) / 8 - 0.5) ** 1.4
    assert np.abs(run.losses[:, None] - grid).min(axis=1).max() < 1e-15


def test_draws_are_numbered():
    one, same = (EXAMPLE.descend(10, 1.0, lr=0.1, draws=5, rng=3) for _ in range(2))
    np.testing.assert_array_equal(one.losses, same.losses)
    assert one.entropy == 3


@pytest.mark.parametrize(
    ("function", "error", "message"),
    [
        (lambda: NonConvexSamples(0.5), ValueError, "a is 0.5, but must be above 1/2 and below 1"),
        (lambda: NonConvexSamples("x"), TypeError, "a is 'x', but must be a number"),
        (lambda: NonConvexSamples(0.7, np.nan), ValueError, "start is nan"),
        (lambda: UnboundedDerivative(0), ValueError, "a is 0.0, but must be above 0"),
        (lambda: EXAMPLE.descend(0, 1.0), ValueError, "D is 0"),
        (lambda: EXAMPLE.descend(5, -1.0), ValueError, "time is -1.0, but must be above 0"),
        (lambda: EXAMPLE.descend(5, 0.1, lr=1.0), ValueError, "lr is 1.0, but must be at most"),
        (lambda: EXAMPLE.rate(0), ValueError, "beta is 0.0, but must be above 0"),
        (lambda: UnboundedDerivative(1).descend(5, draws=0), ValueError, "draws is 0"),
    ],
)
def test_bad_arguments(function, error, message):
    with pytest.raises(error, match=message):
        function()
