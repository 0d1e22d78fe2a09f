"""Training and train: what is returned, progress, cancelling, messages."""

import threading

import numpy as np
import pytest

import ltens
from support.registry import ACTIVATIONS, SMOOTH

TASK = ltens.Task.from_function("square", samples=20)
NOT_SMOOTH = [name for name in ACTIVATIONS if name not in SMOOTH]


def nets(**changes):
    return ltens.Networks.init(**{"width": 3, "seeds": 4, **changes})


def test_run_has_the_documented_shapes():
    start = nets()
    before = start.copy()
    run = ltens.train(start, TASK, ltens.Training(steps=50), checkpoints=[0, 10, 50])
    assert run.loss.dtype == np.float64
    assert (run.loss.shape, run.history.shape) == ((4,), (4, 3))
    assert (run.status.dtype, run.engine) == (np.dtype(np.int8), "quadrature")
    assert (run.nodes.shape, run.nodes.dtype) == ((4,), np.dtype(np.int64))
    assert (run.engine_error.shape, run.engine_error.dtype) == ((4,), np.dtype(np.float64))
    assert run.engines.tolist() == ["quadrature"] * 4
    np.testing.assert_array_equal(run.steps, 50)
    np.testing.assert_array_equal(run.checkpoints, [0, 10, 50])
    np.testing.assert_array_equal(run.history[:, -1], run.loss)
    np.testing.assert_array_equal(start.w, before.w)
    assert not np.array_equal(run.networks.w, start.w)


def test_no_steps_change_nothing():
    run = ltens.train(nets(), TASK, ltens.Training(steps=0), checkpoints=3)
    np.testing.assert_array_equal(run.networks.w, nets().w)
    np.testing.assert_array_equal(run.history[:, 0], run.loss)


def test_final_loss_is_that_of_the_predictions():
    run = ltens.train(nets(dtype="float64"), TASK, ltens.Training(steps=20))
    expected = np.mean((run.networks(TASK.x) - TASK.y) ** 2, axis=1)
    np.testing.assert_allclose(run.loss, expected, rtol=1e-12)  # sums of 20 terms, condition < 1e3


def test_divergence_is_a_status():
    run = ltens.train(nets(), TASK, ltens.Training(steps=50, lr=1e30))
    assert [ltens.STATUS[s] for s in run.status] == ["diverged"] * 4


def test_progress_ends_at_the_total():
    seen = []
    ltens.train(
        nets(),
        TASK,
        ltens.Training(steps=30),
        progress=lambda done, total: seen.append((done, total)),
    )
    total = 3 * 20 * 4 * 30
    assert seen[-1] == (total, total)


def test_cancel_returns_unfinished_networks():
    cancel = threading.Event()
    cancel.set()
    run = ltens.train(nets(), TASK, ltens.Training(steps=10_000_000), cancel=cancel)
    assert (run.status == ltens.STATUS.index("cancelled")).any()
    assert (run.steps < 10_000_000).any()


def test_ctrl_c_in_progress_stops_the_training():
    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ltens.train(nets(), TASK, ltens.Training(steps=10_000_000), progress=stop)


def test_another_exception_in_progress_harms_nothing():
    def fail(done, total):
        raise RuntimeError("enough")

    training = ltens.Training(steps=200)
    with pytest.warns(RuntimeWarning, match="progress raised RuntimeError: enough; the work goes"):
        run = ltens.train(nets(), TASK, training, progress=fail)
    np.testing.assert_array_equal(run.loss, ltens.train(nets(), TASK, training).loss)


def test_loss_and_gradient_against_a_difference():
    start = nets(dtype="float64", seeds=1, activation="tanh")
    loss, gradient = ltens.loss_and_gradient(start, TASK, engine="dense")
    h = 1e-6
    up, down = start.copy(), start.copy()
    up.c[0] += h
    down.c[0] -= h
    (high, _), (low, _) = (ltens.loss_and_gradient(n, TASK, engine="dense") for n in (up, down))
    # Rounding eps * loss / h = 1e-10 * loss; the loss is quadratic in c.
    np.testing.assert_allclose(
        gradient.c[0], (high[0] - low[0]) / (2 * h), atol=1e-8 * (1 + loss[0])
    )


def test_too_large_for_float32():
    task = ltens.Task([0.0, 1.0], [0.0, 1e300])
    with pytest.raises(ValueError, match=r"task.y reaches 1e\+300.*use dtype 'float64'"):
        ltens.train(nets(), task, ltens.Training(steps=1))


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"steps": -1}, ValueError, "steps is -1, but must be an integer of at least 0"),
        ({"steps": 1.0}, TypeError, "steps is 1.0"),
        ({"steps": True}, TypeError, "steps is True"),
        ({"lr": 0}, ValueError, "lr is 0.0, but must be above 0"),
        ({"lr": float("inf")}, ValueError, "lr is inf, but must be finite"),
        ({"lr": "fast"}, TypeError, "lr is 'fast', but must be a number"),
        ({"lr_decay": -1}, ValueError, "lr_decay is -1.0"),
        ({"lr_decay_every": 0}, ValueError, "lr_decay_every is 0"),
        ({"beta1": 1}, ValueError, "beta1 is 1.0, but must be at least 0 and below 1"),
        ({"epsilon": 0}, ValueError, "epsilon is 0.0"),
    ],
)
def test_bad_training(changes, error, message):
    with pytest.raises(error, match=message):
        ltens.Training(**changes)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"nets": 3}, TypeError, "nets is a int, but must be an ltens.Networks"),
        ({"task": 3}, TypeError, "task is a int, but must be an ltens.Task"),
        ({"training": 3}, TypeError, "training is 3, but must be an ltens.Training"),
        ({"engine": "dens"}, ValueError, "did you mean 'dense'"),
        (
            {"engine": "quadrature", "nets": nets(activation="relu")},
            ValueError,
            "engine is 'quadrature', but needs a one-dimensional task, one output with loss mse, "
            "full batches and a smooth activation "
            rf"\(not {', '.join(NOT_SMOOTH)}\); this one has dimension 1 and relu",
        ),
        ({"rtol": 0}, ValueError, "rtol is 0.0, but must be above 0"),
        ({"rtol": "tight"}, TypeError, "rtol is 'tight', but must be a number"),
        ({"threads": 0}, ValueError, "threads is 0, but must be an integer of at least 1"),
        ({"checkpoints": [51]}, ValueError, "checkpoints holds 51, but the training ends after 50"),
        ({"checkpoints": -1}, ValueError, "checkpoints is -1"),
        ({"progress": "yes"}, TypeError, "progress is 'yes'"),
        ({"cancel": 1}, TypeError, r"cancel is 1, but must have is_set\(\)"),
    ],
)
def test_bad_arguments(changes, error, message):
    good = {"nets": nets(), "task": TASK, "training": ltens.Training(steps=50)}
    with pytest.raises(error, match=message):
        ltens.train(**{**good, **changes})


def test_dimensions_must_agree():
    with pytest.raises(ValueError, match="nets have dimension 2, but must have the task's"):
        ltens.train(nets(dimension=2), TASK)


def test_checkpoints_are_unique_and_end_at_the_last_step():
    run = ltens.train(nets(), TASK, ltens.Training(steps=5), checkpoints=64)
    np.testing.assert_array_equal(run.checkpoints, [1, 2, 3, 4, 5])
