"""Several outputs and the losses of classes: the twin against central differences, and the kernel.

Tolerances against the twin are those of test_kernel_gradient.py, with the C outputs of a sum that
goes back into a neuron beside its N + D terms.
"""

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
)

NARROW = (
    Shape(1, 1, 1, 1, outputs=2),
    Shape(17, 3, 2, 33, outputs=2),
    Shape(3, 10, 5, 64, outputs=3),
    Shape(9, 16, 1, 20, outputs=10),
    Shape(2, 65, 64, 7, outputs=17),
)
WIDE = (Shape(3, 300, 1, 64, outputs=3), Shape(1, 257, 7, 5, outputs=10))
SEVERAL = [(shape, loss) for shape in (*NARROW, *WIDE) for loss in ("mse", "cross_entropy")]
ONE = [(Shape(3, 10, 2, 33), "logistic"), (Shape(17, 1, 1, 5), "logistic")]
ONE_WIDE = [(Shape(2, 300, 3, 20), "logistic")]
CASES = [*SEVERAL, *ONE, *ONE_WIDE]
FEW = [
    (Shape(17, 10, 2, 33, outputs=3), "mse"),
    (Shape(17, 10, 2, 33, outputs=3), "cross_entropy"),
    (Shape(17, 10, 2, 33), "logistic"),
    (Shape(3, 300, 2, 33, outputs=3), "cross_entropy"),
]


def tolerance_factor(shape: Shape, dtype: str) -> float:
    """C eps of test_kernel_gradient.py."""
    terms = shape.width + shape.samples + shape.outputs
    return (16 + 4 * terms**0.5) * float(np.finfo(dtype).eps)


def assert_matches_twin(instance: Instance, shape: Shape, activation: str) -> None:
    nets = instance.networks(activation)
    loss, grad = ltens.loss_and_gradient(nets, instance.task(), engine="dense")
    factor = tolerance_factor(shape, nets.dtype.name)
    p, data, kind = instance.parameters, instance.data(), instance.loss
    expected_loss, expected = reference.gradient(p, activation, *data, kind=kind)
    size = reference.gradient_magnitude(p, activation, *data, kind=kind)
    loss_size = reference.loss_magnitude(p, activation, *data, kind=kind)
    assert loss.dtype == np.float64
    assert np.all(np.abs(loss - expected_loss) <= factor * loss_size)
    for name in Parameters._fields:
        found = getattr(grad, name)
        assert found.dtype == nets.dtype
        assert found.shape == getattr(p, name).shape
        terms = getattr(size, name)
        below = np.finfo(nets.dtype).tiny * terms.max()  # where exp underflows
        error = (np.abs(found - getattr(expected, name)) - below) / terms
        assert error.max() <= factor, f"{name}: {error.max() / factor:.2g} of the tolerance"


@pytest.mark.parametrize(("shape", "loss"), FEW, ids=str)
def test_twin_agrees_with_central_differences(shape, loss):
    """Step h = eps^(1/3): truncation h^2 L'''/6 and rounding eps L/h are both about h^2 L."""
    instance = make_instance(shape, "float64", weighted=True, loss=loss)
    rng = np.random.default_rng(5)
    h = float(np.finfo(np.float64).eps) ** (1 / 3)
    direction = [rng.normal(size=array.shape) for array in instance.parameters]

    def loss_at(step: float) -> np.ndarray:
        pairs = zip(instance.parameters, direction, strict=True)
        moved = Parameters(*(p + step * v for p, v in pairs))
        return reference.loss(moved, "tanh", *instance.data(), kind=loss)

    _, grad = reference.gradient(instance.parameters, "tanh", *instance.data(), kind=loss)
    slope = sum(
        (g * v).reshape(shape.networks, -1).sum(axis=1)
        for g, v in zip(grad, direction, strict=True)
    )
    difference = (loss_at(h) - loss_at(-h)) / (2 * h)
    size = reference.loss_magnitude(instance.parameters, "tanh", *instance.data(), kind=loss)
    assert np.all(np.abs(difference - slope) <= h**2 * 10 * shape.width**1.5 * size)


