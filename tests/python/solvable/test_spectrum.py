"""ltens.solvable.Spectrum."""

import numpy as np
import pytest

from ltens.solvable import Spectrum


def test_power_law():
    spectrum = Spectrum.power_law(0.5, M=4, largest=2.0)
    # Four eps, 9e-16: one power and one product on either side.
    np.testing.assert_allclose(spectrum.eigenvalues, 2 * np.arange(1, 5.0) ** -1.5, rtol=1e-15)
    np.testing.assert_array_equal(spectrum.v_squared, spectrum.eigenvalues / 4)
    assert (spectrum.M, spectrum.rank) == (4, 4)
    # A sum of 4 terms, divided by 2 M.
    assert spectrum.null_loss == pytest.approx(spectrum.eigenvalues.sum() / 8, rel=1e-15)


def test_target_is_sorted_with_the_eigenvalues():
    spectrum = Spectrum([1.0, 3.0, 2.0], target=[10.0, 30.0, 20.0])
    np.testing.assert_array_equal(spectrum.target, [30, 20, 10])
    with pytest.raises(ValueError, match="read-only"):
        spectrum.eigenvalues[0] = 5
    with pytest.raises(ValueError, match="read-only"):
        spectrum.target[0] = 5


def test_from_data_recovers_spectrum_and_target():
    rng = np.random.default_rng(0)
    lam = np.array([4.0, 1.0, 0.25])
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    x = rng.normal(size=(200_000, 3)) * np.sqrt(lam)
    w = np.array([[0.5, 1.0, 2.0], [1.0, 0.0, 0.0]])
    y = x @ w.T + 0.1 * rng.normal(size=(200_000, 2))
    spectrum = Spectrum.from_data(x @ turn.T + 7.0, y)
    # A variance from n samples errs by sqrt(2/n) = 0.3 %: five of them; the target's squares err by
    # twice as much, from the noise and the other directions.
    np.testing.assert_allclose(spectrum.eigenvalues, lam, rtol=0.016)
    np.testing.assert_allclose(spectrum.target, lam * (w**2).mean(axis=0), rtol=0.03)


def test_from_data_with_few_samples_has_their_rank():
    X = np.random.default_rng(0).normal(size=(5, 12))
    spectrum = Spectrum.from_data(X, X[:, 0])
    assert (spectrum.M, spectrum.rank) == (12, 4)  # the mean takes one
    total = spectrum.v_squared.sum()
    # All of y lies in the span of the 4; an SVD of condition below 10: some dozen eps.
    assert total == pytest.approx(X[:, 0].var(), rel=1e-13)


def test_equality_and_repr():
    one = Spectrum.power_law(1.0, 10)
    assert one == Spectrum(np.arange(1, 11.0) ** -2)
    assert one != Spectrum.power_law(1.0, 11)
    assert one != 3
    assert repr(one) == "<Spectrum M=10, eigenvalues 1 ... 0.01, target isotropic>"


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Spectrum([]), ValueError, "eigenvalues holds none above 0"),
        (lambda: Spectrum([0.0]), ValueError, "eigenvalues holds none above 0"),
        (lambda: Spectrum([1.0, -2.0]), ValueError, "eigenvalues holds -2.0, but every one must"),
        (lambda: Spectrum([[1.0]]), ValueError, r"eigenvalues has shape \(1, 1\)"),
        (lambda: Spectrum([1.0, np.nan]), ValueError, r"eigenvalues\[1\] is nan"),
        (lambda: Spectrum(["a"]), TypeError, "eigenvalues has dtype"),
        (lambda: Spectrum([1.0], [1.0, 2.0]), ValueError, r"target has shape \(2,\), but must"),
        (lambda: Spectrum([1.0], [-1.0]), ValueError, "target holds -1.0, but every one must"),
        (lambda: Spectrum([1.0, 0.0], [1.0, 1.0]), ValueError, "target is above 0 where the"),
        (lambda: Spectrum.power_law(0.0, 5), ValueError, "alpha is 0.0, but must be above 0"),
        (lambda: Spectrum.power_law(1.0, 0), ValueError, "M is 0, but must be an integer of at"),
        (lambda: Spectrum.power_law(1.0, 2.5), TypeError, "M is 2.5, but must be an integer"),
        (lambda: Spectrum.power_law(1.0, 5, largest=0), ValueError, "largest is 0.0, but must be"),
        (lambda: Spectrum.source_capacity(0, 1, 5), ValueError, "capacity is 0.0, but must be"),
        (lambda: Spectrum.from_data([[1.0, 2.0]]), ValueError, r"X has 1 sample\(s\), but must"),
        (
            lambda: Spectrum.from_data(np.ones((3, 2)), [1.0, 2.0]),
            ValueError,
            "y has 2 samples, but must have 3 as X has",
        ),
    ],
)
def test_bad_arguments(make, error, message):
    with pytest.raises(error, match=message):
        make()
