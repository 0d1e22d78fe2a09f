"""ltens.regimes, Gaussian features: replica curve, the one closed form, simulation, duality."""

import numpy as np
import pytest
from scipy.optimize import brentq

from ltens.regimes import (
    closed_form,
    duality,
    feature_rows,
    finite_loss,
    finite_size_factor,
    gaussian_features,
    measure_regimes,
    replica,
    simulate,
)
from ltens.regimes.features.exponent_duality import HEADS
from ltens.regimes.features.feature_simulation import drawn_projection, drawn_samples
from ltens.solvable import Spectrum, theory
from ltens.solvable import simulate as simulate_solvable

SPECTRUM = Spectrum.power_law(1.0, 400)
GAUSSIAN = gaussian_features(SPECTRUM)


def replica_by_kappa(lam, n):
    """Bordelon, Canatar & Pehlevan's equations as they are printed, with the 1/2 and the 1/S."""
    kappa = brentq(lambda k: (lam / (k + n * lam)).sum() - 1, 1e-18, lam.sum(), xtol=1e-300)
    gamma = (n * lam**2 / (kappa + n * lam) ** 2).sum()
    return kappa**2 / (1 - gamma) * (lam / (kappa + n * lam) ** 2).sum() / (2 * len(lam))


@pytest.mark.parametrize("alpha", [0.25, 1.0, 1.5])
@pytest.mark.parametrize("n", [3, 40.5, 300])
def test_replica_curve_solves_its_equations(alpha, n):
    spectrum = Spectrum.power_law(alpha, 400)
    # brentq stops at a relative step of 4 eps in kappa, amplified by at most the sums' 400 terms:
    # 4e-13.
    expected = replica_by_kappa(spectrum.eigenvalues, n)
    assert replica(spectrum, n) == pytest.approx(expected, rel=1e-12, abs=0)


def test_replica_curve_is_the_solvable_model_with_one_size_endless():
    n = np.array([5.0, 50.0])
    in_data = theory(SPECTRUM, N=np.inf, T=n).test_loss
    in_features = theory(SPECTRUM, N=n, T=np.inf).test_loss
    # One formula for both: a few eps. The other two have a root of their own, 400 terms to eps.
    np.testing.assert_allclose(replica(SPECTRUM, n), in_data, rtol=1e-14)
    np.testing.assert_allclose(replica(SPECTRUM, n), in_features, rtol=1e-12)  # the duality
    np.testing.assert_allclose(replica(GAUSSIAN, n), in_data, rtol=1e-12)


@pytest.mark.parametrize("alpha", [0.5, 1.0, 2.0])
def test_replica_curve_falls_with_the_exponent_of_the_spectrum(alpha):
    M = 2_000_000
    n = np.array([1000.0, 2000.0]) if alpha < 1 else np.array([200.0, 400.0])
    loss = replica(Spectrum.power_law(alpha, M), n)
    # the sum ends at M: a relative error of about (n/M)^min(alpha, 1), here below 0.04, and 1/n
    assert -np.log2(loss[1] / loss[0]) == pytest.approx(alpha, abs=0.02)
    if alpha >= 1:
        angle = np.pi / (1 + alpha)  # equation (7) of docs/guide/solvable.md
        expected = (angle / np.sin(angle)) ** (1 + alpha) * n**-alpha / (2 * M)
        np.testing.assert_allclose(loss, expected, rtol=0.02)


def test_the_closed_form_is_that_of_the_solvable_model():
    D, P = np.array([5, 20, 21, 22, 100, 390]), np.array([[20], [150]])
    ours = closed_form(SPECTRUM, D=D, P=P)
    theirs = theory(SPECTRUM, N=P, T=D, finite_size=True).test_loss
    # One root of 400 terms, 400 * eps = 1e-13, with the factors in another order.
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)
    assert np.isinf(ours[0, 1:3]).all()


