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
    # F Pi^T has a condition of up to 450 (20 x 15): its square, 2e5, times eps is 4e-11.
    expected = least_squares(C, Pi, F, omega)
    scale = omega @ C @ omega
    assert abs(finite_loss(C, Pi, F, teacher=omega) - expected) < 1e-10 * scale


@pytest.mark.parametrize(("P", "D"), SIZES)
@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_the_average_over_teachers(P, D, form):
    C, Pi, F = problem(P, D)
    # omega ~ N(0, 1/S) in S orthogonal directions: the mean of a quadratic form is its trace / S.
    expected = np.mean([least_squares(C, Pi, F, e) for e in np.eye(S)])
    # S37 and S38 invert squares of F Pi^T, condition up to 2e5: 2e5 * eps = 4e-11 of the null loss
    # of 0.46; S38, the worst, errs by 8e-13.
    assert finite_loss(C, Pi, F, form=form) == pytest.approx(expected, rel=0, abs=2e-11)


@pytest.mark.parametrize("P", [1, 5, 11])
def test_feature_limited_loss_is_equation_1(P):
    C, Pi, _ = problem(P, 1)
    CP = C @ Pi.T
    expected = np.trace(C - CP @ np.linalg.inv(Pi @ CP) @ CP.T) / (2 * S)
    # The naive inverse has a condition of up to 3e4 (P = 11): 3e4 * eps = 6e-12 of the null loss of
    # 0.46 at worst, measured 5e-14; what is left of it there is 2e-4.
    assert feature_limited_loss(C, Pi) == pytest.approx(expected, rel=0, abs=1e-12)


@pytest.mark.parametrize("D", [1, 5, 11])
def test_data_limited_loss_is_equation_2(D):
    C, _, F = problem(1, D)
    K = F @ F.T / S
    # E_x k(x) k(x)^T = F C F^T / S^2, E_x K(x, x) = Tr C / S
    explained = np.trace(np.linalg.inv(K) @ (F @ C @ F.T)) / S**2
    # A difference of numbers of order 1, of which 11 samples leave 1.5e-4. The naive inverse of K
    # has a condition of 1e5 there: 1e5 * eps = 2e-11 at worst, measured 2.5e-13.
    expected = 0.5 * (np.trace(C) / S - explained)
    assert data_limited_loss(C, F) == pytest.approx(expected, rel=0, abs=1e-12)


def test_limits_of_the_finite_loss():
    C, Pi, F = problem(4, 50)
    whole = F.T @ F / len(F)  # the population is the training set: Cbar = C
    # Gram matrices of 4 features and 5 samples, of condition 17 and 25: 25 * eps = 6e-15.
    assert finite_loss(whole, Pi, F) == pytest.approx(
        feature_limited_loss(whole, Pi), rel=1e-13, abs=0
    )
    every = np.linalg.qr(np.random.default_rng(0).normal(size=(S, S)))[0]  # an isotropic student
    assert finite_loss(C, every, F[:5]) == pytest.approx(
        data_limited_loss(C, F[:5]), rel=1e-13, abs=0
    )


def test_nothing_is_left_where_features_and_samples_span_all():
    C, Pi, F = problem(15, 14)
    # An error of eps times the condition of F Pi^T, 760, enters squared: 1e-26; F's is 420.
    assert abs(finite_loss(C, Pi, F)) < 1e-24 * np.trace(C)
    assert feature_limited_loss(C, Pi) < 1e-13 * np.trace(C)
    assert data_limited_loss(C, F) < 1e-13 * np.trace(C)


def test_duality_is_an_identity_of_the_formulas():
    """L(P) of Pi is L(D) of the samples Pi C^(1/2): one formula, read in two ways."""
    C, Pi, _ = problem(5, 1)
    values, vectors = np.linalg.eigh(C)
    root = (vectors * np.sqrt(values)) @ vectors.T
    # The root of C is known to eps; 5 directions whose Gram matrix has a condition of 50.
    assert data_limited_loss(C, Pi @ root) == pytest.approx(
        feature_limited_loss(C, Pi), rel=1e-13, abs=0
    )


@pytest.mark.parametrize(("P", "D"), SIZES[:4])
def test_invariances(P, D):
    C, Pi, F = problem(P, D)
    rng = np.random.default_rng(2)
    loss = finite_loss(C, Pi, F)
    R = np.linalg.qr(rng.normal(size=(S, S)))[0]
    # The order of sums changes; F Pi^T has a condition of up to 43, squared 2e3: 2e3 * eps = 4e-13.
    close = {"rel": 1e-12, "abs": 0}
    assert finite_loss(R @ C @ R.T, Pi @ R.T, F @ R.T) == pytest.approx(loss, **close)
    assert finite_loss(C, Pi, rng.permutation(F)) == pytest.approx(loss, **close)
    assert finite_loss(C, rng.permutation(Pi), F) == pytest.approx(loss, **close)
    assert finite_loss(C, 7 * Pi, F) == pytest.approx(loss, **close)
    mix = np.eye(P) + 0.3 * rng.normal(size=(P, P)) / P
    changed = finite_loss(C, mix @ Pi, F)
    if D >= P:  # the span of the features is all that matters
        # The mixture leaves the condition as it is: 4e-13, as above.
        assert changed == pytest.approx(loss, rel=1e-12, abs=0)
    else:  # the norm of theta matters too
        assert abs(changed / loss - 1) > 1e-6
    # Pi C Pi^T: condition up to 140 for 3 to 8 features; 30 features span all, and nothing is left
    # of traces of order 1.
    assert feature_limited_loss(C, mix @ Pi) == pytest.approx(
        feature_limited_loss(C, Pi), rel=1e-12, abs=1e-13
    )


def test_twice_the_same_sample_changes_nothing_of_an_interpolating_student():
    C, Pi, F = problem(9, 4)
    doubled = np.vstack([F, F[:2]])
    # The doubled system is cut off at its rank, 4, where its condition is 3: a few dozen eps.
    assert finite_loss(C, Pi, doubled) == pytest.approx(finite_loss(C, Pi, F), rel=1e-14, abs=0)
    assert data_limited_loss(C, doubled) == pytest.approx(data_limited_loss(C, F), rel=1e-14, abs=0)


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
    assert loss_beyond(more, lam) == pytest.approx(loss_beyond(vectors, lam), rel=1e-14)


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
