"""Training with several outputs and classes: the NumPy twin, PyTorch, errors, invariance."""

from functools import partial

import numpy as np
import pytest

import ltens
import reference
from ltens.randomness import philox_key
from reference import Parameters, Settings
from support.registry import DTYPES, Shape, identical, make_instance, parameters_of

NUMBERS = {"steps": 60, "lr": 0.01, "lr_decay_every": 25}
TRAINING = ltens.Training(**NUMBERS)
CASES = [
    (Shape(9, 10, 2, 40, outputs=3), "mse"),
    (Shape(9, 10, 2, 40, outputs=3), "cross_entropy"),
    (Shape(2, 300, 2, 40, outputs=3), "mse"),
    (Shape(2, 300, 2, 40, outputs=3), "cross_entropy"),
    (Shape(3, 5, 64, 20, outputs=10), "cross_entropy"),
    (Shape(9, 10, 2, 40), "logistic"),
    (Shape(2, 300, 2, 40), "logistic"),
]
CLASSES = [case for case in CASES if case[1] != "mse"]

# 200 steps multiply a rounding error of 1e-16 by the loss surface's expansion, 1e7 at the most
STRICT = 1e-9


def assert_close(found: Parameters, expected: Parameters, relative: float = STRICT) -> None:
    """Compare relative to the largest parameter of each kind."""
    for name, one, other in zip(Parameters._fields, found, expected, strict=True):
        assert one.shape == other.shape
        error = np.abs(one - other).max() / np.abs(other).max()
        assert error <= relative, f"{name} differs by {error:.2g}"


