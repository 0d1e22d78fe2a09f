"""Training a batch of networks, and the loss and gradient behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._typing import Floats
from ..computation import Cancel, check_cancel
from ..hints import hinting_keywords
from ..memory import require_memory
from ..progress import Progress, Report, check_progress, reporting
from ..randomness import RandomSource, philox_key, root_entropy
from ..threads import thread_count
from ..validation import positive, seed_labels
from .engines import RTOL, choose, names
from .history import checkpoint_steps
from .networks import Networks
from .representable import require_representable
from .results import RESULT, Run, columns_of, result_bytes
from .settings import Training, check_training
from .task import Task
from .training_memory import training_bytes

_SMALL = 10**5  # numbers that take some 30 MB at most: to look up what is there would take longer

KernelTask = dict[str, Any]  # x, y, weights and the name of the loss


@hinting_keywords
def train(
    nets: Networks,
    task: Task,
    training: Training | None = None,
    *,
    engine: str = "auto",
    rtol: float = RTOL,
    threads: int | None = None,
    checkpoints: int | Iterable[int] | None = None,
    progress: Progress = None,
    cancel: Cancel | None = None,
    evaluation: Task | None = None,
    held_out: Task | None = None,
    seeds: int | Iterable[int] | None = None,
    rng: RandomSource = 0,
) -> Run:
    """Train every network on the task, each on its own.

    Parameters
    ----------
    nets : Networks
        Where training starts; not changed.
    task : Task
    training : Training, optional
        The first paper's protocol by default.
    engine : str
        How the gradient is computed: "auto" or one of `ltens.engines.names()`.
    rtol : float
        The error allowed to an engine that approximates, relative to the part of the loss that
        training can change. It is measured on the full task before the first step, after 64, 128,
        256, ... steps and at the end, for every network; one that exceeds it is trained again
        from its start with more nodes, and at last with the dense engine.
    threads : int, optional
        By default LTENS_NUM_THREADS, else all that the process may use.
        The result does not depend on it.
    checkpoints : int or sequence of int, optional
        A number of steps, spaced evenly in the logarithm, or the steps, at which the loss is
        recorded.
    progress : bool or callable, optional
        True: a bar on stderr. A callable of (done, total), in neuron-sample updates, called in
        this thread about twenty times a second; what it raises is a warning and ends no training,
        but for KeyboardInterrupt.
    cancel : object with ``is_set()``, optional
        Such as a `threading.Event`: once set, training stops within a fraction of a second, and
        unfinished networks are returned as they are, with status "cancelled"; their losses are
        NaN where evaluating them takes long.
    evaluation : Task, optional
        On which losses and errors are evaluated, in float64; the task itself by default.
    held_out : Task, optional
        For early stopping: every network is returned with those of its parameters that had the
        smallest loss here, of the start, every ``training.held_out_every`` steps and the end.
    seeds : int or sequence of int, optional
        Labels of the networks, 0 ... S-1 by default. The order in which a network sees the samples
        (``training.batch_size``) depends on its label, its width and `rng` only.
    rng : int, SeedSequence or Generator
        The root entropy of these orders.

    Returns
    -------
    Run

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, unknown or out of range.
    MemoryError
        If the work does not fit into memory.
    KeyboardInterrupt
        On Ctrl-C, also in the middle of the training.

    Examples
    --------
    >>> import ltens
    >>> task = ltens.Task.from_function("square", samples=50)
    >>> nets = ltens.Networks.init(width=3, seeds=2)
    >>> run = ltens.train(nets, task, ltens.Training(steps=200), checkpoints=[0, 200])
    >>> bool((run.loss < run.history[:, 0]).all())
    True
    """
    _check_kinds(nets, task)
    settings = check_training(training)
    require_representable(settings, nets.dtype.name)
    batch = settings.batch(task.samples)
    name = _engine(engine, nets, task, batch)
    tolerance = positive(rtol, "rtol")
    count = thread_count(threads)
    marks = checkpoint_steps(checkpoints, settings.steps)
    check_progress(progress)
    check_cancel(cancel)
    check_patience(settings, held_out)
    for other, argument in ((evaluation, "evaluation"), (held_out, "held_out")):
        check_evaluation_task(other, argument, task)
    labels = _labels(seeds, len(nets))
    key = philox_key(root_entropy(rng))
    others = sum(other.samples for other in (evaluation, held_out) if other is not None)
    _require_memory(
        nets,
        result_bytes(len(nets), len(marks), classes=True),
        task,
        threads=count,
        engine=name,
        batch_size=settings.batch_size,
        other_samples=others,
        copies=1 if held_out is None else 2,
    )
    rounded, exact = task_arrays(task, nets.dtype.name)

    trained = nets.copy()
    results = np.zeros(len(nets), RESULT)
    history, error_history = (np.full((len(nets), len(marks)), np.nan) for _ in range(2))
    unit = nets.width * (batch or task.samples)
    with reporting(progress, unit * len(nets) * settings.steps) as report:
        _core.train(
            **trained.arrays(),
            activation=nets.activation,
            task=rounded,
            exact=exact,
            training=settings.kernel_settings(nets.width, nets.dimension),
            engine=name,
            rtol=tolerance,
            threads=count,
            checkpoints=marks,
            results=results,
            history=history,
            error_history=error_history,
            evaluation=_float64(evaluation),
            held_out=_float64(held_out),
            key=key,
            seeds=labels,
            tick=_tick(report, unit, cancel),
        )
        if report is not None:
            report(unit * int(results["steps"].sum()))
    return Run(
        networks=trained,
        history=history,
        error_history=error_history,
        engine=name,
        checkpoints=marks.astype(np.int64),
        **columns_of(results, names()),
    )


@hinting_keywords
def loss_and_gradient(
    nets: Networks,
    task: Task,
    *,
    engine: str = "auto",
    rtol: float = RTOL,
    threads: int | None = None,
) -> tuple[Floats, Networks]:
    """Return the loss of every network and its gradient.

    L = sum_j q_j l(f(x_j), y_j), with the loss l of the task, and dL/dw, dL/db, dL/da, dL/dc.

    Parameters
    ----------
    nets : Networks
    task : Task
    engine : str
        "auto" or one of `ltens.engines.names()`.
    rtol : float
        The error allowed to an engine that approximates, as in `train`; where the loss is off by
        more, the gradient comes from more nodes or from the dense engine. The gradient is measured,
        too, in float64 on the full task: where it is off by more than `rtol` of its norm over all
        parameters of a network, that of the full task is returned.
    threads : int, optional

    Returns
    -------
    loss : (S,) float64
    gradient : Networks
        Its arrays hold the derivatives, in the dtype of `nets`.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, unknown or out of range.
    MemoryError
        If the work does not fit into memory.
    KeyboardInterrupt
        On Ctrl-C, also in the middle of the work.

    Examples
    --------
    >>> import ltens
    >>> task = ltens.Task([0.0, 1.0], [0.0, 1.0])
    >>> nets = ltens.Networks.init(width=2, seeds=3, dtype="float64")
    >>> loss, gradient = ltens.loss_and_gradient(nets, task)
    >>> loss.shape, gradient.w.shape
    ((3,), (3, 2, 1))
    """
    _check_kinds(nets, task)
    name = _engine(engine, nets, task)
    tolerance = positive(rtol, "rtol")
    count = thread_count(threads)
    _require_memory(
        nets,
        0,
        task,
        # the gradient on nodes is measured in float64
        dtype="float64" if name == "quadrature" else nets.dtype.name,
        threads=count,
        engine=name,
        copies=3,  # what is left to do, its gradient and that of all
    )
    rounded, exact = task_arrays(task, nets.dtype.name)
    loss = np.empty(len(nets))
    gradient: dict[str, Any] = {k: np.empty_like(v) for k, v in nets.arrays().items()}
    _core.loss_and_gradient(
        **nets.arrays(),
        activation=nets.activation,
        task=rounded,
        exact=exact,
        engine=name,
        rtol=tolerance,
        threads=count,
        loss=loss,
        **{f"grad_{k}": v for k, v in gradient.items()},
    )
    return loss, Networks(**gradient, activation=nets.activation)


def task_arrays(task: Task, dtype: str) -> tuple[KernelTask, KernelTask]:
    """Return x, y and weights of a task in another dtype, and as they are, each with the loss.

    Raises
    ------
    ValueError
        If a value is too large for it.
    """
    exact = {name: getattr(task, name) for name in ("x", "y", "weights")}
    with np.errstate(over="ignore"):
        arrays = {name: array.astype(dtype, copy=False) for name, array in exact.items()}
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            largest = np.abs(exact[name]).max()
            raise ValueError(
                f"task.{name} reaches {largest:g}, but {dtype} ends at "
                f"{np.finfo(dtype).max:.3g}: use dtype 'float64' or rescale the task."
            )
    return {**arrays, "loss": task.loss}, {**exact, "loss": task.loss}


def _float64(task: Task | None) -> KernelTask | None:
    return None if task is None else task_arrays(task, "float64")[1]


def _check_kinds(nets: Networks, task: Task) -> None:
    if not isinstance(nets, Networks):
        raise TypeError(
            f"nets is a {type(nets).__name__}, but must be an ltens.Networks, such as "
            "ltens.Networks.init(width=10, seeds=100)."
        )
    if not isinstance(task, Task):
        raise TypeError(
            f"task is a {type(task).__name__}, but must be an ltens.Task, such as "
            "ltens.Task.from_function('square')."
        )
    if nets.dimension != task.dimension:
        raise ValueError(
            f"nets have dimension {nets.dimension}, but must have the task's dimension "
            f"{task.dimension}."
        )
    if nets.outputs != task.outputs:
        raise ValueError(
            f"nets have {nets.outputs} output(s), but the task has {task.outputs}: make them with "
            f"outputs={task.outputs}."
        )


def check_evaluation_task(other: Task | None, argument: str, task: Task) -> None:
    """Raise TypeError or ValueError unless it is None or a task that fits the one trained on."""
    if other is None:
        return
    if not isinstance(other, Task):
        raise TypeError(
            f"{argument} is a {type(other).__name__}, but must be an ltens.Task or None."
        )
    if other.dimension != task.dimension:
        raise ValueError(
            f"{argument} has dimension {other.dimension}, but must have the task's dimension "
            f"{task.dimension}."
        )
    if other.loss != task.loss:
        raise ValueError(
            f"{argument} has the loss {other.loss!r}, but must have that of the task, "
            f"{task.loss!r}."
        )
    if other.outputs != task.outputs:
        classes = " (give classes= to both)" if task.classes else ""
        raise ValueError(
            f"{argument} has {other.outputs} output(s), but must have as many as the task, "
            f"{task.outputs}{classes}."
        )


def check_patience(training: Training, held_out: Task | None) -> None:
    """Raise ValueError if the training is to stop by data that is not there."""
    if training.patience is not None and held_out is None:
        raise ValueError(
            f"training.patience is {training.patience}, but there is no held-out task to be "
            "patient with: give held_out=, or leave patience out."
        )


def _labels(seeds: int | Iterable[int] | None, count: int) -> NDArray[np.uint64]:
    """Return one label for each network."""
    labels = seed_labels(count if seeds is None else seeds)
    if len(labels) != count:
        raise ValueError(
            f"seeds has {len(labels)} label(s), but must have one for each of {count}."
        )
    return labels


def _engine(engine: str, nets: Networks, task: Task, batch: int = 0) -> str:
    """Return the name of the engine to use."""
    return choose(
        nets.width, task, nets.activation, nets.dtype.name, engine=engine, batch_size=batch or None
    ).engine


def _require_memory(nets: Networks, results: int, task: Task, **options: Any) -> None:
    """Raise MemoryError if results of so many bytes and the work itself do not fit."""
    if nets.w.size + nets.a.size + task.x.size + task.y.size + results < _SMALL:
        return
    options = {"dtype": nets.dtype.name, **options}
    needed = training_bytes(len(nets), nets.width, task, nets.activation, **options)
    require_memory(
        needed + results,
        f"training {len(nets)} network(s) of width {nets.width}",
        "train fewer networks at a time",
    )


def _tick(report: Report | None, unit: int, cancel: Cancel | None) -> Callable[[int], bool] | None:
    """Return what the kernel calls now and then; it returns False to stop the training."""
    if report is None and cancel is None:
        return None
    furthest = 0

    def tick(network_steps: int) -> bool:
        nonlocal furthest
        if report is not None:
            # the kernel takes back what it does again with another engine
            furthest = max(furthest, network_steps)
            report(unit * furthest)
        return cancel is None or not cancel.is_set()

    return tick