def test_twin_of_large_outputs_is_finite():
    """exp overflows at 710, and log sum exp does not."""
    f, y = np.array([[1000.0, 0.0], [-1000.0, 0.0]]), np.array([[0.0, 1.0], [0.0, 1.0]])
    assert reference.LOSSES["cross_entropy"].value(f, y).tolist() == [1000.0, 0.0]
    assert reference.LOSSES["cross_entropy"].derivative(f, y).tolist() == [[1, -1], [0, 0]]
    one = reference.LOSSES["logistic"]
    assert one.value(f[:, :1], y[:, :1]).tolist() == [1000.0, 0.0]


def test_two_classes_are_a_logistic_difference():
    """Softmax of two outputs is the sigmoid of their difference: the same loss and error."""
    f = np.random.default_rng(0).normal(size=(50, 2))
    label = np.arange(50) % 2
    both = reference.LOSSES["cross_entropy"], reference.LOSSES["logistic"]
    values = [
        getattr(loss, what)(*arguments)
        for what in ("value", "wrong")
        for loss, arguments in zip(
            both,
            ((f, np.eye(2)[label]), (f[:, 1:] - f[:, :1], label[:, None].astype(float))),
            strict=True,
        )
    ]
    np.testing.assert_allclose(values[0], values[1], rtol=1e-13)  # a few roundings
    np.testing.assert_array_equal(values[2], values[3])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("shape", "loss"), CASES, ids=str)
def test_gradient_agrees_with_twin(shape, loss, activation, dtype):
    assert_matches_twin(make_instance(shape, dtype, loss=loss), shape, activation)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("shape", "loss"), CASES, ids=str)
def test_gradient_agrees_with_twin_under_weights(shape, loss, dtype):
    assert_matches_twin(make_instance(shape, dtype, weighted=True, loss=loss), shape, "silu")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("loss", ["cross_entropy", "logistic"])
@pytest.mark.parametrize("scale", [1e-30, 30.0, 1e3])
def test_outputs_far_from_order_one(loss, scale, dtype):
    """Probabilities that are equal, or 0 and 1 to the last bit."""
    shape = Shape(3, 10, 2, 33, outputs=3 if loss == "cross_entropy" else 1)
    instance = make_instance(shape, dtype, loss=loss)
    p = instance.parameters
    real = p.w.dtype.type
    scaled = p._replace(a=p.a * real(scale), c=p.c * real(scale))
    assert_matches_twin(Instance(scaled, *instance.data(), loss), shape, "silu")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("shape", "loss"), FEW, ids=str)
def test_prediction_agrees_with_twin(shape, loss, dtype):
    instance = make_instance(shape, dtype, loss=loss)
    found = instance.networks("silu")(instance.x)
    expected = reference.predict(instance.parameters, "silu", instance.x)
    each = () if shape.outputs == 1 else (shape.outputs,)
    assert found.shape == (shape.networks, shape.samples, *each)
    assert found.dtype == dtype
    # |f_k| is at most 3 sqrt(N) here, and its terms cancel by no more than that
    atol = tolerance_factor(shape, dtype) * 10 * shape.width**0.5
    np.testing.assert_allclose(found, expected, rtol=0, atol=atol)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("shape", "loss"), FEW, ids=str)
def test_a_network_does_not_feel_its_company(shape, loss, dtype):
    instance = make_instance(shape, dtype, loss=loss)
    nets, task = instance.networks("silu"), instance.task()
    together = ltens.loss_and_gradient(nets, task)
    order = np.random.default_rng(3).permutation(shape.networks)
    turned = ltens.loss_and_gradient(nets[order], task)
    assert turned[0].tobytes() == together[0][order].tobytes()
    assert identical(turned[1], together[1][order])
    alone = ltens.loss_and_gradient(nets[1], task)
    assert identical(alone[1], together[1][1])


