"""Training against the NumPy twin and PyTorch; history, status and cancellation."""

import threading

import numpy as np
import pytest

import ltens
import reference
from reference import Parameters, Settings
from support.registry import (
    ACTIVATIONS,
    DTYPES,
    Shape,
    identical,
    make_instance,
    parameters_of,
    paths,
)

SHAPE = Shape(3, 10, 1, 50)
STEPS = 200
SETTINGS = Settings(steps=STEPS, lr_decay_every=80)  # two decays within the run
TRAINING = ltens.Training(steps=STEPS, lr_decay_every=80)

# 200 steps multiply a rounding error of 1e-16 by the loss surface's expansion, 1e7 at the most
STRICT = 1e-9


def assert_close(found: Parameters, expected: Parameters, relative: float) -> None:
    """Compare relative to the largest parameter of each network and kind."""
    for name, one, other in zip(Parameters._fields, found, expected, strict=True):
        rows = len(other)
        size = np.abs(other).reshape(rows, -1).max(axis=1)
        error = np.abs(one - other).reshape(rows, -1).max(axis=1) / size
        assert error.max() <= relative, f"{name} differs by {error.max():.2g}"


@pytest.mark.parametrize(
    ("shape", "engine", "activation"),
    [
        (shape, *path)
        for shape in (SHAPE, Shape(2, 70, 3, 20))
        for path in paths(shape.dimension, only_exact=True)
    ],
    ids=str,
)
def test_training_agrees_with_twin(shape, engine, activation):
    instance = make_instance(shape, "float64", weighted=True)
    run = ltens.train(instance.networks(activation), instance.task(), TRAINING, engine=engine)
    expected = reference.train(
        instance.parameters,
        activation,
        instance.x,
        instance.y,
        settings=SETTINGS,
        weights=instance.weights,
    )
    assert_close(parameters_of(run.networks), expected, STRICT)
    assert np.all(run.status == ltens.STATUS.index("ok"))
    assert np.all(run.steps == STEPS)


@pytest.mark.parametrize(("beta1", "beta2", "epsilon"), [(0.0, 0.9, 1e-3), (0.5, 0.0, 1e-2)])
def test_unusual_adam_settings_agree_with_twin(beta1, beta2, epsilon):
    instance = make_instance(SHAPE, "float64")
    numbers = {
        "steps": 50, "lr": 0.003, "lr_decay": 0.5, "lr_decay_every": 7,
        "beta1": beta1, "beta2": beta2, "epsilon": epsilon,
    }  # fmt: skip
    training = ltens.Training(**numbers)
    run = ltens.train(instance.networks("tanh"), instance.task(), training, engine="dense")
    expected = reference.train(
        instance.parameters, "tanh", instance.x, instance.y, settings=Settings(**numbers)
    )
    assert_close(parameters_of(run.networks), expected, STRICT)


@pytest.mark.parametrize(("engine", "activation"), paths(only_exact=True))
def test_float32_training_agrees_with_twin(engine, activation):
    """Twenty steps move a parameter by 0.2 at most; float32 errs by eps times a condition of 1e3.

    Adam divides the gradient by its size, so a gradient element's relative error enters: eps times
    the cancellation in its sum, here below 1e3 for all elements.
    """
    instance = make_instance(SHAPE, "float32")
    training = ltens.Training(steps=20)
    run = ltens.train(instance.networks(activation), instance.task(), training, engine=engine)
    expected = reference.train(
        instance.parameters, activation, instance.x, instance.y, settings=Settings(steps=20)
    )
    eps = float(np.finfo(np.float32).eps)
    assert_close(parameters_of(run.networks), expected, 1e3 * eps)