def test_the_closed_form_holds_all_four_regimes():
    far = np.array([1e6, 2e6])
    for fixed, sizes in (("P", "D"), ("D", "P")):
        limit = replica(SPECTRUM, 20)
        # One formula for both: a few eps.
        assert closed_form(SPECTRUM, **{fixed: 20, sizes: np.inf}) == pytest.approx(
            limit, rel=1e-14, abs=0
        )
        excess = closed_form(SPECTRUM, **{fixed: 20, sizes: far}) - limit
        np.testing.assert_allclose(excess * far, 20 * limit, rtol=1e-4)  # 20 / far, and rounding
        n = np.array([10.0, 30.0])
        # As above.
        np.testing.assert_allclose(
            closed_form(SPECTRUM, **{fixed: np.inf, sizes: n}), replica(SPECTRUM, n), rtol=1e-14
        )
    assert closed_form(SPECTRUM, D=500, P=401) == 0  # both span all 400 modes


def test_scale_and_target_of_the_spectrum():
    scaled = Spectrum(3 * SPECTRUM.eigenvalues)
    # The factor 3 rounds all 400 terms anew: 400 * eps = 1e-13.
    assert replica(scaled, 10) == pytest.approx(3 * replica(SPECTRUM, 10), rel=1e-12, abs=0)
    other = Spectrum(SPECTRUM.eigenvalues, SPECTRUM.eigenvalues**2)
    assert replica(other, 10) == replica(SPECTRUM, 10)


def test_finite_size_factor():
    # One division.
    np.testing.assert_allclose(
        finite_size_factor([30, 12, 11, 10], 10), [29 / 19, 11, np.inf, np.inf], rtol=1e-15
    )
    # The same.
    np.testing.assert_allclose(finite_size_factor(10, [30, np.inf]), [29 / 19, 1], rtol=1e-15)


@pytest.mark.parametrize(
    ("function", "error", "message"),
    [
        (lambda: replica([1.0], 3), TypeError, "spectrum is .* but must be a ltens.solvable"),
        (lambda: replica(SPECTRUM, 0), ValueError, "n holds 0.0, but must be above 0"),
        (lambda: closed_form(SPECTRUM, D=-1, P=1), ValueError, "D holds -1.0"),
        (lambda: finite_size_factor([1, 2], [1, 2, 3]), ValueError, "broadcast to one shape"),
        (lambda: gaussian_features(3), TypeError, "spectrum is 3, but must be a Spectrum"),
    ],
)
def test_bad_arguments_of_the_theory(function, error, message):
    with pytest.raises(error, match=message):
        function()


@pytest.mark.parametrize("sizes", [{"D": 8, "P": 20}, {"D": 20, "P": 8}, {"D": 8}, {"P": 8}])
@pytest.mark.parametrize("kind", ["gaussian", "selection"])
def test_simulation_is_the_exact_loss_of_its_own_draws(sizes, kind):
    population = gaussian_features(Spectrum.power_law(1.0, 30))
    run = simulate(population, projection=kind, draws=2, rng=5, **sizes)
    C = np.diag(population.eigenvalues)
    for k in range(2):
        Pi, F = np.eye(30), np.linalg.cholesky(C)
        if "P" in sizes:
            Pi = drawn_projection(population, kind, sizes["P"], 5, k)
        if "D" in sizes:
            F = drawn_samples(population, sizes["D"], 5, k)[0].T
        # Eigenvalues down to 1e-3 of the largest: 1e3 * eps = 2e-13.
        assert run.losses[k] == pytest.approx(finite_loss(C, Pi, F), rel=1e-12, abs=0)


@pytest.mark.parametrize(("D", "P"), [(60, 15), (15, 60), (100, 40), (40, 100)])
def test_simulation_against_the_closed_form(D, P):
    run = simulate(GAUSSIAN, D=D, P=P, draws=40)
    expected = closed_form(GAUSSIAN, D=D, P=P)
    # four standard errors, and 1/n of l(n) by replica (0.03 at n = 15 in the tables)
    assert abs(run.mean - expected) < 4 * run.standard_error + 0.6 / min(D, P) * expected


