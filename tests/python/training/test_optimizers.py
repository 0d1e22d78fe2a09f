"""Optimizers, weight decay and learning rates: against the NumPy twin and PyTorch."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import ltens
import reference
from reference import Parameters, Settings
from support.registry import DTYPES, Shape, identical, make_instance, parameters_of, paths

STEPS = 60
NUMBERS = {"steps": STEPS, "lr": 0.002, "lr_decay_every": 25}
WAYS: list[dict[str, Any]] = [
    {"optimizer": "sgd", "momentum": 0.9},
    {"optimizer": "sgd", "momentum": 0.0, "schedule": "constant"},
    {"optimizer": "sgd", "momentum": 0.5, "schedule": "cosine"},
    {"schedule": "cosine"},
    {"schedule": "constant"},
    {"lr_factors": (0.5, 1, 0.1, 0)},
    {"optimizer": "sgd", "momentum": 0.5, "lr_factors": (1, 0, 2, 0.25)},
    {"optimizer": "adamw", "weight_decay": (0.5, 0, 2, -1), "schedule": "wsd", "warmup": 7},
    {"optimizer": "adamw", "weight_decay": (0.5,) * 4, "lr_factors": (2, 1, 0, 0.5)},
    {"optimizer": "sign", "weight_decay": (0.5,) * 4, "schedule": "cosine", "lr_floor": 0.1},
    {"optimizer": "sign", "momentum": 0.0, "schedule": "power", "lr_power_time": 10.0},
    {"weight_decay": (0.1, 0.1, 0, 0.1), "schedule": "power", "lr_power": 1.5, "warmup": 60},
    {"optimizer": "sgd", "weight_decay": (3, -3, 0, 1), "schedule": "wsd", "lr_floor": 0.5},
    {"schedule": "wsd", "cooldown": 1.0},
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


@pytest.mark.parametrize("width", [10, 300])
@pytest.mark.parametrize("way", [way for way in WAYS if way.get("optimizer") != "sign"], ids=str)
def test_quadrature_takes_them_too(way, width):
    """All but sign, for which an error of the gradient is not small where it changes sign."""
    instance = make_instance(Shape(4, width, 1, 200), "float64")
    training = ltens.Training(**NUMBERS, **way)
    nets, task = instance.networks("silu"), instance.task()
    dense = ltens.train(nets, task, training, engine="dense")
    quadrature = ltens.train(nets, task, training, engine="quadrature", rtol=1e-6)
    # 60 steps whose gradients agree to the error measured, which rtol bounds
    np.testing.assert_allclose(quadrature.loss, dense.loss, rtol=1e-4)


def test_quadrature_takes_a_step_of_sign_descent():
    instance = make_instance(Shape(4, 10, 1, 200), "float64")
    nets, task = instance.networks("silu"), instance.task()
    training = ltens.Training(steps=1, lr=0.25, optimizer="sign", schedule="constant")
    run = ltens.train(nets, task, training, engine="quadrature", rtol=1e-6)
    _, gradient = ltens.loss_and_gradient(nets, task, engine="dense")
    assert run.engine == "quadrature"
    for now, start, g in zip(
        parameters_of(run.networks), parameters_of(nets), parameters_of(gradient), strict=True
    ):
        np.testing.assert_array_equal(now, start - 0.25 * np.sign(g))


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize(
    ("shape", "engine", "activation"),
    [
        (shape, *path)
        for shape in (Shape(3, 10, 1, 50), Shape(2, 300, 1, 50))
        for path in paths(activations=("relu", "silu"))
    ],
    ids=str,
)
def test_float32_agrees_with_twin(shape, engine, activation, way):
    """Five steps of at most 0.004: an error of the gradient's sign alone would move more than 1e-3.

    Rounding: eps times the cancellation in a gradient's sum, below 1e3; quadrature: its rtol.
    """
    numbers = {**NUMBERS, "steps": 5, "warmup": 0}
    way = {**way, "warmup": min(way.get("warmup", 0), 3)}
    instance = make_instance(shape, "float32")
    run = ltens.train(
        instance.networks(activation),
        instance.task(),
        ltens.Training(**{**numbers, **way}),
        engine=engine,
        rtol=1e-7,
    )
    expected = reference.train(
        instance.parameters,
        activation,
        instance.x,
        instance.y,
        settings=Settings(**{**numbers, **way}),
    )
    eps = float(np.finfo(np.float32).eps)
    assert_close(parameters_of(run.networks), expected, 1e3 * eps)


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


TORCH_STEPS = 200
LR = 0.002
Torch = dict[str, tuple[dict[str, Any], Callable[..., Any]]]
TORCH_OPTIMIZERS: Torch = {  # the fields of Training, and the function of torch and its parameters
    "sgd": ({"optimizer": "sgd"}, lambda torch, p: torch.optim.SGD(p, LR, momentum=0.9)),
    "sgd that decays, without momentum": (
        {"optimizer": "sgd", "momentum": 0.0, "weight_decay": 0.3},
        lambda torch, p: torch.optim.SGD(p, LR, weight_decay=0.3),
    ),
    "adam": ({}, lambda torch, p: torch.optim.Adam(p, LR)),
    "adam with an L2 penalty": (
        {"weight_decay": 0.3},
        lambda torch, p: torch.optim.Adam(p, LR, weight_decay=0.3),
    ),
    "adamw": (
        {"optimizer": "adamw", "weight_decay": 0.3},
        lambda torch, p: torch.optim.AdamW(p, LR, weight_decay=0.3),
    ),
    "adamw, each array its own": (
        {"optimizer": "adamw", "weight_decay": (3, 0, 1, -2), "lr_factors": (2, 1, 0.5, 1)},
        lambda torch, p: torch.optim.AdamW(
            [
                {"params": [each], "lr": LR * factor, "weight_decay": decay}
                for each, factor, decay in zip(p, (2, 1, 0.5, 1), (3, 0, 1, -2), strict=True)
            ]
        ),
    ),
    "sign": ({"optimizer": "sign"}, lambda torch, p: sign_descent(torch, p, momentum=0.9)),
    "sign without momentum": (
        {"optimizer": "sign", "momentum": 0.0, "weight_decay": 0.3},
        lambda torch, p: sign_descent(torch, p, momentum=0.0, weight_decay=0.3),
    ),
}
TORCH_SCHEDULES: Torch = {
    "step": (
        {"schedule": "step", "lr_decay_every": 60},
        lambda rates, of: rates.StepLR(of, step_size=60, gamma=0.2),
    ),
    "cosine": (
        {"schedule": "cosine"},
        lambda rates, of: rates.CosineAnnealingLR(of, T_max=TORCH_STEPS),
    ),
    "cosine to a floor": (
        {"schedule": "cosine", "lr_floor": 0.05},
        lambda rates, of: rates.LambdaLR(
            of, lambda t: 0.05 + 0.95 * (1 + np.cos(np.pi * t / TORCH_STEPS)) / 2
        ),
    ),
    "cosine to a floor of PyTorch's own": (
        {"schedule": "cosine", "lr_floor": 0.05, "lr_factors": (1, 1, 1, 1)},
        lambda rates, of: rates.CosineAnnealingLR(of, T_max=TORCH_STEPS, eta_min=0.05 * LR),
    ),
    "warm-up": (
        {"schedule": "constant", "warmup": 50},
        lambda rates, of: rates.LinearLR(of, start_factor=1 / 50, total_iters=49),
    ),
    "warm-up, stable, decay": (
        {"schedule": "wsd", "warmup": 20, "cooldown": 0.25, "lr_floor": 0.1},
        lambda rates, of: rates.LambdaLR(
            of,
            lambda t: min(1, (t + 1) / 20) * (1 if t < 150 else 0.1 + 0.9 * (200 - t) / 50),
        ),
    ),
    "power": (
        {"schedule": "power", "lr_power": 0.7, "lr_power_time": 30.0},
        lambda rates, of: rates.LambdaLR(of, lambda t: (1 + t / 30) ** -0.7),
    ),
}


def sign_descent(torch, parameters, *, momentum: float, weight_decay: float = 0.0):
    """Signum as PyTorch would have it: SGD's mean, then its sign."""

    class SignDescent(torch.optim.Optimizer):
        def step(self):
            for group in self.param_groups:
                for p in group["params"]:
                    state = self.state[p]
                    mean = state.get("mean", torch.zeros_like(p)) * momentum + p.grad
                    state["mean"] = mean
                    with torch.no_grad():
                        p.mul_(1 - group["lr"] * weight_decay)
                        p.add_(torch.sign(mean), alpha=-group["lr"])

    return SignDescent(parameters, {"lr": LR})


