"""Task: shapes, weights, named functions, sampling, messages."""

import numpy as np
import pytest

import ltens
from ltens import Task

NAMES = ["square", "cube", "abs", "sin", "exp", "step", "runge", "gaussian"]


def test_one_dimensional_samples_become_a_column():
    task = Task([0.0, 1.0], [2.0, 3.0])
    assert task.x.shape == (2, 1)
    assert task.x.dtype == np.float64
    np.testing.assert_array_equal(task.weights, [0.5, 0.5])


def test_arrays_are_copied_and_read_only():
    x = np.array([0.0, 1.0])
    task = Task(x, [0.0, 1.0])
    x[0] = 9.0
    assert task.x[0, 0] == 0.0
    with pytest.raises(ValueError, match="read-only"):
        task.y[0] = 1.0


def test_weights_are_used_as_given():
    np.testing.assert_array_equal(Task([0.0, 1.0], [0.0, 1.0], [3.0, 0.0]).weights, [3.0, 0.0])


@pytest.mark.parametrize("name", NAMES)
def test_named_functions_are_finite_in_one_and_two_dimensions(name):
    for dimension, samples in ((1, 9), (2, 9), (3, 27)):
        task = Task.from_function(name, samples=samples, dimension=dimension)
        assert task.y.shape == (samples,)
        assert task.name == name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("square", 5.0),
        ("cube", -7.0),
        ("abs", 3.0),
        ("sin", np.sin(1) - np.sin(2)),
        ("exp", np.exp(1) + np.exp(-2)),
        ("step", 0.0),
        ("runge", 1 / 126),
        ("gaussian", np.exp(-2.5)),
    ],
)
def test_named_functions_at_a_point(name, expected):
    from ltens.training.targets import FUNCTIONS

    # One or two correctly rounded operations: a few units of the last place.
    np.testing.assert_allclose(FUNCTIONS[name](np.array([[1.0, -2.0]])), [expected], rtol=1e-15)


def test_grid_is_the_papers():
    task = Task.from_function("square")
    np.testing.assert_array_equal(task.x[:, 0], np.linspace(-2, 2, 1000))
    assert task.domain == (-2.0, 2.0)


def test_grid_in_three_dimensions_takes_the_cube_exactly():
    assert Task.from_function("abs", samples=1000, dimension=3).samples == 1000


def test_random_sampling_is_reproducible_and_inside():
    tasks = [
        Task.from_function("sin", sampling="random", samples=50, domain=(1, 2), rng=r)
        for r in (3, 3, 4)
    ]
    assert tasks[0].fingerprint == tasks[1].fingerprint != tasks[2].fingerprint
    assert tasks[0].x.min() >= 1
    assert tasks[0].x.max() < 2


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_a_gauss_rule_integrates_polynomials_of_degree_2n_minus_1(dimension):
    n, (low, high) = 4, (-1.0, 3.0)
    powers = np.arange(2 * n)[1 : dimension + 1] + 2 * n - 1 - dimension  # up to 2n - 1
    task = Task.from_function(
        lambda x: (x.reshape(len(x), -1) ** powers).prod(axis=1),
        sampling="gauss",
        samples=n**dimension,
        dimension=dimension,
        domain=(low, high),
    )
    mean = (high ** (powers + 1.0) - low ** (powers + 1.0)) / (powers + 1) / (high - low)
    assert task.weights.sum() == pytest.approx(1, rel=1e-15)
    assert task.weights @ task.y == pytest.approx(mean.prod(), rel=1e-13)


def test_a_gauss_rule_gives_the_loss_over_the_whole_domain():
    nets = ltens.Networks.init(20, 3, activation="silu", dimension=2, dtype="float64")
    losses = [
        ltens.loss_and_gradient(
            nets, Task.from_function("sin", sampling=sampling, samples=samples, dimension=2)
        )[0]
        for sampling, samples in [("gauss", 40**2), ("gauss", 60**2), ("grid", 1000**2)]
    ]
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-13)  # converged
    np.testing.assert_allclose(losses[0], losses[2], rtol=0.01)  # a grid counts its edges double


