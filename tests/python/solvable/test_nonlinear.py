"""Nonlinear features: exact covariances, the extended spectrum, linear and nonlinear students."""

import numpy as np
import pytest

import ltens
from ltens.solvable import Neurons, Spectrum, theory
from ltens.solvable.feature_maps import _by_hermite_series, covariance, with_input

RNG = np.random.default_rng(0)
WEIGHTS = RNG.normal(size=(5, 4)) / 2
DEVIATIONS = np.linalg.norm(WEIGHTS, axis=1)
CROSS = WEIGHTS @ WEIGHTS.T


@pytest.mark.parametrize(
    ("name", "function"),
    [("relu", lambda x: np.maximum(x, 0)), ("tanh", np.tanh), ("linear", lambda x: x)],
)
def test_covariances_against_sampling(name, function):
    x = np.random.default_rng(1).standard_normal((4, 400_000))
    neurons = function(WEIGHTS @ x)
    # 400,000 samples: 1/sqrt(n) = 0.0016 of variances of about 0.5, five of them
    np.testing.assert_allclose(
        covariance(name, DEVIATIONS, DEVIATIONS, CROSS), np.cov(neurons), rtol=0, atol=0.008
    )
    expected = (neurons - neurons.mean(axis=1, keepdims=True)) @ x.T / x.shape[1]
    np.testing.assert_allclose(
        with_input(name, DEVIATIONS)[:, None] * WEIGHTS, expected, rtol=0, atol=0.008
    )


def test_the_series_agrees_with_the_closed_forms():
    from scipy.special import erf

    series = _by_hermite_series(erf, DEVIATIONS, DEVIATIONS, CROSS)
    closed = covariance("erf", DEVIATIONS, DEVIATIONS, CROSS)
    # The series converges geometrically, to rounding; measured 4e-14 of values below 0.6.
    np.testing.assert_allclose(series, closed, rtol=0, atol=1e-12)
    relu = _by_hermite_series(lambda x: np.maximum(x, 0), DEVIATIONS, DEVIATIONS, CROSS)
    closed = covariance("relu", DEVIATIONS, DEVIATIONS, CROSS)
    # What is cut off of ReLU's series falls as p^(-3/2); measured 5e-6.
    np.testing.assert_allclose(relu, closed, rtol=0, atol=1e-4)


def slope(values, low, high):
    i = np.arange(low, high + 1)
    return ltens.fit(i, values[low - 1 : high], bootstrap=0, model="power_law").exponent


# Digest, "spectrum extension", 50 inputs, 1500 neurons; slopes of one draw of the weights each, so
# 0.05 apart for ReLU; the gain of tanh(2x) is not stated there beyond its 2: 0.06.
EXTENSIONS = [
    (0.5, "relu", 1.0, (1.29, 1.81, 1.75)),
    (1.0, "relu", 1.0, (1.63, 1.90, 1.84)),
    (0.5, "tanh", 2.0, (1.40, 1.14, 0.91)),
    (1.0, "tanh", 2.0, (1.63, 1.48, 1.27)),
]


def test_relu_extends_the_spectrum():
    check_extension(*EXTENSIONS[0])


@pytest.mark.slow
@pytest.mark.parametrize(("alpha", "map_", "gain", "expected"), EXTENSIONS)
def test_every_nonlinear_map_extends_the_spectrum(alpha, map_, gain, expected):
    check_extension(alpha, map_, gain, expected)


def check_extension(alpha, map_, gain, expected):
    neurons = Neurons(Spectrum.power_law(alpha, 50), 1500, map=map_, gain=gain)
    values = neurons.spectrum().eigenvalues
    assert (values > 1e-10 * values[0]).all()
    found = [slope(values, low, high) for low, high in ((5, 40), (60, 300), (100, 600))]
    # Another draw of the neurons, and two digits printed; measured 0.014: four times that.
    np.testing.assert_allclose(found, expected, rtol=0, atol=0.06)


def test_a_linear_map_does_not():
    values = Neurons(Spectrum.power_law(0.5, 50), 300, map="linear").spectrum()
    assert values.rank == 50
    assert slope(values.eigenvalues, 5, 40) == pytest.approx(1.5, abs=0.05)  # 50/300 of spread


def test_the_plateau_of_the_linear_student():
    teacher = Neurons(Spectrum.power_law(0.5, 20), 400)
    linear = teacher.student_loss([20, 60], "linear", draws=2)
    # The same projection by another method; measured 4e-13.
    np.testing.assert_allclose(linear, teacher.linear_loss(), rtol=1e-10)
    projection = teacher.student_loss([20, 80], "projection", draws=3).mean(axis=1)
    predicted = theory(teacher.spectrum(), N=[20, 80], T=np.inf).test_loss
    np.testing.assert_allclose(projection, predicted, rtol=0.06)  # 1/N of finite size, 3 draws
    assert predicted[1] < 0.6 * teacher.linear_loss()


@pytest.mark.slow
def test_students():
    """The plateau of the linear student, the going on of the others, and the theory of the latter.

    Digest: 30 inputs falling as k^-1.5, 1500 ReLU neurons; linear 4.682e-2, projection exponent
    0.86, ReLU 0.75, theory 0.87 over N = 50 ... 400. Its data were finite and its teacher another
    draw: losses within 5 % where N is far below that, exponents within 0.05 plus what 1/(1 - N/T)
    bends the curve.
    """
    teacher = Neurons(Spectrum.power_law(0.5, 30), 1500)
    N = [50, 100, 200, 400]
    predicted = theory(teacher.spectrum(), N=N, T=np.inf).test_loss
    projection = teacher.student_loss(N, "projection", draws=3)
    np.testing.assert_allclose(projection.mean(axis=1), predicted, rtol=0.03)  # digest: 0.2-3 %
    linear = teacher.student_loss([30, 100], "linear", draws=2)
    np.testing.assert_allclose(linear, teacher.linear_loss(), rtol=1e-10)  # as above
    # Another draw of the teacher (above): 5 %.
    assert teacher.linear_loss() == pytest.approx(4.682e-2, rel=0.06)
    np.testing.assert_allclose(predicted[:2], [3.293e-2, 1.872e-2], rtol=0.05)
    neurons = teacher.student_loss(N, "neurons", draws=3)
    assert (neurons[-1] < 0.2 * teacher.linear_loss()).all()
    law = ltens.fit(N, neurons, model="power_law")
    low, high = law.interval()
    assert low - 0.05 < 0.75 < high + 0.05
    assert ltens.fit(N, predicted, model="power_law").exponent == pytest.approx(0.87, abs=0.07)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda s: Neurons(s, 0), ValueError, "M is 0, but must be an integer of at least 1"),
        (lambda s: Neurons(s, 5, map="step"), ValueError, "map is 'step', which is not known"),
        (lambda s: Neurons(s, 5, gain=0), ValueError, "gain is 0.0, but must be above 0"),
        (lambda s: Neurons(s, 5).student_loss([0]), ValueError, r"N\[0\] is 0, but must be"),
        (
            lambda s: Neurons(s, 5).student_loss([2], "teacher"),
            ValueError,
            "student is 'teacher', which is not known",
        ),
        (lambda s: Neurons([1.0], 5), TypeError, "spectrum is .1.0., but must be a Spectrum"),
    ],
)
def test_bad_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call(Spectrum.power_law(1.0, 10))
