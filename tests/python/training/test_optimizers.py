"""SGD with momentum, cosine and constant learning rates: against the NumPy twin and PyTorch."""

import numpy as np
import pytest

import ltens
import reference
from reference import Parameters, Settings
from support.registry import DTYPES, Shape, identical, make_instance, parameters_of, paths

STEPS = 60
NUMBERS = {"steps": STEPS, "lr": 0.002, "lr_decay_every": 25}
WAYS = [
    {"optimizer": "sgd", "momentum": 0.9},
    {"optimizer": "sgd", "momentum": 0.0, "schedule": "constant"},
    {"optimizer": "sgd", "momentum": 0.5, "schedule": "cosine"},
    {"schedule": "cosine"},
    {"schedule": "constant"},
    {"lr_factors": (0.5, 1, 0.1, 0)},
    {"optimizer": "sgd", "momentum": 0.5, "lr_factors": (1, 0, 2, 0.25)},
]


def assert_close(found: Parameters, expected: Parameters, relative: float) -> None:
    """Compare relative to the largest parameter of each kind."""
    for one, other in zip(found, expected, strict=True):
        assert np.abs(one - other).max() <= relative * np.abs(other).max()


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize(
    ("shape", "engine", "activation"),
    [
        (shape, *path)
        for shape in (Shape(3, 10, 1, 50), Shape(2, 300, 3, 20))
        for path in paths(shape.dimension, ("relu", "silu"), only_exact=True)
    ],
    ids=str,
)
def test_agrees_with_twin(shape, engine, activation, way):
    """60 steps of float64 rounding, each expanded by the loss surface: 1e-9 as in full training."""
    instance = make_instance(shape, "float64", weighted=True)
    run = ltens.train(
        instance.networks(activation),
        instance.task(),
        ltens.Training(**NUMBERS, **way),
        engine=engine,
    )
    expected = reference.train(
        instance.parameters,
        activation,
        instance.x,
        instance.y,
        settings=Settings(**NUMBERS, **way),
        weights=instance.weights,
    )
    assert run.engine == engine
    assert_close(parameters_of(run.networks), expected, 1e-9)
    start = parameters_of(instance.networks(activation))
    assert np.abs(run.networks.w - start.w).max() > 1e-4  # it moved


def test_quadrature_takes_sgd_too():
    instance = make_instance(Shape(4, 10, 1, 200), "float64")
    training = ltens.Training(steps=50, lr=0.002, optimizer="sgd", schedule="cosine")
    nets, task = instance.networks("silu"), instance.task()
    dense = ltens.train(nets, task, training, engine="dense")
    quadrature = ltens.train(nets, task, training, engine="quadrature", rtol=1e-6)
    # 50 steps whose gradients agree to the error measured, which rtol bounds
    np.testing.assert_allclose(quadrature.loss, dense.loss, rtol=1e-4)


@pytest.mark.parametrize("dtype", DTYPES)
def test_float32_rounds_the_same_step(dtype):
    """One step without momentum is p - lr g: the gradient is loss_and_gradient's, bit for bit."""
    instance = make_instance(Shape(3, 10, 2, 40), dtype)
    nets, task = instance.networks("tanh"), instance.task()
    lr = 0.25  # a power of two: the product is exact
    training = ltens.Training(steps=1, lr=lr, optimizer="sgd", momentum=0.0, schedule="constant")
    run = ltens.train(nets, task, training, engine="dense")
    _, gradient = ltens.loss_and_gradient(nets, task, engine="dense")
    for now, start, g in zip(
        parameters_of(run.networks), parameters_of(nets), parameters_of(gradient), strict=True
    ):
        assert np.array_equal(now, start - np.asarray(lr, dtype) * g)


@pytest.mark.parametrize(
    ("optimizer", "make"),
    [
        ("sgd", lambda torch, p: torch.optim.SGD(p, lr=0.002, momentum=0.9)),
        ("adam", lambda torch, p: torch.optim.Adam(p, lr=0.002)),
    ],
)
def test_cosine_agrees_with_pytorch(optimizer, make):
    torch = pytest.importorskip("torch", reason="the comparison with PyTorch needs torch")
    instance = make_instance(Shape(1, 10, 2, 50), "float64")
    training = ltens.Training(steps=STEPS, lr=0.002, optimizer=optimizer, schedule="cosine")
    run = ltens.train(instance.networks("tanh"), instance.task(), training)
    w, b, a, c = (
        torch.tensor(array[0], dtype=torch.float64, requires_grad=True)
        for array in instance.parameters
    )
    x, y = torch.tensor(instance.x), torch.tensor(instance.y)
    descent = make(torch, [w, b, a, c])
    rate = torch.optim.lr_scheduler.CosineAnnealingLR(descent, T_max=STEPS)
    for _ in range(STEPS):
        descent.zero_grad()
        ((torch.tanh(x @ w.T + b) @ a + c - y) ** 2).mean().backward()
        descent.step()
        rate.step()
    found = parameters_of(run.networks)
    expected = Parameters(*(p.detach().numpy()[None] for p in (w, b, a, c)))
    # PyTorch updates the cosine by a recursion whose rounding is a few eps a step
    assert_close(found, expected, 1e-9)


@pytest.mark.parametrize("width", [10, 300])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("engine", "activation"), paths(activations=("relu", "silu")))
def test_a_factor_of_zero_keeps_a_layer(engine, activation, dtype, width):
    nets = make_instance(Shape(3, width, 1, 40), dtype).networks(activation)
    task = make_instance(Shape(3, width, 1, 40), dtype).task()
    training = ltens.Training(steps=20, lr_factors=(0, 0, 1, 1))
    run = ltens.train(nets, task, training, engine=engine)
    assert run.networks.w.tobytes() == nets.w.tobytes()
    assert run.networks.b.tobytes() == nets.b.tobytes()
    assert np.all(run.networks.c != nets.c)


def test_momentum_is_of_sgd_only():
    instance = make_instance(Shape(2, 5, 1, 20), "float32")
    runs = [
        ltens.train(
            instance.networks("relu"), instance.task(), ltens.Training(steps=20, momentum=momentum)
        )
        for momentum in (0.0, 0.9)
    ]
    assert identical(runs[0].networks, runs[1].networks)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"optimizer": "adamw"}, ValueError, "optimizer is 'adamw'.*adam"),
        ({"schedule": "linear"}, ValueError, "schedule is 'linear'"),
        ({"momentum": 1.0}, ValueError, "momentum is 1.0, but must be at least 0 and below 1"),
        ({"batch_size": 0}, ValueError, "batch_size is 0"),
        ({"batch_size": 2.5}, TypeError, "batch_size is 2.5"),
        ({"held_out_every": 0}, ValueError, "held_out_every is 0"),
        ({"patience": -1}, ValueError, "patience is -1"),
        ({"lr_factors": 2}, TypeError, "lr_factors is 2, but must be four numbers"),
        ({"lr_factors": (1, 1, 1)}, ValueError, "four numbers of at least 0"),
        ({"lr_factors": (1, 1, -1, 1)}, ValueError, "four numbers of at least 0"),
        ({"lr_factors": (1, 1, "x", 1)}, TypeError, r"lr_factors\[2\] is 'x'"),
    ],
)
def test_settings_are_checked(changes, error, message):
    with pytest.raises(error, match=message):
        ltens.Training(**changes)