def trained_by_torch(torch, instance, make, make_rate) -> Parameters:
    """200 steps on the whole task."""
    w, b, a, c = parameters = [
        torch.tensor(array[0], dtype=torch.float64, requires_grad=True)
        for array in instance.parameters
    ]
    x, y = torch.tensor(instance.x), torch.tensor(instance.y)
    descent = make(torch, parameters)
    rate = make_rate(torch.optim.lr_scheduler, descent)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # the arrays are tiny: waking threads would take the most time
    for _ in range(TORCH_STEPS):
        descent.zero_grad()
        ((torch.tanh(x @ w.T + b) @ a + c - y) ** 2).mean().backward()
        descent.step()
        rate.step()
    torch.set_num_threads(threads)
    return Parameters(*(p.detach().numpy()[None] for p in parameters))


@pytest.mark.parametrize("width", [10, 300])
@pytest.mark.parametrize(
    ("optimizer", "schedule"),
    [
        *((name, "cosine") for name in TORCH_OPTIMIZERS),
        *(("adamw", name) for name in TORCH_SCHEDULES),
        *(("sgd", name) for name in TORCH_SCHEDULES),
    ],
)
def test_each_way_agrees_with_pytorch(optimizer, schedule, width):
    """200 steps of float64 rounding, which the loss surface expands by 1e7 at the most."""
    torch = pytest.importorskip("torch", reason="the comparison with PyTorch needs torch")
    instance = make_instance(Shape(1, width, 2, 50), "float64")
    way, make = TORCH_OPTIMIZERS[optimizer]
    rate, make_rate = TORCH_SCHEDULES[schedule]
    training = ltens.Training(steps=TORCH_STEPS, lr=LR, **{**rate, **way})
    run = ltens.train(instance.networks("tanh"), instance.task(), training)
    expected = trained_by_torch(torch, instance, make, make_rate)
    assert_close(parameters_of(run.networks), expected, 1e-9)


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


