"""Gradient descent at infinite width: against a loop over steps, sampled starts and networks."""

import numpy as np
import pytest

import ltens
from ltens.regimes import KernelDescent, arc_cosine_kernel, ntk_kernel

RNG = np.random.default_rng(0)
X, POINTS = RNG.uniform(-1, 1, (6, 2)), RNG.uniform(-1, 1, (9, 2))
Y, Y_TEST = np.sin(X).sum(axis=1), np.sin(POINTS).sum(axis=1)
WEIGHTS = RNG.uniform(0.5, 1.5, 6) / 6


def descent(weights=None) -> KernelDescent:
    return KernelDescent(
        ntk_kernel(X, bias=1.0),
        ntk_kernel(POINTS, X, bias=1.0),
        arc_cosine_kernel(np.concatenate([X, POINTS]), bias=1.0),
        Y,
        weights,
    )


@pytest.mark.parametrize("weights", [None, WEIGHTS])
@pytest.mark.parametrize("steps", [0, 1, 7, 200])
def test_correction_is_the_loop_over_steps(steps, weights):
    limit, lr = descent(weights), 0.2
    residual = RNG.normal(size=6)
    start, output = residual.copy(), np.zeros(9)
    for _ in range(steps):
        pull = 2 * lr * limit.weights * residual
        output -= limit.theta_test @ pull
        residual = residual - limit.theta @ pull
    # an eigendecomposition and `steps` products of order one
    np.testing.assert_allclose(
        -limit.correction(steps=steps, lr=lr) @ start, output, rtol=0, atol=1e-12
    )


def test_mean_variance_and_loss_are_those_of_sampled_starts():
    limit, draws, lr, steps = descent(), 40_000, 0.2, 20
    starts = RNG.multivariate_normal(np.zeros(15), limit.covariance, draws)
    moved = starts[:, 6:] - (starts[:, :6] - Y) @ limit.correction(steps=steps, lr=lr).T
    error = moved.std(axis=0) / np.sqrt(draws)
    assert np.all(np.abs(moved.mean(axis=0) - limit.mean(steps=steps, lr=lr)) < 5 * error)
    # a variance from n normal draws errs by sqrt(2 / n)
    np.testing.assert_allclose(
        moved.var(axis=0), limit.variance(steps=steps, lr=lr), rtol=5 * np.sqrt(2 / draws)
    )
    losses = ((moved - Y_TEST) ** 2).mean(axis=1)
    off = abs(losses.mean() - limit.loss(Y_TEST, steps=steps, lr=lr))
    assert off < 5 * losses.std() / np.sqrt(draws)


def test_long_descent_interpolates():
    limit = KernelDescent(
        ntk_kernel(X, bias=1.0),
        ntk_kernel(X, bias=1.0),
        arc_cosine_kernel(np.concatenate([X, X]), bias=1.0),
        Y,
    )
    # what is left decays as exp(-2 lr l steps / D), l the smallest eigenvalue
    smallest = np.linalg.eigvalsh(limit.theta)[0]
    steps = round(30 * 6 / (2 * 0.2 * smallest))
    # What is left of the slowest mode is e^-30 = 1e-13 by the choice of steps.
    np.testing.assert_allclose(limit.mean(steps=steps, lr=0.2), Y, rtol=1e-12)
    assert limit.loss(Y, steps=steps, lr=0.2) < 1e-10


def test_wide_networks_come_close_to_it():
    """The output of one wide network differs by about N^(-1/2) from its own start moved along."""
    limit, width, lr, steps = descent(), 4096, 0.2, 10
    nets = ltens.Networks.init(
        width, 20, activation="relu", dimension=2, init="ntk", dtype="float64"
    )
    scaled = ltens.Networks(nets.w * np.sqrt(2), nets.b, nets.a, nets.c, activation="relu")
    training = ltens.Training(
        steps=steps, lr=lr, schedule="constant", optimizer="sgd", momentum=0.0,
        lr_factors=(1, 1, 1 / width, 0),
    )  # fmt: skip
    run = ltens.train(scaled, ltens.Task(X, Y), training)
    start, at_samples = scaled(POINTS), scaled(X)
    expected = start - (at_samples - Y) @ limit.correction(steps=steps, lr=lr).T
    off = np.sqrt(((run.networks(POINTS) - expected) ** 2).mean())
    assert off < 10 / np.sqrt(width)  # a constant of order one, with room
    assert off < 0.1 * np.abs(expected - start).mean()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"theta": np.eye(5)}, r"theta has shape \(5, 5\), but must have \(6, 6\)"),
        ({"theta_test": np.ones((9, 5))}, r"theta_test has shape \(9, 5\)"),
        ({"covariance": np.eye(14)}, r"covariance has shape \(14, 14\), but must have \(15, 15\)"),
        ({"weights": -np.ones(6)}, "weights holds -1, but must be at least 0"),
        ({"y": []}, "y is empty"),
        ({"weights": np.ones(5)}, r"weights has shape \(5,\)"),
        ({"y": np.full(6, np.nan)}, "y.0. is nan"),
    ],
)
def test_shapes_are_checked(changes, message):
    given = {
        "theta": np.eye(6), "theta_test": np.ones((9, 6)), "covariance": np.eye(15), "y": Y
    }  # fmt: skip
    with pytest.raises(ValueError, match=message):
        KernelDescent(**{**given, **changes})


def test_steps_and_rate_are_checked():
    with pytest.raises(ValueError, match="steps is -1"):
        descent().mean(steps=-1, lr=0.1)
    with pytest.raises(ValueError, match="lr is 0"):
        descent().loss(Y_TEST, steps=1, lr=0)
