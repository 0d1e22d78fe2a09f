"""The coefficients of 1/D and 1/P: fourth moments, simulation, chosen features."""

import numpy as np
import pytest

from ltens.regimes import (
    data_coefficient,
    feature_coefficient,
    feature_rows,
    simulate,
)
from support.features import skewed_rows


def test_data_coefficient_is_the_contraction_of_fourth_moments():
    """T = E F F F F and the three terms of the supplement, with Pi's around the middle one."""
    F, rng = skewed_rows(200, 6), np.random.default_rng(1)
    Pi, S = rng.normal(size=(3, 6)), 6
    C = F.T @ F / len(F)
    inverse = np.linalg.inv(Pi @ C @ Pi.T)
    G = Pi.T @ inverse @ Pi
    T = np.einsum("na,nb,nc,nd->abcd", F, F, F, F) / len(F)
    middle = Pi.T @ inverse @ Pi @ C @ C @ Pi.T @ inverse @ Pi
    terms = np.eye(S) + middle - 2 * C @ G
    expected = np.einsum("abcd,ab,cd->", T, terms, G) / (2 * S)
    # Pi C Pi^T, whose inverse enters three times, has a condition of 28: 28^3 * eps = 5e-12.
    assert data_coefficient(F, Pi) == pytest.approx(expected, rel=1e-11)


def test_data_coefficient_against_simulation():
    F = skewed_rows()
    population = feature_rows(F)
    Pi = np.random.default_rng(1).normal(size=(4, 20))
    limit = simulate(population, P=4, projection=Pi, draws=1).mean
    predicted = data_coefficient(F, Pi)
    D = 4000
    run = simulate(population, D=D, P=4, projection=Pi, draws=200)
    measured = D * (run.mean - limit)
    # four standard errors, and the next order: 1/D times a ratio of moments of order 10
    assert abs(measured - predicted) < 4 * D * run.standard_error + 10 * 4 / D * predicted
    # far from the Gaussian P L(P), by more than that
    assert abs(measured - 4 * limit) > 8 * D * run.standard_error


def test_feature_coefficient_against_simulation():
    F = skewed_rows(60, 1200)
    rows = F[:6]
    limit = data_limited_loss_of_rows(F, rows)
    predicted = feature_coefficient(F, rows)
    P, rng = 600, np.random.default_rng(2)
    losses = []
    for _ in range(100):
        chosen = rng.integers(0, 1200, P)  # independently, as of an endless pool
        losses.append(selected_loss(F, chosen, rows))
    measured = P * (np.mean(losses) - limit)
    error = P * np.std(losses, ddof=1) / 10
    # four standard errors, and the next order: D/P = 1 % times a ratio of moments of order 10
    assert abs(measured - predicted) < 4 * error + 0.1 * predicted


def data_limited_loss_of_rows(F, rows):
    Q = np.linalg.qr(rows.T)[0]
    left = F - (F @ Q) @ Q.T
    return (left**2).sum() / (2 * F.shape[1] * len(F))


def selected_loss(F, chosen, rows):
    """E |F omega - f theta|^2 / 2 averaged over omega, theta of least norm."""
    weights = np.linalg.pinv(rows[:, chosen]) @ rows  # theta = weights omega
    left = F - F[:, chosen] @ weights
    return (left**2).sum() / (2 * F.shape[1] * len(F))


def test_features_chosen_without_replacement_have_less_to_lose():
    """c / P - c / S: at P = S there is nothing to choose."""
    F = skewed_rows(80, 400)
    population, rows = feature_rows(F), F[:6]
    limit, predicted = data_limited_loss_of_rows(F, rows), feature_coefficient(F, rows)
    rng = np.random.default_rng(3)
    losses = [selected_loss(F, rng.permutation(400)[:200], rows) for _ in range(200)]
    error = 200 * np.std(losses, ddof=1) / 200**0.5
    # as above; the next order is D/P = 3 % times 10, of half the coefficient
    assert abs(200 * (np.mean(losses) - limit) - predicted / 2) < 4 * error + 0.15 * predicted
    everything = selected_loss(F, np.arange(400), rows)
    # The 6 rows have a condition of 6, squared 36: 36 * eps = 8e-15.
    assert everything == pytest.approx(limit, rel=1e-13)
    assert simulate(population, P=400, projection="selection", draws=1).mean < 1e-9


def test_gaussian_projections_of_any_data_are_exact():
    """D L(D) is the coefficient for Gaussian Pi, whatever the data."""
    population = feature_rows(skewed_rows())
    limit = simulate(population, D=6, draws=60).losses
    both = simulate(population, D=6, P=30, draws=60).losses
    ratio = both / limit - 1
    assert abs(ratio.mean() - 6 / 23) < 4 * ratio.std(ddof=1) / 60**0.5


def test_dependent_features_and_samples_add_nothing_to_the_coefficients():
    F, Pi = skewed_rows(), np.random.default_rng(1).normal(size=(4, 20))
    more = np.vstack([Pi, Pi[:1] - Pi[1:2], np.zeros((1, 20))])
    # An orthonormal basis of Pi in either case; condition 23 as above.
    assert data_coefficient(F, more) == pytest.approx(data_coefficient(F, Pi), rel=1e-13)
    twice = np.vstack([F[:4], F[2:3]])
    expected = feature_coefficient(F, F[:4])
    # The Gram matrix of the four rows has a condition of 300: 300 * eps = 7e-14.
    assert feature_coefficient(F, twice) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda: data_coefficient(np.eye(3), np.eye(2)), "projection has shape"),
        (lambda: data_coefficient(np.eye(3), np.eye(3)), "F has 3 rows, but must have more"),
        (lambda: feature_coefficient(np.eye(3), np.eye(3)), "samples has 3 rows, but must have f"),
    ],
)
def test_bad_arguments_of_the_coefficients(function, message):
    with pytest.raises(ValueError, match=message):
        function()