@pytest.mark.parametrize("width", [10, 300])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    "way", [way for way in WAYS if way.get("optimizer") in ("adamw", "sign")], ids=str
)
@pytest.mark.parametrize(("engine", "activation"), paths(activations=("relu", "silu")))
def test_divergence_is_contained(engine, activation, way, dtype, width):
    instance = make_instance(Shape(4, width, 1, 40), dtype)
    broken = instance.parameters._replace(b=instance.parameters.b.copy())
    broken.b[2, 1] = np.nan
    training = ltens.Training(**NUMBERS, **way)
    runs = [
        ltens.train(
            ltens.Networks(*p, activation=activation), instance.task(), training, engine=engine
        )
        for p in (instance.parameters, broken)
    ]
    assert runs[1].status.tolist() == [
        ltens.STATUS.index(s) for s in ("ok", "ok", "diverged", "ok")
    ]
    assert np.isnan(runs[1].loss[2])
    assert identical(runs[0].networks[[0, 1, 3]], runs[1].networks[[0, 1, 3]])


@pytest.mark.parametrize("optimizer", ["adamw", "sgd", "sign"])
@pytest.mark.parametrize(
    ("engine", "activation"), paths(activations=("relu", "silu"), only_exact=True)
)
def test_what_is_decoupled_decays_without_a_gradient(engine, activation, optimizer):
    """A network at its target: w and b shrink by (1 - lr decay) a step, and c grows.

    Exact engines: of the others the gradient is rounding there, which adam and sign take for real.
    """
    nets = make_instance(Shape(3, 10, 1, 20), "float64").networks(activation)
    nets.a[:] = 0.0  # no gradient of w and b
    nets.c[:] = 1.0
    x = np.linspace(-1, 1, 20)
    training = ltens.Training(
        steps=1, lr=0.01, optimizer=optimizer, weight_decay=(10, 20, 0, -30), schedule="constant"
    )
    run = ltens.train(nets, ltens.Task(x, np.ones(20)), training, engine=engine)
    for name, factor in {"w": 0.9, "b": 0.8, "c": 1.3}.items():
        np.testing.assert_allclose(
            getattr(run.networks, name), factor * getattr(nets, name), rtol=1e-14
        )
    assert np.all(run.networks.a == 0)


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
        ({"optimizer": "lion"}, ValueError, "optimizer is 'lion'.* did you mean 'sign'"),
        ({"schedule": "linear"}, ValueError, "schedule is 'linear'.* did you mean 'wsd'"),
        ({"learning_rate": 0.1}, TypeError, "Training has no argument 'learning_rate': .*'lr'"),
        ({"wd": 0.1}, TypeError, "no argument 'wd': did you mean 'weight_decay'"),
        ({"warmup": -1}, ValueError, "warmup is -1"),
        ({"warmup": 2.5}, TypeError, "warmup is 2.5"),
        ({"warmup": 11, "steps": 10}, ValueError, "warmup is 11, but the run has 10 steps"),
        (
            {"warmup": 9, "steps": 10, "schedule": "wsd"},
            ValueError,
            "warmup is 9 and cooldown 0.2 of 10 steps, .* longer than the run",
        ),
        ({"cooldown": 1.5}, ValueError, "cooldown is 1.5, but must be at least 0 and at most 1"),
        ({"lr_floor": -0.1}, ValueError, "lr_floor is -0.1, but must be at least 0"),
        ({"lr_power": 0}, ValueError, "lr_power is 0.0, but must be above 0"),
        ({"lr_power_time": -3}, ValueError, "lr_power_time is -3.0, but must be above 0"),
        ({"weight_decay": "much"}, TypeError, "weight_decay is 'much', but must be a number"),
        ({"weight_decay": (1, 2)}, ValueError, "but must be one number or four, of w, b, a and c"),
        ({"weight_decay": float("inf")}, ValueError, "weight_decay is inf, but must be finite"),
        (
            {"optimizer": "adamw", "weight_decay": 100},
            ValueError,
            "weight_decay of w is 100, but times its learning rate 0.01 it must be below 1",
        ),
        (
            {"optimizer": "sgd", "weight_decay": (0, 0, 60, 0), "lr_factors": (1, 1, 2, 1)},
            ValueError,
            "weight_decay of a is 60, but times its learning rate 0.02",
        ),
        ({"parametrization": "sp"}, ValueError, "parametrization is 'sp'.* mean 'standard'"),
        ({"base_width": 0}, ValueError, "base_width is 0"),
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
