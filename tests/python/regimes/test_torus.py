"""Kernels on a torus, whose spectrum is known: exponents, modes, losses."""

import numpy as np
import pytest

from ltens.regimes import (
    duality,
    kernel_loss,
    replica,
    simulate,
    spectrum_exponent,
    torus_features,
    torus_kernel,
)
from ltens.regimes.features.feature_simulation import drawn_samples


@pytest.mark.parametrize(
    ("dimension", "smoothness"), [(1, 1.0), (2, 1.0), (3, 1.0), (2, 3.0), (1, 0.5)]
)
def test_torus_exponent_is_smoothness_over_dimension(dimension, smoothness):
    modes = 200_000
    eigenvalues = torus_features(dimension, smoothness, modes).eigenvalues
    found = spectrum_exponent(eigenvalues, ranks=(modes // 100, modes))
    # lattice points in a ball: a relative error of rank^(-1/d), at rank 2000 and d = 3 under 8 %
    # of the count, over two decades of ranks
    assert found.exponent == pytest.approx(smoothness / dimension, abs=0.01)


def test_torus_features_give_the_torus_kernel():
    population = torus_features(2, 1.5, S=60)
    samples, _ = drawn_samples(population, 9, 0, 0)
    assert samples.shape == (60, 9)
    angles = generator_angles(9)
    # 60 terms that add up to no more than 7: 60 * 7 * eps = 1e-13.
    np.testing.assert_allclose(
        samples.T @ samples,
        torus_kernel(angles, smoothness=1.5, S=60),
        rtol=0,
        atol=1e-12,
    )


def generator_angles(count):
    """The inputs of draw 0: the stream of the samples, drawn as `torus_features` does."""
    from ltens.randomness import generator

    return generator(0, 0, count, 0).uniform(0, 2 * np.pi, (2, count)).T


def test_torus_modes_are_orthonormal():
    population = torus_features(2, 1.0, S=12)
    samples, _ = drawn_samples(population, 40_000, 0, 0)
    C = samples @ samples.T / 40_000
    scale = np.sqrt(np.outer(population.eigenvalues, population.eigenvalues))
    # products of cosines have variances up to 1: five standard errors
    assert (np.abs(C / scale - np.eye(12)) < 5 / 200).all()


def test_brownian_kernel_on_the_circle_is_known_exactly():
    """sum 2 cos(n d) / n^2 is a Brownian bridge between samples, of variance 2 pi per angle.

    Between neighbours at distance l the mean variance is 2 pi l / 6: the loss is sum l^2 / 12. A
    large constant in the kernel leaves the level of the function free, as the bridge has it.
    """
    x = np.random.default_rng(0).uniform(0, 2 * np.pi, (40, 1))
    grid = np.linspace(0, 2 * np.pi, 1500)[:, None]

    def kernel(a, b):
        return torus_kernel(a, b, smoothness=1.0, S=5000) + 1000.0

    gaps = np.diff(np.sort(np.append(x[:, 0], x.min() + 2 * np.pi)))
    expected = (gaps**2).sum() / 12
    # modes beyond S lack 4/S of the variance, 0.5 % of the loss; the grid has 37 points to a gap
    assert kernel_loss(kernel, x, grid) == pytest.approx(expected, rel=0.01)


def test_samples_on_the_circle_are_worth_less_than_features_by_a_quarter():
    """E sum l^2 = 2 (2 pi)^2 / (D + 1): S L(D) goes to (2 pi^2 / 3) / D, the replica curve is
    pi^2 / 2n: 4/3, as Fourier modes are no Gaussian features, though the exponents agree.
    """
    population = torus_features(1, 1.0, S=200_000)
    n = 2000
    assert replica(population, n) * 200_000 * n == pytest.approx(np.pi**2 / 2, rel=0.02)  # n/S
    small = torus_features(1, 1.0, S=3000)
    ratio = simulate(small, D=200, draws=12).losses / replica(small, 200)
    # four standard errors; the level of the function, which has no constant mode, is worth 5/D
    assert abs(ratio.mean() - 4 / 3) < 4 * ratio.std(ddof=1) / 12**0.5 + 4 / 3 * 5 / 200


def test_duality_of_exponents_on_the_torus():
    found = duality(torus_features(2, 1.0, S=1500), [16, 32, 64, 128], ranks=(16, 128), draws=6)
    for law in (found.data, found.features):
        low, high = law.interval(0.99)
        assert low < found.theory_exponent + 0.03
        assert high > found.theory_exponent - 0.03
    assert found.theory_exponent == pytest.approx(0.5, abs=0.06)  # S and n are finite
