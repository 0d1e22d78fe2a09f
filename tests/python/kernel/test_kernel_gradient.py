"""The gradient kernels against the NumPy twin, central differences, and laws of symmetry.

Engines that approximate are compared with the twin in tests of their own; the laws hold for all.

Tolerance against the twin: every element is a sum whose terms carry a few rounding errors each and
whose N + D additions carry one more. Independent roundings add like a random walk, so the error is
at most (16 + 4 sqrt(N + D)) eps times the sum of the absolute terms (`reference.magnitude`): 16 for
the product and the activation (stated at a few ulp), 4 standard deviations for the sums.
"""

from dataclasses import replace

import numpy as np
import pytest

import ltens
import reference
from reference import Parameters
from support.registry import (
    ACTIVATIONS,
    DTYPES,
    Instance,
    Shape,
    identical,
    make_instance,
    parameters_of,
    paths,
)

SHAPES = [
    Shape(1, 1, 1, 1),
    Shape(17, 1, 3, 64),
    Shape(3, 2, 1, 257),
    Shape(17, 7, 1, 5),
    Shape(3, 8, 3, 64),
    Shape(1, 16, 1, 257),
    Shape(17, 17, 1, 64),
    Shape(3, 33, 3, 5),
    Shape(3, 64, 1, 64),
    Shape(17, 65, 1, 1),
    Shape(1, 65, 3, 257),
    Shape(3, 130, 1, 64),
    Shape(3, 200, 3, 5),
    Shape(1, 1000, 1, 64),
    Shape(3, 1000, 3, 5),
]
NARROW = Shape(17, 10, 1, 64)
WIDE = Shape(3, 300, 1, 64)


def tolerance_factor(shape: Shape, dtype: str) -> float:
    """C eps of the module docstring."""
    return (16 + 4 * (shape.width + shape.samples) ** 0.5) * float(np.finfo(dtype).eps)


def assert_matches_twin(
    instance: Instance, shape: Shape, activation: str, **options: object
) -> None:
    """Compare loss and gradient of `ltens` with the twin, element by element."""
    nets = instance.networks(activation)
    loss, grad = ltens.loss_and_gradient(nets, instance.task(), **options)
    factor = tolerance_factor(shape, nets.w.dtype.name)
    expected_loss, expected = reference.gradient(instance.parameters, activation, *instance.data())
    size = reference.gradient_magnitude(instance.parameters, activation, *instance.data())
    loss_size = reference.loss_magnitude(instance.parameters, activation, *instance.data())
    assert loss.dtype == np.float64
    assert np.all(np.abs(loss - expected_loss) <= factor * loss_size)
    for name in Parameters._fields:
        found = getattr(grad, name)
        assert found.dtype == nets.w.dtype
        error = np.abs(found - getattr(expected, name)) / getattr(size, name)
        assert error.max() <= factor, f"{name}: {error.max() / factor:.2g} of the tolerance"


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("shape", "engine", "activation"),
    [(shape, *path) for shape in SHAPES for path in paths(shape.dimension, only_exact=True)],
    ids=str,
)
def test_gradient_agrees_with_twin(shape, engine, activation, dtype):
    assert_matches_twin(make_instance(shape, dtype), shape, activation, engine=engine)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("engine", "activation"), paths(only_exact=True))
@pytest.mark.parametrize("shape", [NARROW, WIDE], ids=str)
def test_gradient_agrees_with_twin_under_weights(shape, engine, activation, dtype):
    instance = make_instance(shape, dtype, weighted=True)
    assert_matches_twin(instance, shape, activation, engine=engine)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("engine", "activation"), paths(only_exact=True))