def test_simulation_against_the_solvable_model():
    theirs = simulate_solvable(SPECTRUM, N=15, T=60, draws=40)
    ours = simulate(GAUSSIAN, P=15, D=60, draws=40)
    error = np.hypot(theirs.standard_error, ours.standard_error)
    assert abs(theirs.test_loss - ours.mean) < 4 * error  # four of the difference


@pytest.mark.parametrize(("fixed", "size"), [("P", "D"), ("D", "P")])
@pytest.mark.parametrize("large", [40, 200])
def test_the_factor_is_exact_draw_by_draw(fixed, size, large):
    """No replica theory in it: excess over each draw's own limit, relative to that limit."""
    limit = simulate(GAUSSIAN, **{fixed: 10}, draws=60).losses
    both = simulate(GAUSSIAN, **{fixed: 10, size: large}, draws=60).losses
    assert (both >= limit).all()
    ratio = both / limit - 1
    expected = finite_size_factor(large, 10) - 1
    assert abs(ratio.mean() - expected) < 4 * ratio.std(ddof=1) / 60**0.5


def test_features_and_samples_have_the_same_law():
    """The losses of single draws, not their means: Kolmogorov-Smirnov over 150 draws each."""
    from scipy.stats import ks_2samp

    in_data = simulate(GAUSSIAN, D=12, draws=150).losses
    in_features = simulate(GAUSSIAN, P=12, draws=150).losses
    assert ks_2samp(in_data, in_features).pvalue > 1e-3  # fails for one seed in a thousand


def test_numbered_draws():
    one = simulate(GAUSSIAN, D=20, P=8, draws=5, threads=1)
    three = simulate(GAUSSIAN, D=20, P=8, draws=3, threads=2)
    np.testing.assert_array_equal(one.losses[:3], three.losses)
    other = simulate(GAUSSIAN, D=20, P=8, draws=3, rng=1)
    assert (other.losses != three.losses).all()
    assert one.entropy == 0
    assert np.isnan(simulate(GAUSSIAN, P=8, draws=1).standard_error)


def test_a_given_projection():
    Pi = np.eye(400)[:8]
    run = simulate(GAUSSIAN, P=8, projection=Pi, draws=2)
    expected = GAUSSIAN.eigenvalues[8:].sum() / 800
    np.testing.assert_allclose(run.losses, expected, rtol=1e-13)  # 392 terms, all above 0


def test_rotated_features_are_the_same_population():
    rng = np.random.default_rng(0)
    F = rng.normal(size=(40, 6)) * [3, 2, 1, 1, 0.5, 0.1]
    R = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    plain, rotated = feature_rows(F), feature_rows(F @ R)
    # eps of the largest eigenvalue, 900 times the smallest: 2e-13.
    np.testing.assert_allclose(plain.eigenvalues, rotated.eigenvalues, rtol=1e-11)
    Pi = rng.normal(size=(3, 6))
    for sizes in ({"P": 3}, {"P": 3, "D": 20}, {"P": 3, "D": 2}):
        one = simulate(plain, projection=Pi, draws=3, **sizes).losses
        two = simulate(rotated, projection=Pi @ R, draws=3, **sizes).losses
        # A condition of 30, squared in the spectrum: 900 * eps = 2e-13.
        np.testing.assert_allclose(one, two, rtol=1e-11)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({}, ValueError, "D and P are both infinite"),
        ({"D": 0}, ValueError, "D is 0, but must be an integer of at least 1"),
        ({"P": 2.5}, TypeError, "P is 2.5, but must be an integer"),
        ({"P": 3, "projection": "magic"}, ValueError, "projection is 'magic', which is not known"),
        ({"P": 401, "projection": "selection"}, ValueError, "P is 401, but must be at most 400"),
        ({"P": 3, "projection": np.eye(3)}, ValueError, r"must have shape \(3, 400\): \(P, S\)"),
        ({"P": 3, "draws": 0}, ValueError, "draws is 0"),
    ],
)
def test_bad_arguments_of_the_simulation(arguments, error, message):
    with pytest.raises(error, match=message):
        simulate(GAUSSIAN, **arguments)


