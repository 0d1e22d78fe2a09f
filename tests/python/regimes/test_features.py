"""ltens.regimes, exact losses: against least squares, against each other, and their symmetries."""

import numpy as np
import pytest

from ltens.regimes import (
    data_limited_loss,
    duality,
    feature_limited_loss,
    finite_loss,
    gaussian_features,
    kernel_population,
    measure_regimes,
)
from ltens.regimes.features.random_features import FORMS, loss_beyond
from ltens.solvable import Spectrum

S = 12
SIZES = [(3, 30), (30, 3), (7, 8), (8, 7), (9, 9), (20, 15), (1, 1)]  # (P, D)


def problem(P, D, seed=0):
    rng = np.random.default_rng(seed)
    mix = rng.normal(size=(S, S))
    return mix @ mix.T / S, rng.normal(size=(P, S)), rng.normal(size=(D, S)) @ mix.T / S**0.5


def least_squares(C, Pi, F, omega):
    """The student of the definition: theta of least norm on the training set."""
    theta = np.linalg.lstsq(F @ Pi.T, F @ omega, rcond=1e-12)[0]
    error = omega - Pi.T @ theta
    return 0.5 * error @ C @ error


@pytest.mark.parametrize(("P", "D"), SIZES)
def test_a_given_teacher_is_least_squares(P, D):
    C, Pi, F = problem(P, D)
    omega = np.random.default_rng(1).normal(size=S)
    # condition number of F Pi^T up to 1e3 squared, times eps
    expected = least_squares(C, Pi, F, omega)
    scale = omega @ C @ omega
    assert abs(finite_loss(C, Pi, F, teacher=omega) - expected) < 1e-9 * scale


