"""ltens.regimes, populations of rows: covariance, repeated and unused features."""

import numpy as np
import pytest

from ltens.regimes import (
    data_coefficient,
    feature_limited_loss,
    feature_rows,
    finite_loss,
    kernel_population,
    pooled_digits,
    pooled_patches,
    simulate,
    torus_features,
)
from ltens.regimes.features.feature_simulation import drawn_samples
from support.features import skewed_rows


def test_rows_have_their_own_covariance():
    F = skewed_rows()
    population = feature_rows(F)
    C = F.T @ F / len(F)
    expected = np.linalg.eigvalsh(C)[::-1]
    # The eigenvalues of a Gram matrix: eps of the largest, times its 20 rows.
    np.testing.assert_allclose(
        population.eigenvalues, expected, rtol=0, atol=20 * np.finfo(float).eps * expected[0]
    )
    # Rows of the smallest eigenvalues are divided by their roots and multiplied again: eps times
    # 60, the condition of F, times values of up to 30: 4e-13.
    assert population.basis is not None
    assert population.rows is not None
    np.testing.assert_allclose(population.basis @ population.rows, F.T, rtol=0, atol=1e-11)
    # 20 sums of 300 terms, all above 0, in another order: far below 300 * eps = 7e-14.
    assert population.null_loss == pytest.approx(np.trace(C) / 40, rel=1e-13)
    # one division
    np.testing.assert_allclose(
        population.spectrum.v_squared, population.eigenvalues / 20, rtol=1e-15
    )


@pytest.mark.parametrize("shape", [(6, 40), (40, 6)])
def test_rows_more_or_fewer_than_features(shape):
    F = np.random.default_rng(0).normal(size=shape)
    population = feature_rows(F)
    assert population.size == shape[1]
    assert len(population.eigenvalues) == 6
    Pi = np.random.default_rng(1).normal(size=(3, shape[1]))
    run = simulate(population, P=3, projection=Pi, draws=1)
    expected = feature_limited_loss(F.T @ F / len(F), Pi)
    # Normal equations, whose matrix has a condition of 14 and 19, against an SVD: 19 * eps = 4e-15.
    assert run.mean == pytest.approx(expected, rel=1e-13)


def test_equal_rows_count_once_for_an_interpolating_student():
    F = np.repeat(skewed_rows(8), 3, axis=0)  # 8 different rows, each three times
    population = feature_rows(F)
    samples, distinct = drawn_samples(population, 30, 0, 0)
    assert samples.shape[1] == 30
    assert len(distinct) <= 8
    # many samples of few rows: the loss of all of them is 0
    assert simulate(population, D=300, draws=1).mean < 1e-12 * population.null_loss
    assert simulate(population, D=300, P=10, draws=1).mean < 1e-9 * population.null_loss


def test_features_that_no_sample_activates_get_no_weight():
    F = skewed_rows(50, 8)
    F[:, 3] = 0
    F[0, 3] = 5.0  # one input alone has this feature
    population = feature_rows(F)
    C, Pi = F.T @ F / 50, np.eye(8)[[1, 3, 5]]
    losses = simulate(population, D=10, P=3, projection=Pi, draws=20).losses
    for k in range(20):
        X, _ = drawn_samples(population, 10, 0, k)
        expected = finite_loss(C, Pi, X.T @ population.basis.T)
        # F Pi^T has a condition of up to 21, squared 440: 440 * eps = 1e-13.
        assert losses[k] == pytest.approx(expected, rel=1e-12)


def test_a_kernel_and_its_features_are_one_population():
    F = skewed_rows(60, 90)
    features, kernel = feature_rows(F), kernel_population(F @ F.T)
    # Both decompose the same F F^T by the same routine: the same bits, measured. Were it rounded
    # otherwise, the smallest eigenvalue, 3e-9 of the largest, would move by up to 8e-8 of itself.
    np.testing.assert_allclose(kernel.eigenvalues, features.eigenvalues, rtol=1e-9)
    # S = n for the kernel; the same rows are drawn: the labels of np.unique number them alike
    ours = simulate(kernel, D=9, draws=3).losses * 60
    theirs = simulate(features, D=9, draws=3).losses * 90
    # As above, and sums over the draws of either: the same bits, measured.
    np.testing.assert_allclose(ours, theirs, rtol=1e-8)


def test_the_order_of_rows_does_not_matter_to_what_is_exact():
    F = skewed_rows()
    mixed = np.random.default_rng(0).permutation(F)
    one, two = feature_rows(F), feature_rows(mixed)
    # Another order of sums: eps of the largest eigenvalue, 3.5e3 times the smallest: 8e-13.
    np.testing.assert_allclose(one.eigenvalues, two.eigenvalues, rtol=1e-11)
    Pi = np.random.default_rng(1).normal(size=(4, 20))
    # Pi C Pi^T has a condition of 23: 23 * eps = 5e-15.
    assert data_coefficient(F, Pi) == pytest.approx(data_coefficient(mixed, Pi), rel=1e-13)


@pytest.mark.parametrize(
    ("function", "error", "message"),
    [
        (lambda: feature_rows(np.zeros((3, 2))), ValueError, "no value but 0"),
        (lambda: feature_rows([1.0, 2.0]), ValueError, "F has shape"),
        (lambda: kernel_population(np.ones((2, 3))), ValueError, "must be a symmetric matrix"),
        (lambda: kernel_population(-np.eye(2)), ValueError, "gram has the largest eigenvalue -1"),
        (lambda: torus_features(0, 1.0), ValueError, "dimension is 0"),
        (lambda: torus_features(1, -1.0), ValueError, "smoothness is -1.0"),
        (lambda: torus_features(1, 1.0, S=1), ValueError, "S is 1"),
        (lambda: pooled_digits(3), ValueError, "pool is 3, but must divide the 8 pixels"),
        (lambda: pooled_patches(0), ValueError, "count is 0"),
    ],
)
def test_bad_populations(function, error, message):
    with pytest.raises(error, match=message):
        function()
