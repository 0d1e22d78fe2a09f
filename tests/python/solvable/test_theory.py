"""ltens.solvable.theory: the verification table, identities, limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ltens.solvable import Asymptotics, Spectrum, theory
from support.solvable_table import (
    ANISOTROPIC,
    AROUND_M,
    RIDGE,
    RIDGELESS,
    THIRD_PARTY,
    TRAIN,
)

DIGITS = 5.1e-5  # five digits: half of the last is at most 5e-5 of the number
MODES = 60


def optimum(alpha, N, T, M=1500):
    return Asymptotics(alpha, M).optimal_ridge(N, T)


@pytest.mark.parametrize(("alpha", "N", "T", "plain", "corrected"), RIDGELESS)
def test_ridgeless_rows(alpha, N, T, plain, corrected):
    spectrum = Spectrum.power_law(alpha, 1500)
    assert theory(spectrum, N=N, T=T).test_loss == pytest.approx(plain, rel=DIGITS)
    found = theory(spectrum, N=N, T=T, finite_size=True)
    assert found.test_loss == pytest.approx(corrected, rel=DIGITS)


@pytest.mark.parametrize("row", RIDGE)
def test_rows_with_ridge_and_noise(row):
    alpha, N, T, share, variance, expected = row
    ridge = share * optimum(alpha, N, T)
    found = theory(Spectrum.power_law(alpha, 1500), N=N, T=T, ridge=ridge, noise=variance**0.5)
    assert found.test_loss == pytest.approx(expected, rel=DIGITS)


@pytest.mark.parametrize(("N", "T", "ridge", "variance", "expected"), AROUND_M)
def test_rows_around_the_latent_dimension(N, T, ridge, variance, expected):
    found = theory(Spectrum.power_law(1.0, 300), N=N, T=T, ridge=ridge, noise=variance**0.5)
    assert found.test_loss == pytest.approx(expected, rel=DIGITS)


@pytest.mark.parametrize("row", TRAIN)
def test_train_loss_rows(row):
    N, T, share, variance, train, z = row
    ridge = share * optimum(1.0, N, T)
    found = theory(Spectrum.power_law(1.0, 1500), N=N, T=T, ridge=ridge, noise=variance**0.5)
    assert found.train_loss == pytest.approx(train, rel=DIGITS)
    assert found.z == pytest.approx(z, rel=DIGITS)


@pytest.mark.parametrize(("source", "N", "T", "ridge", "expected"), ANISOTROPIC)
def test_anisotropic_rows(source, N, T, ridge, expected):
    spectrum = Spectrum.source_capacity(1.5, source, 1500)
    found = theory(spectrum, N=N, T=T, ridge=ridge / 1500)
    assert found.test_loss == pytest.approx(expected, rel=DIGITS)


@pytest.mark.parametrize(("T", "expected"), THIRD_PARTY)
def test_third_party_numbers(T, expected):
    # There u and w have the standard deviation 1/M, so the variance 1/M of here divided by M: the
    # ridge counts M-fold and the loss 1/M; theirs is the sum over C = 400 outputs without the 1/2.
    M, outputs = 6000, 400
    found = theory(Spectrum.power_law(1.0, M), N=400, T=T, ridge=M * 1e-7)
    # four digits given: half of the last of 1.336
    assert 2 * outputs / M * found.test_loss == pytest.approx(expected, rel=3.8e-4)


def spectra():
    alphas, seeds = st.floats(0.1, 3.0), st.integers(0, 10**6)
    return st.builds(_random_spectrum, alphas, seeds, st.booleans())


def _random_spectrum(alpha, seed, anisotropic):
    rng = np.random.default_rng(seed)
    lam = np.arange(1, MODES + 1.0) ** -(1 + alpha) * rng.uniform(0.5, 2, MODES)
    return Spectrum(lam, lam * rng.uniform(0, 2, MODES) if anisotropic else None)


SIZES = st.integers(1, 200)
RIDGES = st.sampled_from([0.0]) | st.floats(1e-12, 1e3)
NOISES = st.sampled_from([0.0]) | st.floats(1e-4, 10.0)


@settings(max_examples=60, deadline=None)
@given(spectra(), SIZES, SIZES, RIDGES)
def test_the_fixed_point_equation(spectrum, N, T, ridge):
    found = theory(spectrum, N=N, T=T, ridge=ridge)
    if found.delta == 0:
        assert ridge == 0
        assert min(N, T) >= MODES
        return
    lam = spectrum.eigenvalues
    z = (lam / (lam + found.delta)).sum()
    assert found.z == pytest.approx(z, rel=1e-13)  # M summands, each rounded once or twice
    left, right = found.delta * (N - z) * (T - z), ridge * MODES
    # N - z loses digits: its rounding error is eps * N, times the other two factors.
    error = 1e-14 * found.delta * (N * abs(T - z) + T * abs(N - z))
    # Delta is known to 1e-12, what (N - z)(T - z) makes of that is its derivative by log Delta.
    slope = found.delta * (found.z - found.q) * (N + T - 2 * z) + right
    assert abs(left - right) <= error + 1e-12 * abs(slope) + 1e-24 * N * T


@settings(max_examples=60, deadline=None)
@given(spectra(), SIZES, SIZES, RIDGES)
def test_signal_is_symmetric_in_features_and_samples(spectrum, N, T, ridge):
    isotropic = Spectrum(spectrum.eigenvalues)
    one = theory(isotropic, N=N, T=T, ridge=ridge).test_loss
    other = theory(isotropic, N=T, T=N, ridge=ridge).test_loss
    # The root is found to 1e-12, whichever of the sizes is called N.
    assert one == pytest.approx(other, rel=1e-11)


@settings(max_examples=60, deadline=None)
@given(spectra(), SIZES, SIZES, RIDGES, NOISES)
def test_train_and_test_loss(spectrum, N, T, ridge, noise):
    found = theory(spectrum, N=N, T=T, ridge=ridge, noise=noise)
    if not np.isfinite(found.test_loss):
        assert ridge == 0
        return
    noisy = found.test_loss + 0.5 * noise**2
    expected = (1 - found.z / T) ** 2 * noisy
    # 1 - z/T is rounded where z is close to T; the theory itself does not form it that way.
    assert found.train_loss == pytest.approx(expected, rel=1e-7, abs=1e-12 * noisy)


@settings(max_examples=60, deadline=None)
@given(spectra(), SIZES, SIZES, RIDGES, NOISES)
def test_parts_are_positive_and_sum_up(spectrum, N, T, ridge, noise):
    found = theory(spectrum, N=N, T=T, ridge=ridge, noise=noise)
    if not np.isfinite(found.test_loss):
        return
    parts = [found.bias, found.variance_data, found.variance_features, found.variance_both]
    assert min(parts) >= 0
    assert found.noise_loss >= 0
    total = sum(parts) + found.noise_loss
    # Parts that cancel where N is close to T.
    assert total == pytest.approx(found.test_loss, rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(spectra(), SIZES, SIZES, RIDGES, st.floats(1e-6, 1e6))
def test_units_of_the_eigenvalues(spectrum, N, T, ridge, unit):
    scaled = Spectrum(unit * spectrum.eigenvalues, unit * spectrum.v_squared)
    one = theory(spectrum, N=N, T=T, ridge=ridge)
    other = theory(scaled, N=N, T=T, ridge=unit * ridge)
    # eigenvalues of another unit round differently: 1e-16 each, amplified where N is close to T
    assert other.test_loss == pytest.approx(unit * one.test_loss, rel=1e-9, abs=1e-300)
    assert other.delta == pytest.approx(unit * one.delta, rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(spectra(), st.integers(1, MODES - 1), SIZES)
def test_small_ridge_learns_all_it_can(spectrum, N, T):
    n = min(N, T)
    if n >= MODES or N == T:
        return
    found = theory(spectrum, N=N, T=T, ridge=1e-25)
    assert found.z == pytest.approx(n, rel=1e-6)  # the ridge is 1e-25, eigenvalues above 1e-8
    without = theory(spectrum, N=N, T=T)
    # An excess z - n of 1e-6 (above) times n / |N - T|, at most 10 or so.
    assert found.test_loss == pytest.approx(without.test_loss, rel=1e-5)


def test_loss_is_the_derivative_it_should_be():
    # L/C = -(1/2M) N T Delta^2 dz/dgamma~ for the isotropic target (digest, eq. 3).
    spectrum = Spectrum.power_law(1.0, 400)
    ridge, h = 1e-3, 1e-6
    z = theory(spectrum, N=70, T=110, ridge=ridge * np.array([1 - h, 1 + h])).z
    found = theory(spectrum, N=70, T=110, ridge=ridge)
    slope = (z[1] - z[0]) / (2 * h * ridge * 400)
    expected = -(70 * 110) * found.delta**2 * slope / (2 * 400)
    # central differences: h^2 of truncation and 1e-13 / h of rounding; measured 7e-10
    assert found.test_loss == pytest.approx(expected, rel=1e-7, abs=0)


def test_ridgeless_formula():
    spectrum = Spectrum.power_law(0.7, 500)
    for N, T in ((30, 90), (90, 30)):
        found = theory(spectrum, N=N, T=T)
        lam = spectrum.eigenvalues
        # 500 terms in float64: 500 * eps = 1e-13, and as much from Delta.
        assert (lam / (lam + found.delta)).sum() == pytest.approx(30, rel=1e-12)
        expected = found.delta * N * T / abs(N - T) / 1000  # (6) of docs/guide/solvable.md
        assert found.test_loss == pytest.approx(expected, rel=1e-12, abs=0)


def test_noise_without_ridge():
    spectrum = Spectrum.power_law(1.0, 300)
    few = theory(spectrum, N=40, T=100, noise=2.0)
    # z = N to 1e-13, as in the ridgeless formula; T - N is no small difference.
    assert few.noise_loss == pytest.approx(2 * 40 / 60, rel=1e-12)
    many = theory(spectrum, N=100, T=40, noise=2.0)
    q = many.q
    expected = 2 * (1600 + q * (100 - 80)) / ((40 - q) * 60)
    # q is a sum of 300 terms, 300 * eps = 7e-14, and 40 - q no small difference.
    assert many.noise_loss == pytest.approx(expected, rel=1e-12)
    floor = theory(spectrum, N=[400, 4000], T=900, noise=2.0)
    # A handful of roundings: no root is sought beyond the latent dimension.
    np.testing.assert_allclose(floor.test_loss, 2 * 300 / 600, rtol=1e-14)


@pytest.mark.parametrize("corrected", [False, True])
def test_peaks_are_infinite(corrected):
    spectrum = Spectrum.power_law(1.0, 50)
    assert theory(spectrum, N=20, T=20, finite_size=corrected).test_loss == np.inf
    assert theory(spectrum, N=60, T=50, noise=1.0, finite_size=corrected).test_loss == np.inf
    assert theory(spectrum, N=20, T=20).train_loss == 0
    assert theory(spectrum, N=20, T=21, finite_size=True).test_loss == np.inf  # 1/(21-20-1)


def test_beyond_the_latent_dimension_without_noise_nothing_is_left():
    spectrum = Spectrum.power_law(1.0, 50)
    found = theory(spectrum, N=[50, 60, 60], T=[70, 70, 50])
    np.testing.assert_array_equal(found.test_loss, 0)
    np.testing.assert_array_equal(found.z, 50)


def test_infinite_sizes():
    spectrum = Spectrum.power_law(1.0, 300)
    far = theory(spectrum, N=40, T=1e12)
    endless = theory(spectrum, N=40, T=np.inf)
    assert endless.test_loss == pytest.approx(far.test_loss, rel=1e-10, abs=0)  # N/T = 4e-11
    assert theory(spectrum, N=np.inf, T=np.inf).test_loss == 0
    assert theory(spectrum, N=np.inf, T=20, noise=1.0).noise_loss > 0
    assert np.isfinite(theory(spectrum, N=40, T=np.inf, ridge=1e-3, finite_size=True).test_loss)


def test_strong_ridge_forgets_everything():
    spectrum = Spectrum.power_law(1.0, 300)
    found = theory(spectrum, N=40, T=60, ridge=1e12)
    # What is learned is N T lambda / (M ridge), below 60 * 40 / 300 / 1e12 = 1e-11, to both sides.
    assert found.test_loss == pytest.approx(spectrum.null_loss, rel=1e-10, abs=0)
    assert found.train_loss == pytest.approx(spectrum.null_loss, rel=1e-10, abs=0)


def test_broadcasting():
    spectrum = Spectrum.power_law(1.0, 100)
    grid = theory(spectrum, N=[10, 20], T=[[30], [40], [50]], ridge=1e-3, noise=0.1)
    assert grid.test_loss.shape == (3, 2)
    one = theory(spectrum, N=20, T=50, ridge=1e-3, noise=0.1)
    for name in ("test_loss", "train_loss", "delta", "z", "q", "bias", "noise_loss"):
        assert getattr(grid, name)[2, 1] == getattr(one, name)  # to the bit: no company matters
    assert isinstance(one.test_loss, float)


def test_zero_eigenvalues_count_in_the_dimension_only():
    lam = np.arange(1, 21.0) ** -2
    with_zeros = Spectrum(np.append(lam, np.zeros(20)), np.append(lam, np.zeros(20)))
    plain = Spectrum(lam, lam)
    one = theory(with_zeros, N=10, T=15, ridge=1e-3)
    other = theory(plain, N=10, T=15, ridge=2e-3)
    # Two roots, each to 1e-13, of one equation in other units.
    assert one.test_loss == pytest.approx(other.test_loss, rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"N": 0, "T": 5}, ValueError, r"N holds 0.0, but must be above 0 \(infinity is allowed\)"),
        ({"N": 5, "T": [3, np.nan]}, ValueError, "T holds nan, but must be above 0"),
        ({"N": "5", "T": 3}, TypeError, "N is '5', but must be a number above 0"),
        ({"N": 5, "T": 3, "ridge": -1}, ValueError, "ridge holds -1.0, but must be at least 0"),
        ({"N": 5, "T": 3, "ridge": np.inf}, ValueError, "ridge holds inf, but must be at least 0"),
        ({"N": 5, "T": 3, "noise": -0.5}, ValueError, "noise holds -0.5, but must be at least 0"),
        (
            {"N": [1, 2], "T": [1, 2, 3]},
            ValueError,
            r"N has shape \(2,\), T has shape \(3,\), but they must broadcast to one shape",
        ),
    ],
)
def test_bad_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        theory(Spectrum.power_law(1.0, 10), **arguments)


def test_not_a_spectrum():
    with pytest.raises(TypeError, match=r"spectrum is \[1.0\], but must be a Spectrum"):
        theory([1.0], N=3, T=3)
