"""One-pass SGD: theory, exact averages over samples, and sample by sample, at any learning rate."""

import numpy as np
import pytest

from ltens.randomness import generator
from ltens.solvable import (
    SgdPhase,
    Spectrum,
    expected_one_pass_sgd,
    gradient_flow,
    one_pass_sgd,
    sgd_stability_limit,
    simulate_one_pass_sgd,
    theory,
)
from ltens.solvable.one_pass_simulation import _drawn_features

PHASES = [(1.0, 0.0, "Ia"), (1.0, 0.7, "II"), (0.7, 1.2, "III"), (0.4, 0.3, "Ib")]
RATES = [0.05, 0.1, 0.2, 0.5]
STEPS = np.array([1, 2, 5, 31, 32, 33, 100, 1000])


def phase(alpha, beta, M=120):
    return Spectrum.source_capacity(2 * alpha, 2 * (alpha + beta), M)


def slow_recursion(u, spectrum, steps, *, eta, noise):
    """The whole matrix S = E delta delta^T of the error, by Isserlis' theorem for fourth moments.

    delta <- (1 - eta K xi xi^T) delta + eta sigma eps K xi, teachers' signs averaged.
    """
    K, S = u.T @ u, np.diag(spectrum.v_squared)
    losses = {}
    for step in range(1, max(steps) + 1):
        fourth = 2 * S + (np.trace(S) + noise**2) * np.eye(len(S))
        S = S - eta * (K @ S + S @ K) + eta**2 * K @ fourth @ K
        losses[step] = np.trace(S) / 2
    return [losses[step] for step in steps]


@pytest.mark.parametrize("lr", [*RATES, 1.0])
@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_the_average_over_samples_is_the_matrix_recursion(lr, noise):
    spectrum, steps = phase(0.7, 1.2, M=12), [1, 2, 30, 200]
    found = expected_one_pass_sgd(spectrum, steps, N=5, lr=lr, noise=noise, draws=2, rng=3)
    drawn = _drawn_features(spectrum, 5, 2, generator(3, 5, 2))
    eta = lr / spectrum.eigenvalues.sum()
    for u, losses in zip(drawn, found, strict=True):
        # 200 steps of sums of a dozen terms: 2400 eps = 5e-13, times what the rate amplifies.
        np.testing.assert_allclose(
            losses, slow_recursion(u, spectrum, steps, eta=eta, noise=noise), rtol=1e-10
        )


@pytest.mark.parametrize(("lr", "noise"), [(0.05, 0.5), (0.1, 0.0), (0.2, 0.5), (0.5, 0.0)])
def test_the_average_over_samples_is_that_of_drawn_samples(lr, noise):
    spectrum, steps = phase(0.7, 1.2, M=40), [3, 30, 300]
    options = {"N": 20, "lr": lr, "noise": noise, "draws": 400}
    difference = simulate_one_pass_sgd(spectrum, steps, **options) - expected_one_pass_sgd(
        spectrum, steps, **options
    )
    # The same features: only samples and signs scatter. Four standard errors of 400 draws.
    error = difference.std(axis=0, ddof=1) / 20
    assert (np.abs(difference.mean(axis=0)) < 4 * error).all()


@pytest.mark.parametrize(("alpha", "beta", "name"), PHASES)
@pytest.mark.parametrize("share", [0.05, 0.5, 0.95, 0.999])
def test_endless_features_are_exact_up_to_the_limit_of_stability(alpha, beta, name, share):
    assert SgdPhase.of(alpha, beta).name == name
    spectrum = phase(alpha, beta)
    lr = share * sgd_stability_limit(spectrum)
    s = lr * spectrum.eigenvalues / spectrum.eigenvalues.sum()
    rho, expected = spectrum.v_squared.copy(), {}
    for step in range(1, STEPS[-1] + 1):
        rho = (1 - 2 * s + 2 * s**2) * rho + s**2 * (rho.sum() + 0.3**2)
        expected[step] = rho.sum() / 2
    found = one_pass_sgd(spectrum, STEPS, lr=lr, noise=0.3)
    # The contours err by 1e-10 of the largest loss, or of what the limit's pole amplifies.
    atol = 1e-9 * max(expected.values())
    np.testing.assert_allclose(found, [expected[r] for r in STEPS], rtol=0, atol=atol)