def torch_activation(torch, name: str):
    """The activation as a module of torch, whose functions have the names of ours."""
    own = {"relu2": lambda z: torch.relu(z) ** 2}
    function = own.get(name) or getattr(torch, name, None) or getattr(torch.nn.functional, name)

    class Function(torch.nn.Module):
        def forward(self, z):
            return function(z)

    return Function()


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_training_agrees_with_pytorch(activation):
    torch = pytest.importorskip("torch", reason="the comparison with PyTorch needs torch")
    shape = Shape(1, 10, 2, 50)
    instance = make_instance(shape, "float64")
    run = ltens.train(instance.networks(activation), instance.task(), TRAINING)

    def tensor(array: np.ndarray):
        return torch.tensor(array, dtype=torch.float64)

    p = instance.parameters
    net = torch.nn.Sequential(
        torch.nn.Linear(shape.dimension, shape.width),
        torch_activation(torch, activation),
        torch.nn.Linear(shape.width, 1),
    ).double()
    start = (p.w[0], p.b[0], p.a[0][None, :], p.c)
    with torch.no_grad():
        for parameter, values in zip(net.parameters(), start, strict=True):
            parameter.copy_(tensor(values))
    optimiser = torch.optim.Adam(net.parameters(), lr=TRAINING.lr)
    schedule = torch.optim.lr_scheduler.StepLR(
        optimiser, step_size=TRAINING.lr_decay_every, gamma=TRAINING.lr_decay
    )
    x, y = tensor(instance.x), tensor(instance.y)[:, None]
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # the arrays are tiny: waking threads would take the most time
    for _ in range(STEPS):
        optimiser.zero_grad()
        torch.nn.functional.mse_loss(net(x), y).backward()
        optimiser.step()
        schedule.step()
    torch.set_num_threads(threads)
    w, b, a, c = (parameter.detach().numpy() for parameter in net.parameters())
    assert_close(parameters_of(run.networks), Parameters(w[None], b[None], a, c), STRICT)
    final = torch.nn.functional.mse_loss(net(x), y).item()
    assert run.loss[0] == pytest.approx(final, rel=STRICT)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("width", [10, 300])
@pytest.mark.parametrize(("engine", "activation"), paths(activations=("relu", "silu")))
def test_history_is_the_final_loss_of_shorter_trainings(engine, activation, width, dtype):
    instance = make_instance(Shape(5, width, 1, 40), dtype)
    nets, task = instance.networks(activation), instance.task()
    steps = [0, 1, 2, 9, 10]
    training = ltens.Training(steps=10, lr_decay_every=4)
    run = ltens.train(nets, task, training, checkpoints=steps, engine=engine)
    assert run.checkpoints.tolist() == steps
    assert run.history.shape == (5, len(steps))
    for k, count in enumerate(steps):
        part = ltens.Training(steps=count, lr_decay_every=4)
        shorter = ltens.train(nets, task, part, engine=engine)
        assert run.history[:, k].tobytes() == shorter.loss.tobytes()
        expected = reference.loss(
            parameters_of(shorter.networks), activation, instance.x, instance.y
        )
        # both in float64, of the same parameters: N + D roundings of terms of order one
        np.testing.assert_allclose(shorter.loss, expected, rtol=1e-11)


def test_checkpoint_count_is_spaced_by_the_logarithm():
    instance = make_instance(SHAPE, "float32")
    run = ltens.train(
        instance.networks("relu"), instance.task(), ltens.Training(steps=1000), checkpoints=4
    )
    assert run.checkpoints.tolist() == [1, 10, 100, 1000]
    assert run.history[:, -1].tobytes() == run.loss.tobytes()


@pytest.mark.parametrize("dtype", DTYPES)
def test_no_steps_change_nothing(dtype):
    instance = make_instance(SHAPE, dtype)
    nets = instance.networks("silu")
    run = ltens.train(nets, instance.task(), ltens.Training(steps=0))
    assert identical(run.networks, nets)
    assert run.networks.w is not nets.w
    expected = reference.loss(instance.parameters, "silu", instance.x, instance.y)
    np.testing.assert_allclose(run.loss, expected, rtol=1e-12)  # N + D roundings in float64
    assert np.all(run.steps == 0)
    assert np.all(run.status == ltens.STATUS.index("ok"))


def test_training_leaves_its_arguments_alone():
    instance = make_instance(SHAPE, "float32")
    nets = instance.networks("silu")
    before = nets.copy()
    ltens.train(nets, instance.task(), TRAINING)
    assert identical(nets, before)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("width", [10, 300])