@pytest.mark.parametrize("dimension", [1, 2])
def test_a_gauss_rule_of_several_outputs(dimension):
    """Losses are integrals over the domain, of all outputs the sum of each alone."""

    def first(x):
        return np.sin(x) if dimension == 1 else np.sin(x[:, 0]) * x[:, 1]

    def second(x):
        return x * x if dimension == 1 else x[:, 0] - x[:, 1] ** 2

    def both(x):
        return np.stack([first(x), second(x)], axis=1)

    def task_of(function, points):
        options = {"sampling": "gauss", "samples": points**dimension, "dimension": dimension}
        return Task.from_function(function, **options)

    options = {"activation": "silu", "dimension": dimension, "dtype": "float64"}
    nets = ltens.Networks.init(8, 3, outputs=2, **options)
    losses = [ltens.loss_and_gradient(nets, task_of(both, points))[0] for points in (30, 40)]
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-13)  # converged
    each = [
        ltens.Networks(nets.w, nets.b, nets.a[:, k], nets.c[:, k], activation="silu")
        for k in range(2)
    ]
    alone = [
        ltens.loss_and_gradient(one, task_of(function, 40))[0]
        for one, function in zip(each, (first, second), strict=True)
    ]
    np.testing.assert_allclose(losses[1], alone[0] + alone[1], rtol=1e-13)
    run = ltens.train(nets, task_of(both, 30), ltens.Training(steps=50))
    assert np.all(run.loss < losses[0])
    fine = ltens.loss_and_gradient(run.networks, task_of(both, 40))[0]
    np.testing.assert_allclose(run.loss, fine, rtol=1e-12)


def test_callables_get_the_documented_shape():
    shapes = []

    def target(x):
        shapes.append(x.shape)
        return x if x.ndim == 1 else x[:, 0]

    Task.from_function(target, samples=4)
    task = Task.from_function(target, samples=4, dimension=2)
    assert shapes == [(4,), (4, 2)]
    assert task.name == "target"


def test_fingerprint_sees_every_array():
    prints = {
        Task([0.0, 1.0], [0.0, 1.0]).fingerprint,
        Task([0.0, 2.0], [0.0, 1.0]).fingerprint,
        Task([0.0, 1.0], [0.0, 2.0]).fingerprint,
        Task([0.0, 1.0], [0.0, 1.0], [1.0, 1.0]).fingerprint,
    }
    assert len(prints) == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], []), r"x has shape \(0,\), but must hold at least one sample"),
        (([0.0], [0.0, 1.0]), r"y has 2 value\(s\), but must have one for each of the 1"),
        (([0.0, np.nan], [0.0, 1.0]), r"x\[1\] is nan, but every value must be finite"),
        (([0.0, 1.0], [np.inf, 1.0]), r"y\[0\] is inf"),
        (([0.0, 1.0], [0.0, 1.0], [1.0, -2.0]), r"weights\[1\] is -2.0, but must not be negative"),
        (([0.0, 1.0], [0.0, 1.0], [0.0, 0.0]), r"weights are all zero"),
        (([0.0, 1.0], [0.0, 1.0], [1.0]), r"weights has 1 value\(s\)"),
        ((np.zeros((2, 1, 1)), [0.0, 1.0]), r"x has shape \(2, 1, 1\), but must have 1 or 2"),
    ],
)
def test_bad_arrays(arguments, message):
    with pytest.raises(ValueError, match=message):
        Task(*arguments)


def test_text_is_refused():
    with pytest.raises(TypeError, match="x has dtype <U1, but must be an array of real numbers"):
        Task(["a"], [1.0])


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"function": "sqare"}, ValueError, "did you mean 'square'"),
        ({"domain": (1, 1)}, ValueError, r"domain is \(1.0, 1.0\), but its low end"),
        ({"domain": (1, 2, 3)}, ValueError, r"domain has 3 value\(s\)"),
        ({"domain": 3}, TypeError, "domain is 3, but must be two numbers"),
        ({"samples": 0}, ValueError, "samples is 0, but must be an integer of at least 1"),
        ({"samples": 2.5}, TypeError, "samples is 2.5"),
        ({"sampling": "gird"}, ValueError, "did you mean 'grid'"),
        ({"dimension": 0}, ValueError, "dimension is 0"),
        ({"sampling": "gauss", "dimension": 4, "samples": 16}, ValueError, "takes at most 3"),
        ({"sampling": "gauss", "dimension": 2}, ValueError, "a Gauss rule in 2 .* nearest is 1024"),
        ({"sampling": "gauss", "samples": 2001}, ValueError, "takes at most 2000 on each"),
        ({"sampling": "gauss", "noise": 0.1}, ValueError, "noise is 0.1, but sampling='gauss'"),
        ({"dimension": 2}, ValueError, r"samples is 1000, .* the nearest is 1024"),
        ({"sampling": "random", "rng": -1}, ValueError, "rng is -1"),
        ({"function": lambda x: 1.0}, ValueError, r"returned shape \(\), but must return one"),
        ({"function": lambda x: np.full(len(x), np.nan)}, ValueError, "returned nan at x"),
    ],
)
def test_bad_functions(arguments, error, message):
    with pytest.raises(error, match=message):
        Task.from_function(**{"function": "square", **arguments})