def other_task(task: ltens.Task, seed: int = 1) -> ltens.Task:
    """Samples that are not trained on, with targets of the same kind."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-2, 2, (30, task.dimension))
    rows = rng.integers(0, task.samples, 30)
    return ltens.Task(x, task.y[rows], loss=task.loss, classes=task.classes)


@pytest.mark.parametrize("way", [{}, {"optimizer": "adamw", "weight_decay": (0.5, 0, 1, 0.1)}])
@pytest.mark.parametrize("activation", ["relu", "silu"])
@pytest.mark.parametrize(("shape", "loss"), CASES, ids=str)
def test_training_agrees_with_twin(shape, loss, activation, way):
    instance = make_instance(shape, "float64", weighted=True, loss=loss)
    training = ltens.Training(**NUMBERS, **way)
    run = ltens.train(instance.networks(activation), instance.task(), training)
    expected = reference.train(
        instance.parameters, activation, instance.x, instance.y,
        settings=Settings(**NUMBERS, **way), weights=instance.weights, kind=loss,
    )  # fmt: skip
    assert_close(parameters_of(run.networks), expected)
    assert np.all(run.status == ltens.STATUS.index("ok"))
    data = instance.data()
    trained = parameters_of(run.networks)
    # of the same parameters: N + D + C roundings in float64
    found = reference.loss(trained, activation, *data, kind=loss)
    np.testing.assert_allclose(run.loss, found, rtol=1e-11)
    error = reference.error(trained, activation, *data, kind=loss)
    np.testing.assert_allclose(run.error, error, rtol=1e-13)  # NaN equals itself


@pytest.mark.parametrize(("shape", "loss"), CASES, ids=str)
def test_batches_agree_with_twin(shape, loss):
    instance = make_instance(shape, "float64", weighted=True, loss=loss)
    training = ltens.Training(**NUMBERS, batch_size=7)
    run = ltens.train(instance.networks("silu"), instance.task(), training, rng=3)
    for s in range(shape.networks):
        stream = reference.batches(
            philox_key(3).tolist(), shape.width, s, samples=shape.samples, size=7
        )
        expected = reference.train(
            Parameters(*(array[s : s + 1] for array in instance.parameters)),
            "silu", instance.x, instance.y, settings=Settings(**NUMBERS),
            weights=instance.weights, batches=partial(next, stream), kind=loss,
        )  # fmt: skip
        assert_close(parameters_of(run.networks[s]), expected)


@pytest.mark.parametrize("loss", ["mse", "cross_entropy", "logistic"])
@pytest.mark.parametrize("soft", [False, True])
def test_training_agrees_with_pytorch(loss, soft):
    torch = pytest.importorskip("torch", reason="the comparison with PyTorch needs torch")
    shape = Shape(1, 10, 5, 50, outputs=1 if loss == "logistic" else 4)
    instance = make_instance(shape, "float64", loss=loss)
    hard = instance.y.argmax(axis=1) if loss == "cross_entropy" else (instance.y > 0.5).astype(int)
    labels = hard if not soft and loss != "mse" else instance.y
    task = ltens.Task(instance.x, labels, loss=loss)
    assert task.outputs == shape.outputs
    training = ltens.Training(steps=200, lr_decay_every=80)
    run = ltens.train(instance.networks("silu"), task, training)

    net = torch.nn.Sequential(
        torch.nn.Linear(shape.dimension, shape.width),
        torch.nn.SiLU(),
        torch.nn.Linear(shape.width, shape.outputs),
    ).double()
    p = instance.parameters
    start = (p.w[0], p.b[0], p.a[0].reshape(shape.outputs, -1), p.c[0].reshape(-1))
    with torch.no_grad():
        for parameter, values in zip(net.parameters(), start, strict=True):
            parameter.copy_(torch.tensor(values))
    x = torch.tensor(instance.x)
    functional = torch.nn.functional
    y = torch.tensor(labels)
    measures = {
        # the mean over outputs, too, which are summed here
        "mse": lambda f: shape.outputs * functional.mse_loss(f, y),
        "cross_entropy": lambda f: functional.cross_entropy(f, y),
        "logistic": lambda f: functional.binary_cross_entropy_with_logits(f[:, 0], y.double()),
    }
    optimiser = torch.optim.Adam(net.parameters(), lr=training.lr)
    schedule = torch.optim.lr_scheduler.StepLR(optimiser, step_size=80, gamma=training.lr_decay)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # the arrays are tiny: waking threads would take the most time
    for _ in range(training.steps):
        optimiser.zero_grad()
        measures[loss](net(x)).backward()
        optimiser.step()
        schedule.step()
    torch.set_num_threads(threads)
    w, b, a, c = (parameter.detach().numpy() for parameter in net.parameters())
    found = Parameters(w[None], b[None], a.reshape(p.a.shape), c.reshape(p.c.shape))
    assert_close(parameters_of(run.networks), found)
    assert run.loss[0] == pytest.approx(measures[loss](net(x)).item(), rel=STRICT)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("shape", "loss"), CASES, ids=str)
def test_histories_are_those_of_shorter_trainings(shape, loss, dtype):
    instance = make_instance(shape, dtype, loss=loss)
    nets, task = instance.networks("silu"), instance.task()
    steps = [0, 1, 9, 10]
    run = ltens.train(
        nets, task, ltens.Training(steps=10), checkpoints=steps, evaluation=other_task(task)
    )
    assert run.history.shape == run.error_history.shape == (shape.networks, 4)
    for k, count in enumerate(steps):
        part = ltens.train(nets, task, ltens.Training(steps=count), evaluation=other_task(task))
        assert run.history[:, k].tobytes() == part.loss.tobytes()
        assert run.error_history[:, k].tobytes() == part.error.tobytes()
    assert run.error.tobytes() == run.error_history[:, -1].tobytes()
    assert np.isnan(run.error).all() == (loss == "mse")
    assert np.isnan(run.held_out_error).all()


@pytest.mark.parametrize(("shape", "loss"), CLASSES, ids=str)
def test_the_error_counts_samples(shape, loss):
    instance = make_instance(shape, "float32", loss=loss)
    nets, task = instance.networks("silu"), instance.task()
    run = ltens.train(nets, task, ltens.Training(steps=0))
    f = nets.astype("float64")(task.x)
    if loss == "logistic":
        wrong = (f > 0) != (task.y >= 0.5)
    else:
        wrong = f.argmax(axis=2) != task.y.argmax(axis=1)
    assert run.error.tolist() == (wrong.sum(axis=1) / task.samples).tolist()
    assert 0 < run.error.mean() < 1


@pytest.mark.parametrize(("shape", "loss"), CLASSES, ids=str)
def test_the_best_parameters_are_those_of_the_smallest_held_out_loss(shape, loss):
    instance = make_instance(shape, "float32", loss=loss)
    nets, task = instance.networks("silu"), instance.task()
    looks = list(range(0, 61, 5))
    training = ltens.Training(steps=60, lr=0.03, held_out_every=5)
    other = other_task(task)
    every = ltens.train(nets, task, training, evaluation=other, checkpoints=looks)
    run = ltens.train(nets, task, training, held_out=other)
    best = every.history.argmin(axis=1)
    assert run.best_step.tolist() == [looks[k] for k in best]
    assert run.held_out_loss.tobytes() == every.history.min(axis=1).tobytes()
    rows = np.arange(len(nets))
    assert run.held_out_error.tobytes() == every.error_history[rows, best].tobytes()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("shape", "loss"), CASES, ids=str)
def test_bits_do_not_depend_on_company_or_threads(shape, loss, dtype):
    instance = make_instance(shape, dtype, loss=loss)
    nets, task = instance.networks("silu"), instance.task()
    options = {"checkpoints": [0, 30], "evaluation": other_task(task)}
    run = ltens.train(nets, task, ltens.Training(steps=30), threads=1, **options)
    both = ltens.train(nets, task, ltens.Training(steps=30), threads=2, **options)
    assert identical(run.networks, both.networks)
    assert run.error_history.tobytes() == both.error_history.tobytes()
    one = shape.networks - 1
    alone = ltens.train(nets[one], task, ltens.Training(steps=30), seeds=[one], **options)
    assert identical(alone.networks, run.networks[one])
    assert alone.loss.tobytes() == run.loss[one:].tobytes()
    assert alone.error.tobytes() == run.error[one:].tobytes()


@pytest.mark.parametrize("width", [10, 300])
def test_divergence_is_contained(width):
    instance = make_instance(Shape(5, width, 2, 40, outputs=3), "float32", loss="cross_entropy")
    task, training = instance.task(), ltens.Training(steps=200)
    healthy = ltens.train(instance.networks("silu"), task, training)
    broken = instance.parameters._replace(c=instance.parameters.c.copy())
    broken.c[2, 1] = np.nan
    run = ltens.train(ltens.Networks(*broken, activation="silu"), task, training)
    others = [0, 1, 3, 4]
    assert run.status[2] == ltens.STATUS.index("diverged")
    assert np.isnan(run.error[2])
    assert identical(run.networks[others], healthy.networks[others])
    assert run.error[others].tobytes() == healthy.error[others].tobytes()


def test_a_separable_problem_is_learned():
    """Three classes by the angle: four neurons or more can, and almost all of 16 networks do."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 2))
    labels = (np.floor((np.arctan2(*x.T) + np.pi) / (2 * np.pi) * 3)).astype(int) % 3
    task = ltens.Task(x, labels, loss="cross_entropy")
    nets = ltens.Networks.init(20, 16, dimension=2, outputs=3)
    run = ltens.train(nets, task, ltens.Training(steps=3000, schedule="cosine"))
    assert np.median(run.error) < 0.02
    assert np.median(run.loss) < 0.1 < np.log(3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"nets": {"outputs": 1}}, r"nets have 1 output\(s\), but the task has 3: make them with"),
        ({"nets": {"outputs": 4}}, r"nets have 4 output\(s\), but the task has 3.*outputs=3"),
        ({"held_out": {"loss": "mse"}}, "held_out has the loss 'mse', but must have that of the"),
        (
            {"evaluation": {"classes": 4}},
            r"evaluation has 4 output\(s\), but must have .* classes=",
        ),
    ],
)
@pytest.mark.parametrize("steps", [10**12])
def test_what_does_not_go_together(change, message, steps):
    x, labels = np.arange(6.0), np.arange(6) % 3
    task = ltens.Task(x, labels, loss="cross_entropy")
    nets = ltens.Networks.init(3, 2, **{"outputs": 3, **change.pop("nets", {})})
    others = {
        name: ltens.Task(x, np.eye(3)[labels] if options.get("loss") else labels,
                         **{"loss": "cross_entropy", **options})
        for name, options in change.items()
    }  # fmt: skip
    with pytest.raises(ValueError, match=message):
        ltens.train(nets, task, ltens.Training(steps=steps), **others)


def test_gradient_of_the_wrong_number_of_outputs():
    task = ltens.Task([0.0, 1.0], [0, 1], loss="cross_entropy")
    with pytest.raises(ValueError, match=r"nets have 1 output\(s\), but the task has 2"):
        ltens.loss_and_gradient(ltens.Networks.init(3, 2), task)


@pytest.mark.parametrize("engine", ["piecewise", "quadrature"])
def test_engines_of_one_dimension_refuse_classes(engine):
    task = ltens.Task([0.0, 0.5, 1.0], [0, 1, 2], loss="cross_entropy")
    activation = "relu" if engine == "piecewise" else "silu"
    nets = ltens.Networks.init(3, 2, outputs=3, activation=activation)
    with pytest.raises(ValueError, match=f"engine is '{engine}', but needs .*loss mse"):
        ltens.train(nets, task, engine=engine)


def test_a_gauss_rule_is_for_numbers_of_one_output():
    with pytest.raises(ValueError, match=r"task has 2 output\(s\) and the loss 'mse', but"):
        ltens.engines.gauss_rule(ltens.Task([0.0, 1.0], np.ones((2, 2))), 2)
