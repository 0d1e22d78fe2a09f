"""The Gauss rule of a task: what it must integrate exactly, and the constant of the loss.

The rule is got by D rotations, each with an error of a few eps, so everything is compared up to
16 D eps times the size of the sum.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.polynomial import chebyshev, polynomial

import ltens
from ltens.training.engines import gauss_rule


def tolerance(task: ltens.Task) -> float:
    return 16 * max(task.samples, 16) * float(np.finfo(np.float64).eps)


def random_task(samples: int, *, repeated: bool = False, seed: int = 0) -> ltens.Task:
    """Noisy targets on uneven samples with uneven weights, some of them zero."""
    rng = np.random.default_rng([samples, seed])
    x = rng.uniform(-3, 5, samples)
    if repeated:
        x[samples // 2 :] = x[: samples - samples // 2]
    weights = rng.uniform(0, 1, samples) * (rng.random(samples) > 0.2)
    weights[0] = 1.0
    return ltens.Task(x, np.sin(x) + rng.normal(size=samples), weights)


def scaled(task: ltens.Task, x: np.ndarray) -> np.ndarray:
    low, high = task.x.min(), task.x.max()
    return np.clip((2 * x[:, 0] - low - high) / (high - low), -1, 1)


TASKS = [
    ltens.Task.from_function("square"),
    ltens.Task.from_function("step", samples=300, sampling="random"),
    random_task(200),
    random_task(300, repeated=True),
]


@pytest.mark.parametrize("task", TASKS, ids=repr)
@pytest.mark.parametrize("nodes", [1, 2, 3, 8, 16, 32])
def test_the_rule_integrates_polynomials_of_degree_2k_minus_1(task, nodes):
    rule, _ = gauss_rule(task, nodes)
    degree = 2 * nodes - 1
    used = task.x[task.weights > 0]
    low, high = used.min(), used.max()

    def moments(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        t = (2 * x[:, 0] - low - high) / (high - low)
        return weights @ chebyshev.chebvander(t, degree)

    total = task.weights.sum()
    error = np.abs(
        moments(rule.x, rule.weights)
        - moments(task.x[task.weights > 0], task.weights[task.weights > 0])
    )
    assert error.max() <= tolerance(task) * total * nodes
    assert rule.weights.min() > 0
    assert low <= rule.x.min()
    assert rule.x.max() <= high


@pytest.mark.parametrize("task", TASKS, ids=repr)
@pytest.mark.parametrize("nodes", [1, 2, 5, 16])
def test_targets_are_those_of_the_best_polynomial(task, nodes):
    rule, constant = gauss_rule(task, nodes)
    vandermonde = chebyshev.chebvander(scaled(task, task.x), nodes - 1)
    root = np.sqrt(task.weights)[:, None]
    best, *_ = np.linalg.lstsq(root * vandermonde, root[:, 0] * task.y, rcond=None)
    expected = chebyshev.chebvander(scaled(task, rule.x), nodes - 1) @ best
    # at a node of weight w the value is found from sqrt(w) times it
    power = np.sqrt(task.weights @ task.y**2)
    assert np.all(np.sqrt(rule.weights) * np.abs(rule.y - expected) <= tolerance(task) * power)
    left = task.weights @ (task.y - vandermonde @ best) ** 2
    assert constant == pytest.approx(left, abs=tolerance(task) * power**2)


@pytest.mark.parametrize("task", TASKS, ids=repr)
@pytest.mark.parametrize("nodes", [3, 4, 9, 16])
def test_the_loss_of_a_polynomial_is_exact(task, nodes):
    """A `square` network is a polynomial of degree 2, below the 3 that as many nodes allow."""
    nets = ltens.Networks.init(width=5, seeds=4, activation="square", dtype="float64")
    rule, constant = gauss_rule(task, nodes)
    on_nodes, grad_nodes = ltens.loss_and_gradient(nets, rule, engine="dense")
    full, grad = ltens.loss_and_gradient(nets, task, engine="dense")
    size = task.weights @ (np.abs(nets(task.x)) + np.abs(task.y)).T ** 2
    assert np.all(np.abs(on_nodes + constant - full) <= tolerance(task) * size)
    if nodes > 3:  # the gradient's terms have degree 2 + 2, the targets' share K - 1 + 2
        scale = max(np.abs(getattr(grad, name)).max() for name in "wba")
        for name in ("w", "b", "a", "c"):
            error = np.abs(getattr(grad_nodes, name) - getattr(grad, name)).max()
            assert error <= 100 * tolerance(task) * scale  # 100: |x|^3 on the domain


@given(
    x=st.lists(st.integers(-20, 20), min_size=1, max_size=40),
    nodes=st.integers(1, 40),
    data=st.data(),
)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_any_samples(x, nodes, data):
    """Repeated samples and zero weights count as fewer different ones."""
    weights = data.draw(st.lists(st.integers(0, 3), min_size=len(x), max_size=len(x)))
    weights[0] = 1
    task = ltens.Task(np.array(x, float), np.array(x, float) ** 2, np.array(weights, float))
    distinct = len(set(np.array(x)[np.array(weights) > 0].tolist()))
    if nodes > distinct:
        with pytest.raises(ValueError, match=r"nodes is \d+, but (there are only|must be at most)"):
            gauss_rule(task, nodes)
        return
    rule, constant = gauss_rule(task, nodes)
    total = float(np.sum(weights))
    assert rule.weights.sum() == pytest.approx(total, rel=tolerance(task))
    mean = task.weights @ task.x[:, 0]
    assert rule.weights @ rule.x[:, 0] == pytest.approx(mean, abs=20 * total * tolerance(task))
    power = task.weights @ task.y**2
    assert rule.weights @ rule.y**2 + constant == pytest.approx(power, abs=power * tolerance(task))


def test_as_many_nodes_as_samples_are_the_samples():
    task = ltens.Task([3.0, -1.0, 0.5, -1.0], [1.0, 2.0, 3.0, 4.0], [1.0, 1.0, 0.0, 3.0])
    rule, constant = gauss_rule(task, 2)
    assert rule.x.ravel().tolist() == [-1.0, 3.0]
    assert rule.y.tolist() == [3.5, 1.0]
    assert rule.weights.tolist() == [4.0, 1.0]
    assert constant == 1 * 1.5**2 + 3 * 0.5**2  # exact in binary


def test_legendre_in_the_limit_of_many_samples():
    """A million midpoints differ from the uniform measure by h^2/24 of the second derivative."""
    count = 1_000_000
    h = 2 / count
    x = -1 + h / 2 + h * np.arange(count)
    rule, _ = gauss_rule(ltens.Task(x, x, np.full(count, h)), 5)
    nodes, weights = np.polynomial.legendre.leggauss(5)
    # h^2 / 24 = 2e-13, and sums of a million terms: 1e6 * eps = 2e-10 at worst.
    np.testing.assert_allclose(rule.x.ravel(), nodes, rtol=0, atol=1e-9)
    np.testing.assert_allclose(rule.weights, weights, rtol=0, atol=1e-9)


def test_polynomial_targets_leave_nothing_over():
    x = np.linspace(-2, 2, 500)
    _, constant = gauss_rule(ltens.Task(x, polynomial.polyval(x, [1, -2, 0.5, 1])), 4)
    assert constant < 1e-25  # (500 eps)^2 times the power of the targets


@pytest.mark.parametrize(
    ("task", "nodes", "error", "message"),
    [
        (ltens.Task([[0.0, 1.0]], [1.0]), 1, ValueError, "task has dimension 2, but a Gauss rule"),
        (TASKS[0], 0, ValueError, "nodes is 0, but must be an integer of at least 1"),
        (TASKS[0], 1001, ValueError, "nodes is 1001, but must be at most 1000"),
        (TASKS[0], 2.5, TypeError, "nodes is 2.5"),
    ],
)
def test_bad_arguments(task, nodes, error, message):
    with pytest.raises(error, match=message):
        gauss_rule(task, nodes)