@pytest.mark.parametrize("dtype", DTYPES)
def test_equal_outputs_have_equal_bits(dtype):
    """Two outputs with the same weights and targets: neither knows where it stands."""
    shape = Shape(3, 10, 2, 33, outputs=2)
    instance = make_instance(shape, dtype)
    p = instance.parameters
    same = p._replace(a=np.repeat(p.a[:, :1], 2, axis=1), c=np.repeat(p.c[:, :1], 2, axis=1))
    task = ltens.Task(instance.x, np.repeat(instance.y[:, :1], 2, axis=1))
    _, grad = ltens.loss_and_gradient(ltens.Networks(*same, activation="silu"), task)
    assert grad.a[:, 0].tobytes() == grad.a[:, 1].tobytes()
    assert grad.c[:, 0].tobytes() == grad.c[:, 1].tobytes()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("width", [10, 300])
def test_a_constant_on_all_outputs_changes_no_cross_entropy(width, dtype):
    """8 is added to every c: outputs of order one are rounded as numbers of order ten."""
    shape = Shape(5, width, 2, 33, outputs=3)
    instance = make_instance(shape, dtype, loss="cross_entropy")
    p, task = instance.parameters, instance.task()
    moved = ltens.Networks(p.w, p.b, p.a, p.c + p.c.dtype.type(8), activation="silu")
    loss, grad = ltens.loss_and_gradient(instance.networks("silu"), task)
    moved_loss, moved_grad = ltens.loss_and_gradient(moved, task)
    factor = 10 * tolerance_factor(shape, dtype)
    size = reference.gradient_magnitude(p, "silu", *instance.data(), kind="cross_entropy")
    loss_size = reference.loss_magnitude(p, "silu", *instance.data(), kind="cross_entropy")
    assert np.all(np.abs(moved_loss - loss) <= factor * loss_size)
    for name in Parameters._fields:
        change = np.abs(getattr(moved_grad, name) - getattr(grad, name))
        assert np.all(change <= factor * getattr(size, name))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("width", [10, 300])
@pytest.mark.parametrize("loss", ["mse", "cross_entropy"])
def test_other_names_of_the_classes_change_rounding_only(loss, width, dtype):
    shape = Shape(5, width, 2, 33, outputs=4)
    instance = make_instance(shape, dtype, loss=loss)
    p, order = instance.parameters, np.array([2, 0, 3, 1])
    turned = ltens.Networks(p.w, p.b, p.a[:, order], p.c[:, order], activation="silu")
    turned_task = ltens.Task(instance.x, instance.y[:, order], loss=loss)
    found = ltens.loss_and_gradient(instance.networks("silu"), instance.task())[1]
    other = ltens.loss_and_gradient(turned, turned_task)[1]
    size = reference.gradient_magnitude(p, "silu", *instance.data(), kind=loss)
    factor = 2 * tolerance_factor(shape, dtype)  # two evaluations, each with its own error
    assert np.all(np.abs(other.w - found.w) <= factor * size.w)
    assert np.all(np.abs(other.a - found.a[:, order]) <= factor * size.a[:, order])
    assert np.all(np.abs(other.c - found.c[:, order]) <= factor * size.c[:, order])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("width", [10, 300])
@pytest.mark.parametrize("loss", ["mse", "cross_entropy"])
def test_a_broken_network_touches_no_neighbour(loss, width, dtype):
    shape = Shape(9, width, 2, 33, outputs=3)
    instance = make_instance(shape, dtype, loss=loss)
    task = instance.task()
    clean = ltens.loss_and_gradient(instance.networks("silu"), task)
    p = instance.parameters
    broken = p._replace(a=p.a.copy())
    broken.a[1, 2, 0] = np.nan
    loss_, grad = ltens.loss_and_gradient(ltens.Networks(*broken, activation="silu"), task)
    others = [s for s in range(9) if s != 1]
    assert np.isnan(loss_[1])
    assert loss_[others].tobytes() == clean[0][others].tobytes()
    assert identical(grad[others], clean[1][others])