@pytest.mark.parametrize("scale", [1e-30, 20.0, 1e4])
def test_gradient_far_from_order_one(engine, activation, dtype, scale):
    """Pre-activations that underflow, saturate, or need argument reduction (sin at 1e4)."""
    if activation == "square" and scale == 1e4 and dtype == "float32":
        scale = 1e2  # stay within the range of float32 for z^2 and its square
    shape = Shape(3, 5, 1, 33)
    instance = make_instance(shape, dtype)
    p = instance.parameters
    real = p.w.dtype.type
    instance = replace(instance, parameters=p._replace(w=p.w * real(scale), b=p.b * real(scale)))
    assert_matches_twin(instance, shape, activation, engine=engine)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("engine", "activation"), paths(only_exact=True))
@pytest.mark.parametrize("width", [3, 70])
def test_gradient_at_breakpoints_and_dead_neurons(engine, activation, dtype, width):
    """Every neuron has w = 0, or its breakpoint exactly on a sample, where act' is PyTorch's."""
    shape = Shape(3, width, 1, 9)
    instance = make_instance(shape, dtype)
    x = np.linspace(-2, 2, 9)[:, None]  # multiples of 1/2: exact
    p = instance.parameters
    w = np.where(np.arange(width) % 3 == 0, 0, 0.25 * (1 + np.arange(width) % 4))
    b = np.where(np.arange(width) % 3 == 0, 0, -w * x[np.arange(width) % 9, 0])
    exact = p._replace(
        w=np.broadcast_to(w[:, None], p.w.shape).astype(dtype),
        b=np.broadcast_to(b, p.b.shape).astype(dtype),
    )
    instance = replace(instance, parameters=exact, x=x, y=x[:, 0] ** 2)
    assert_matches_twin(instance, shape, activation, engine=engine)


@pytest.mark.parametrize(
    ("shape", "engine", "activation"),
    [
        (shape, *path)
        for shape in (Shape(2, 5, 2, 11), Shape(2, 70, 1, 11))
        for path in paths(shape.dimension, only_exact=True)
    ],
    ids=str,
)
def test_gradient_agrees_with_central_differences(shape, engine, activation):
    """Directional derivative; step h = eps^(1/3) balances truncation h^2 and rounding eps / h."""
    instance = make_instance(shape, "float64", weighted=True, seed=1)
    rng = np.random.default_rng(2)
    direction = [rng.normal(size=array.shape) for array in instance.parameters]
    eps = float(np.finfo(np.float64).eps)
    h = eps ** (1 / 3)

    def loss_at(step: float) -> np.ndarray:
        moved = Parameters(
            *(p + step * v for p, v in zip(instance.parameters, direction, strict=True))
        )
        return ltens.loss_and_gradient(
            ltens.Networks(*moved, activation=activation), instance.task(), engine=engine
        )[0]

    nets = instance.networks(activation)
    _loss, grad = ltens.loss_and_gradient(nets, instance.task(), engine=engine)
    slope = sum(
        (g * v).reshape(shape.networks, -1).sum(axis=1)
        for g, v in zip(parameters_of(grad), direction, strict=True)
    )
    difference = (loss_at(h) - loss_at(-h)) / (2 * h)
    # h^2 L'''/6 + eps L/h, both about h^2 times the loss and its derivatives; |v|^3 grows as N^1.5
    magnitude = reference.loss_magnitude(instance.parameters, activation, *instance.data())
    assert np.all(np.abs(difference - slope) <= h**2 * 10 * shape.width**1.5 * magnitude)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("engine", "activation"), paths())
@pytest.mark.parametrize("shape", [NARROW, WIDE], ids=str)
@pytest.mark.parametrize("poison", [np.nan, np.inf, -np.inf])
def test_a_broken_network_touches_no_neighbour(shape, engine, activation, dtype, poison):
    instance = make_instance(shape, dtype)
    task = instance.task()
    clean = ltens.loss_and_gradient(instance.networks(activation), task, engine=engine)
    broken = instance.parameters._replace(w=instance.parameters.w.copy())
    broken.w[1, 0] = poison
    nets = ltens.Networks(*broken, activation=activation)
    loss, grad = ltens.loss_and_gradient(nets, task, engine=engine)
    others = [s for s in range(shape.networks) if s != 1]
    assert loss[others].tobytes() == clean[0][others].tobytes()
    assert identical(grad[others], clean[1][others])
    if np.isnan(poison):
        assert np.isnan(loss[1])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [NARROW, WIDE], ids=str)