@pytest.mark.parametrize("poison", [np.inf, np.nan])
@pytest.mark.parametrize("victim", [0, 2, 8])
@pytest.mark.parametrize("path", paths(activations=("relu", "silu")), ids="-".join)
def test_divergence_is_contained(path, width, dtype, poison, victim):
    """A network is looked at every 64 steps, so 200 steps show that it was frozen on the way."""
    instance = make_instance(Shape(9, width, 1, 40), dtype)
    task, training = instance.task(), ltens.Training(steps=200)
    engine, activation = path
    options = {"checkpoints": [0, 200], "engine": engine}
    healthy = ltens.train(instance.networks(activation), task, training, **options)
    broken = instance.parameters._replace(a=instance.parameters.a.copy())
    broken.a[victim, 1] = poison
    nets = ltens.Networks(*broken, activation=activation)
    run = ltens.train(nets, task, training, **options)
    others = [s for s in range(9) if s != victim]
    assert run.status[victim] == ltens.STATUS.index("diverged")
    assert not np.isfinite(run.loss[victim])
    assert run.steps[victim] < 200
    assert np.all(run.status[others] == ltens.STATUS.index("ok"))
    assert identical(run.networks[others], healthy.networks[others])
    assert run.loss[others].tobytes() == healthy.loss[others].tobytes()
    assert run.history[others].tobytes() == healthy.history[others].tobytes()


@pytest.mark.parametrize(("engine", "activation"), paths(activations=("relu", "square")))
def test_explosion_by_learning_rate_is_a_status(engine, activation):
    instance = make_instance(SHAPE, "float32")
    training = ltens.Training(lr=1e30, steps=200)
    run = ltens.train(instance.networks(activation), instance.task(), training, engine=engine)
    assert np.all(run.status == ltens.STATUS.index("diverged"))
    assert np.all(run.steps < 200)


def test_cancellation_before_the_start_keeps_what_is_there():
    instance = make_instance(SHAPE, "float32")
    cancel = threading.Event()
    cancel.set()
    endless = ltens.Training(steps=10**9)
    run = ltens.train(instance.networks("silu"), instance.task(), endless, cancel=cancel)
    assert np.all(run.status == ltens.STATUS.index("cancelled"))
    assert np.all(run.steps < endless.steps)


@pytest.mark.parametrize("width", [10, 300])
@pytest.mark.parametrize(("engine", "activation"), paths(activations=("relu", "silu")))
def test_cancellation_during_training(engine, activation, width):
    """A training that would take hours ends by the event, with parameters that fit its count."""
    instance = make_instance(Shape(3, width, 1, 50), "float32")
    nets, task = instance.networks(activation), instance.task()
    cancel = threading.Event()
    endless = ltens.Training(steps=10**9)
    run = ltens.train(
        nets, task, endless, engine=engine, checkpoints=[0, 10**9], cancel=cancel,
        progress=lambda done, total: cancel.set() if done else None,
    )  # fmt: skip
    assert np.all(run.status == ltens.STATUS.index("cancelled"))
    assert np.all((run.steps >= 0) & (run.steps < endless.steps))
    assert run.steps.max() > 0
    assert np.all(np.isfinite(run.loss))
    assert np.all(np.isnan(run.history[:, 1]))
    longest = int(run.steps.argmax())
    part = ltens.Training(steps=int(run.steps[longest]))
    again = ltens.train(nets[longest], task, part, engine=str(run.engines[longest]))
    assert identical(again.networks, run.networks[longest])
    assert again.loss.tobytes() == run.loss[longest : longest + 1].tobytes()


def test_ctrl_c_in_the_progress_callable_comes_through():
    instance = make_instance(SHAPE, "float32")

    def fail(done: int, total: int) -> None:
        raise KeyboardInterrupt("from the callable")

    with pytest.raises(KeyboardInterrupt, match="from the callable"):
        ltens.train(
            instance.networks("silu"), instance.task(), ltens.Training(steps=10**9), progress=fail
        )