@pytest.mark.parametrize(("P", "D"), SIZES)
@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_the_average_over_teachers(P, D, form):
    C, Pi, F = problem(P, D)
    # omega ~ N(0, 1/S) in S orthogonal directions: the mean of a quadratic form is its trace / S.
    expected = np.mean([least_squares(C, Pi, F, e) for e in np.eye(S)])
    # S37 and S38 invert squares of F Pi^T: condition up to 1e6, eps 1e-16, null loss of order 1
    assert finite_loss(C, Pi, F, form=form) == pytest.approx(expected, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("P", [1, 5, 11])
def test_feature_limited_loss_is_equation_1(P):
    C, Pi, _ = problem(P, 1)
    CP = C @ Pi.T
    expected = np.trace(C - CP @ np.linalg.inv(Pi @ CP) @ CP.T) / (2 * S)
    # the naive inverse has a condition number of up to 1e4
    assert feature_limited_loss(C, Pi) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("D", [1, 5, 11])
def test_data_limited_loss_is_equation_2(D):
    C, _, F = problem(1, D)
    K = F @ F.T / S
    # E_x k(x) k(x)^T = F C F^T / S^2, E_x K(x, x) = Tr C / S
    explained = np.trace(np.linalg.inv(K) @ (F @ C @ F.T)) / S**2
    # The inverse of K, as above; where 11 samples leave next to nothing, approx's abs of 1e-12 deci
    assert data_limited_loss(C, F) == pytest.approx(0.5 * (np.trace(C) / S - explained), rel=1e-9)


def test_limits_of_the_finite_loss():
    C, Pi, F = problem(4, 50)
    whole = F.T @ F / len(F)  # the population is the training set: Cbar = C
    # Solved through 4 features, condition below 1e3: 1e3 * eps = 2e-13.
    assert finite_loss(whole, Pi, F) == pytest.approx(feature_limited_loss(whole, Pi), rel=1e-12)
    every = np.linalg.qr(np.random.default_rng(0).normal(size=(S, S)))[0]  # an isotropic student
    assert finite_loss(C, every, F[:5]) == pytest.approx(data_limited_loss(C, F[:5]), rel=1e-12)


def test_nothing_is_left_where_features_and_samples_span_all():
    C, Pi, F = problem(15, 14)
    assert abs(finite_loss(C, Pi, F)) < 1e-14 * np.trace(C) * 1e3  # condition 1e3
    assert feature_limited_loss(C, Pi) < 1e-13 * np.trace(C)
    assert data_limited_loss(C, F) < 1e-13 * np.trace(C)


def test_duality_is_an_identity_of_the_formulas():
    """L(P) of Pi is L(D) of the samples Pi C^(1/2): one formula, read in two ways."""
    C, Pi, _ = problem(5, 1)
    values, vectors = np.linalg.eigh(C)
    root = (vectors * np.sqrt(values)) @ vectors.T
    # The root of C is known to eps; 5 directions of condition below 1e3.
    assert data_limited_loss(C, Pi @ root) == pytest.approx(feature_limited_loss(C, Pi), rel=1e-12)


@pytest.mark.parametrize(("P", "D"), SIZES[:4])
def test_invariances(P, D):
    C, Pi, F = problem(P, D)
    rng = np.random.default_rng(2)
    loss = finite_loss(C, Pi, F)
    R = np.linalg.qr(rng.normal(size=(S, S)))[0]
    close = {"rel": 1e-9, "abs": 1e-12}  # the order of sums changes, condition up to 1e3
    assert finite_loss(R @ C @ R.T, Pi @ R.T, F @ R.T) == pytest.approx(loss, **close)
    assert finite_loss(C, Pi, rng.permutation(F)) == pytest.approx(loss, **close)
    assert finite_loss(C, rng.permutation(Pi), F) == pytest.approx(loss, **close)
    assert finite_loss(C, 7 * Pi, F) == pytest.approx(loss, **close)
    mix = np.eye(P) + 0.3 * rng.normal(size=(P, P)) / P
    changed = finite_loss(C, mix @ Pi, F)
    if D >= P:  # the span of the features is all that matters
        # Solved with well-conditioned mixtures: condition below 1e3, 1e3 * eps = 2e-13.
        assert changed == pytest.approx(loss, rel=1e-12)
    else:  # the norm of theta matters too
        assert abs(changed / loss - 1) > 1e-6
    assert feature_limited_loss(C, mix @ Pi) == pytest.approx(
        feature_limited_loss(C, Pi), rel=1e-12
    )


def test_twice_the_same_sample_changes_nothing_of_an_interpolating_student():
    C, Pi, F = problem(9, 4)
    doubled = np.vstack([F, F[:2]])
    # The doubled system is cut off at its rank, 4, where its condition is below 1e3.
    assert finite_loss(C, Pi, doubled) == pytest.approx(finite_loss(C, Pi, F), rel=1e-12)
    assert data_limited_loss(C, doubled) == pytest.approx(data_limited_loss(C, F), rel=1e-12)


def test_samples_more_help_features_more_help():
    C, Pi, F = problem(11, 11)
    in_data = [data_limited_loss(C, F[:n]) for n in range(1, 12)]
    in_features = [feature_limited_loss(C, Pi[:n]) for n in range(1, 12)]
    assert (np.diff(in_data) < 0).all()
    assert (np.diff(in_features) < 0).all()
    # and no finite student beats the limits
    for P in (2, 5, 10):
        for D in (3, 6, 11):
            loss = finite_loss(C, Pi[:P], F[:D])
            assert loss >= in_features[P - 1] * (1 - 1e-12)
            assert loss >= in_data[D - 1] * (1 - 1e-12)


def test_loss_beyond_dependent_vectors():
    vectors = np.random.default_rng(0).normal(size=(6, 3))
    lam = np.arange(1.0, 7.0)
    more = np.hstack([vectors, vectors @ np.ones((3, 1)), np.zeros((6, 1))])
    # 6 terms; an orthonormal basis of 3 well-conditioned vectors, with and without dependent ones.
    assert loss_beyond(more, lam) == pytest.approx(loss_beyond(vectors, lam), rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((np.ones((2, 3)), np.eye(2), np.eye(2)), ValueError, "must be square"),
        ((np.array([[1.0, 2.0], [0.0, 1.0]]), np.eye(2), np.eye(2)), ValueError, "not symmetric"),
        ((np.zeros((2, 2)), np.eye(2), np.eye(2)), ValueError, "no value but 0"),
        ((np.eye(2), np.eye(3), np.eye(2)), ValueError, r"projection has shape \(3, 3\)"),
        ((np.eye(2), np.eye(2), np.ones(2)), ValueError, "samples has shape"),
        ((np.eye(2), np.eye(2), [["a", "b"]]), TypeError, "samples has dtype"),
        ((np.eye(2), np.eye(2), [[1.0, np.nan]]), ValueError, r"samples\[0, 1\] is nan"),
    ],
)
def test_bad_arrays(arguments, error, message):
    with pytest.raises(error, match=message):
        finite_loss(*arguments)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"form": "S39"}, "form is 'S39', which is not known"),
        ({"teacher": [1.0]}, r"teacher has shape \(1,\), but must have shape \(2,\)"),
        ({"teacher": [1.0, 2.0], "form": "S37"}, "form is 'S37', which averages over teachers"),
    ],
)
def test_bad_options(options, message):
    with pytest.raises(ValueError, match=message):
        finite_loss(np.eye(2), np.eye(2), np.eye(2), **options)


def test_negative_eigenvalues_are_refused():
    with pytest.raises(ValueError, match="covariance has the eigenvalue -20"):
        finite_loss(np.diag([3.0, -20.0]), np.eye(2)[:1], np.eye(2))
    with pytest.raises(ValueError, match="gram has the eigenvalue -1"):
        kernel_population([[1.0, 2.0], [2.0, 1.0]])
    with pytest.raises(ValueError, match="must hold at least one row"):
        kernel_population(np.zeros((0, 0)))


def test_sizes_that_leave_nothing_are_refused():
    population = gaussian_features(Spectrum.power_law(1.0, M=50))
    with pytest.raises(ValueError, match=r"fixed holds 50, but must be below .* 50 modes"):
        measure_regimes(population, sizes=[2, 4, 8], fixed=50, large_sizes=[80, 200])
    with pytest.raises(ValueError, match="sizes holds 60, but must be below"):
        duality(population, [3, 30, 60], ranks=(3, 30))
    with pytest.raises(ValueError, match="draws is 1"):
        duality(population, [3, 6, 12], ranks=(3, 12), draws=1)


def test_theory_is_in_the_order_of_the_laws():
    population = gaussian_features(Spectrum.power_law(1.0, M=100))
    found = duality(population, [12, 3, 6], ranks=(3, 12), draws=4)
    assert found.data.sizes.tolist() == [3, 6, 12]
    assert np.all(np.diff(found.theory) < 0)