@pytest.mark.parametrize(("alpha", "beta", "name"), PHASES)
@pytest.mark.parametrize("lr", RATES)
def test_finite_features_are_the_limit_of_many(alpha, beta, name, lr):
    spectrum, N, draws = phase(alpha, beta), 100, 32
    steps = [30, 300, 1000]
    exact = expected_one_pass_sgd(spectrum, steps, N=N, lr=lr, draws=draws)
    predicted = one_pass_sgd(spectrum, steps, N=N, lr=lr)
    error = exact.std(axis=0, ddof=1) / np.sqrt(draws)
    # Four standard errors over features, and what finite N costs, of order 1/N: at N = 40 up to
    # 5 % was seen, at N = 160 up to 1 %, so 2/N.
    assert (np.abs(exact.mean(axis=0) - predicted) < 4 * error + 2 / N * predicted).all()


def test_beyond_the_limit_of_stability_the_average_diverges():
    spectrum = phase(1.0, 0.0, M=60)
    limit = sgd_stability_limit(spectrum, 1000)
    ends = [
        expected_one_pass_sgd(spectrum, [10_000], N=1000, lr=share * limit, draws=1)[0, 0]
        for share in (0.8, 1.2)
    ]
    # Six deviations of the first eigenvalue (3 % at N = 1000, from a share of the trace of 0.6).
    assert ends[0] < spectrum.null_loss
    assert ends[1] > 1e6 * spectrum.null_loss


@pytest.mark.parametrize("N", [np.inf, 100, 6, 1])
def test_at_the_limit_of_stability_the_loss_has_its_pole(N):
    spectrum = phase(0.7, 1.2)
    limit = sgd_stability_limit(spectrum, N)
    near = one_pass_sgd(spectrum, [1e12], N=N, lr=limit * (1 - 1e-6), noise=1.0)[0]
    half = one_pass_sgd(spectrum, [1e12], N=N, lr=limit * (1 - 2e-6), noise=1.0)[0]
    if N >= 5:  # 1 / (1 - k) doubles as the distance halves
        assert near / half == pytest.approx(2, rel=1e-3)
    else:  # a single feature: the edge of the spectrum ends stability, and k stays below 1
        assert np.isfinite(near)


def test_sgd_limits():
    spectrum = Spectrum.source_capacity(1.5, 2.0, 300)
    # A millionth of a step loses less than a millionth of the loss.
    assert one_pass_sgd(spectrum, [1e-6])[0] == pytest.approx(spectrum.null_loss, rel=1e-6)
    # At the end the features' limit, raised by SGD noise 1 / (1 - k) that feeds on it.
    ends = [one_pass_sgd(spectrum, [1e12], N=30, lr=0.5, noise=noise)[0] for noise in (0.0, 0.2)]
    limit = theory(spectrum, N=30, T=np.inf).test_loss
    k = 1 - limit / ends[0]
    assert 0.25 < k < 1  # more than the lr/2 of small steps
    # (F + k sigma^2 / 2) / (1 - k); the contours, of 1e-10 of the null loss.
    assert ends[1] == pytest.approx((limit + k * 0.02) / (1 - k), rel=1e-8)


def test_small_steps_are_gradient_flow():
    spectrum, lr = Spectrum.source_capacity(1.5, 2.0, 100), 1e-7
    times = np.array([1.0, 10.0, 100.0])
    steps = times / lr * spectrum.eigenvalues.sum()
    # Steps of 1e-7: discretisation and noise of that order, times a few.
    np.testing.assert_allclose(
        one_pass_sgd(spectrum, steps, N=30, lr=lr), gradient_flow(spectrum, times, N=30), rtol=1e-6
    )


def test_between_integers_the_loss_is_between():
    spectrum = phase(0.7, 1.2)
    for r in (0.5, 7.5, 31.5, 32.5, 1000.5):
        low, mid, high = one_pass_sgd(spectrum, [np.ceil(r), r, np.floor(r) + 1e-9], N=40)
        assert low < mid < high