def test_a_population_is_asked_for():
    with pytest.raises(TypeError, match="population is 3, but must be a Population"):
        simulate(3, P=2)


def test_the_four_curves():
    curves = measure_regimes(
        GAUSSIAN, sizes=[8, 16, 32], fixed=8, large_sizes=[24, 48, 96, 192], draws=24
    )
    for curve in (curves.variance_data, curves.variance_features):
        law = curve.law(against="distances")
        assert law.p_value(1.0) > 1e-3  # fails for one seed in a thousand
        ratio, error = curve.coefficients
        assert (np.abs(ratio - 1) < 4 * error).all()
        # the raw slope is steeper, by the peak at D = P: that of the theory on the same sizes
        slope = -np.polyfit(np.log(curve.sizes), np.log(curve.theory), 1)[0]
        assert slope > 1.1
        assert curve.law().exponent == pytest.approx(slope, abs=0.1)  # four times the spread
        assert curve.unit[0] == pytest.approx(curve.unit[1], rel=0.3)  # 1/n at n = 8, 24 draws
    for curve in (curves.resolution_data, curves.resolution_features):
        assert (
            np.abs(curve.mean / curve.theory - 1) < 4 * curve.standard_error / curve.theory + 0.08
        ).all()
        with pytest.raises(ValueError, match="only a variance-limited one has a coefficient"):
            curve.coefficients  # noqa: B018


def test_bad_sizes_of_the_four_curves():
    with pytest.raises(ValueError, match="large_sizes holds 9, but every one must be above"):
        measure_regimes(GAUSSIAN, sizes=[4], fixed=8, large_sizes=[9, 20])


def compare_with_table(alpha, S, sizes, draws):
    """alpha_D, alpha_P within their own 99.9 % intervals of the replica curve's exponent."""
    found = duality(
        gaussian_features(Spectrum.power_law(alpha, S)), sizes, ranks=(8, 64), draws=draws
    )
    for law in (found.data, found.features):
        low, high = law.interval(0.999)
        # 0.04: the 1/n of the replica curve between the smallest and the largest size
        assert low - 0.04 < found.theory_exponent < high + 0.04
    ratio, error = found.ratio
    assert abs(ratio.mean() - 1) < 4 * np.sqrt((error**2).mean() / len(error)) + 0.01
    return found


def test_duality_of_gaussian_features():
    found = compare_with_table(1.0, 1000, [8, 16, 32, 64], 12)
    # A line through exact powers: sums of a few logarithms of order 10.
    assert found.kernel.exponent == pytest.approx(1.0, rel=1e-13)
    assert len(found.cells("x")) == len(HEADS)


# alpha_K; alpha_P, alpha_D, replica exponent measured independently over 8 ... 256, S = 6000
TABLE = [
    (0.25, 0.322, 0.320, 0.321),
    (0.50, 0.518, 0.522, 0.520),
    (1.00, 0.991, 0.991, 0.978),
    (1.50, 1.451, 1.501, 1.463),
]


@pytest.mark.parametrize(("alpha", "replica_exponent"), [(row[0], row[3]) for row in TABLE])
def test_replica_exponents_of_the_table(alpha, replica_exponent):
    n = 2.0 ** np.arange(3, 9)
    slope = -np.polyfit(np.log(n), np.log(replica(Spectrum.power_law(alpha, 6000), n)), 1)[0]
    assert slope == pytest.approx(replica_exponent, abs=6e-4)  # printed with three decimals


@pytest.mark.slow
@pytest.mark.parametrize(("alpha", "features", "data", "_replica"), TABLE)
def test_simulated_exponents_of_the_table(alpha, features, data, _replica):
    found = compare_with_table(alpha, 6000, [8, 16, 32, 64, 128, 256], 10)
    # its few draws scatter by about 0.03
    assert found.features.exponent == pytest.approx(features, abs=0.06)
    assert found.data.exponent == pytest.approx(data, abs=0.06)