@pytest.mark.parametrize(("engine", "activation"), paths(activations=("relu", "silu")))
def test_permuting_networks_permutes_the_bits(shape, engine, activation, dtype):
    instance = make_instance(shape, dtype)
    nets, task = instance.networks(activation), instance.task()
    order = np.random.default_rng(3).permutation(shape.networks)
    loss, grad = ltens.loss_and_gradient(nets, task, engine=engine)
    loss_permuted, grad_permuted = ltens.loss_and_gradient(nets[order], task, engine=engine)
    assert loss_permuted.tobytes() == loss[order].tobytes()
    assert identical(grad_permuted, grad[order])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [NARROW, WIDE], ids=str)
@pytest.mark.parametrize(("engine", "activation"), paths(activations=("relu", "silu")))
def test_permuting_neurons_changes_rounding_only(shape, engine, activation, dtype):
    instance = make_instance(shape, dtype)
    order = np.random.default_rng(4).permutation(shape.width)
    p = instance.parameters
    turned = Parameters(p.w[:, order], p.b[:, order], p.a[:, order], p.c)
    nets, turned_nets = (
        instance.networks(activation),
        ltens.Networks(*turned, activation=activation),
    )
    _, grad = ltens.loss_and_gradient(nets, instance.task(), engine=engine)
    _, grad_turned = ltens.loss_and_gradient(turned_nets, instance.task(), engine=engine)
    size = reference.gradient_magnitude(turned, activation, *instance.data())
    factor = 2 * tolerance_factor(shape, dtype)  # two evaluations, each with its own error
    assert np.all(np.abs(grad.w[:, order] - grad_turned.w) <= factor * size.w)
    assert np.all(np.abs(grad.b[:, order] - grad_turned.b) <= factor * size.b)
    assert np.all(np.abs(grad.a[:, order] - grad_turned.a) <= factor * size.a)
    assert np.all(np.abs(grad.c - grad_turned.c) <= factor * size.c)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [NARROW, WIDE], ids=str)
@pytest.mark.parametrize(("engine", "activation"), paths(activations=("relu", "silu")))
def test_doubling_the_data_changes_no_gradient(shape, engine, activation, dtype):
    instance = make_instance(shape, dtype)
    twice = ltens.Task(np.concatenate([instance.x] * 2), np.concatenate([instance.y] * 2))
    nets = instance.networks(activation)
    _, once_grad = ltens.loss_and_gradient(nets, instance.task(), engine=engine)
    _, twice_grad = ltens.loss_and_gradient(nets, twice, engine=engine)
    size = reference.gradient_magnitude(instance.parameters, activation, *instance.data())
    factor = 2 * tolerance_factor(replace(shape, samples=2 * shape.samples), dtype)
    for name in Parameters._fields:
        change = np.abs(getattr(once_grad, name) - getattr(twice_grad, name))
        assert np.all(change <= factor * getattr(size, name))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("shape", [Shape(3, 10, 3, 64), Shape(2, 300, 1, 5)], ids=str)
def test_prediction_agrees_with_twin(shape, activation, dtype):
    instance = make_instance(shape, dtype)
    found = instance.networks(activation)(instance.x)
    expected = reference.predict(instance.parameters, activation, instance.x)
    # with y = 0 and one sample the loss magnitude is the square of the residual's magnitude
    size = np.stack(
        [
            reference.loss_magnitude(instance.parameters, activation, x[None], np.zeros(1)) ** 0.5
            for x in instance.x
        ],
        axis=1,
    )
    assert found.shape == (shape.networks, shape.samples)
    assert np.all(np.abs(found - expected) <= tolerance_factor(shape, dtype) * size)
