"""Kernels of wide networks: arc-cosine and tangent, losses and learning curves."""

from functools import partial

import numpy as np
import pytest

from ltens.fitting.fit_losses import fit_mean_power_law
from ltens.regimes import (
    arc_cosine_kernel,
    data_limited_loss,
    kernel_learning_curve,
    kernel_loss,
    ntk_kernel,
    relu_features,
    torus_kernel,
)
from support.features import skewed_rows


@pytest.mark.parametrize("bias", [0.0, 0.7])
def test_arc_cosine_kernel_is_the_mean_over_neurons(bias):
    x = np.random.default_rng(0).normal(size=(4, 3))
    K = arc_cosine_kernel(x, bias=bias)
    F = relu_features(x, 400_000, bias=bias)
    # products of two neurons have a standard deviation of at most 3 |x||y|: five standard errors
    size = np.sqrt(np.outer(np.diag(K), np.diag(K)))
    assert (np.abs(F @ F.T / 400_000 - K) < 5 * 3 * 2 * size / 632).all()


@pytest.mark.parametrize("bias", [0.0, 0.7])
def test_ntk_is_the_gram_matrix_of_gradients(bias):
    rng, N = np.random.default_rng(0), 200_000
    x = rng.normal(size=(3, 2))
    inputs = np.hstack([x, np.full((3, 1), bias)])
    w, a = rng.normal(size=(3, N)), rng.normal(size=N)
    z = inputs @ w
    outer = np.maximum(z, 0) @ np.maximum(z, 0).T / N  # gradients in a
    active = (z > 0) * a
    inner = (active @ active.T / N) * (inputs @ inputs.T)  # and in w, b
    K = ntk_kernel(x, bias=bias)
    assert (np.abs(outer + inner - K) < 5 * 6 * np.abs(K).max() / N**0.5).all()  # as above


def test_kernels_of_two_sets():
    x, y = np.random.default_rng(0).normal(size=(2, 5, 3))
    both = np.vstack([x, y])
    for kernel in (
        partial(arc_cosine_kernel, bias=1.0),
        ntk_kernel,
        partial(torus_kernel, smoothness=1.0, S=20),
    ):
        # The same products, summed in another order at most: 3 terms, and an arccos away from 1.
        np.testing.assert_allclose(kernel(x, y), kernel(both)[:5, 5:], rtol=1e-12)
        assert np.linalg.eigvalsh(kernel(both))[0] > 0
        R = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
        if "smoothness" not in getattr(kernel, "keywords", {}):
            # No two points are near each other, where arccos would lose half the digits: 1.5e-14.
            np.testing.assert_allclose(kernel(x @ R, y @ R), kernel(x, y), rtol=1e-12)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda: arc_cosine_kernel(np.eye(2), np.eye(3)), "Y has 3 inputs, but must have 2"),
        (lambda: ntk_kernel(np.eye(2), bias=-1), "bias is -1.0, but must be at least 0"),
        (lambda: torus_kernel(np.eye(2), smoothness=1.0, S=5), "S is 5, but must be even"),
        (lambda: relu_features(np.eye(2), 0), "S is 0"),
    ],
)
def test_bad_arguments_of_the_kernels(function, message):
    with pytest.raises(ValueError, match=message):
        function()


def test_kernel_loss_is_the_data_limited_loss():
    F = skewed_rows(60, 40)
    C = F[20:].T @ F[20:] / 40

    def linear(x, y):
        return x @ y.T / 40

    assert kernel_loss(linear, F[:20], F[20:]) == pytest.approx(
        data_limited_loss(C, F[:20]),
        rel=1e-8,  # the Gram matrix of the 20 rows has a condition of 2e7: 2e7 * eps = 4e-9
    )


def test_kernel_curve_of_nested_sets():
    x = np.random.default_rng(0).normal(size=(200, 3))
    curve = kernel_learning_curve(arc_cosine_kernel, x, [40, 10], test_samples=50, draws=3)
    again = kernel_learning_curve(
        arc_cosine_kernel, x, [10, 40], test_samples=50, draws=3, threads=1
    )
    # nested sets: a larger one is never worse, draw by draw
    assert (curve[0].losses < curve[1].losses).all()
    # The same kernel matrices of the same draws: the order of sums at most.
    np.testing.assert_allclose(curve[0].losses, again[1].losses, rtol=1e-12)


def test_homogeneous_kernels_resolve_one_dimension_less():
    """3/(d - 1) without biases, on the way to 3/d with them (d = 3: 1.5 and 1)."""
    x, sizes = np.random.default_rng(0).normal(size=(2000, 3)), [64, 128, 256, 512]
    laws = []
    for bias in (0.0, 1.0):
        kernel = partial(arc_cosine_kernel, bias=bias)
        curve = kernel_learning_curve(kernel, x, sizes, test_samples=500, draws=6)
        laws.append(fit_mean_power_law(sizes, np.stack([run.losses for run in curve])))
    low, high = laws[0].interval(0.99)
    assert low < 1.5 < high
    # finite ranges look steeper than 3/d; scatter over seeds of draws is 0.03
    assert laws[0].exponent == pytest.approx(1.5, abs=0.1)
    assert 1.0 < laws[1].exponent < 1.25


@pytest.mark.parametrize(
    ("D", "options", "error", "message"),
    [
        ([5, 30], {}, ValueError, "inputs has 40 rows, but must have at least 50"),
        ([], {}, ValueError, "D is empty"),
        ([4], {"draws": 0}, ValueError, "draws is 0"),
        ([4], {"jitter": -1}, ValueError, "jitter is -1.0"),
    ],
)
def test_bad_arguments_of_the_curve(D, options, error, message):
    x = np.random.default_rng(0).normal(size=(40, 3))
    with pytest.raises(error, match=message):
        kernel_learning_curve(arc_cosine_kernel, x, D, test_samples=20, **options)


def test_equal_inputs_are_refused_unless_with_jitter():
    x = np.repeat(np.random.default_rng(0).normal(size=(6, 2)), 2, axis=0)
    kernel = partial(arc_cosine_kernel, bias=1.0)
    with pytest.raises(ValueError, match="12 inputs is singular, but must be positive definite"):
        kernel_loss(kernel, x, x)
    assert kernel_loss(kernel, x, x, jitter=1e-9) < 1e-6  # all test inputs are training inputs
