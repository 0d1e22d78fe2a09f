"""Training a batch of networks, and the loss and gradient behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from . import _core
from .checkpoints import checkpoint_steps
from .engines import RTOL, choose, names
from .memory import require_memory
from .parameters import Networks, parameter_bytes
from .progress import Progress, Report, check_progress, reporting
from .task import Task
from .threads import thread_count
from .validation import integer, positive, real

STATUS = ("ok", "diverged", "cancelled")
"""What the numbers in a status array mean: STATUS[status]."""


class Cancel(Protocol):
    """Anything with ``is_set()``, such as a `threading.Event`."""

    def is_set(self) -> bool:
        """Whether to stop."""
        ...


@dataclass(frozen=True)
class Training:
    """Full-batch Adam with step decay, in PyTorch's form.

    m <- beta1 m + (1-beta1) g, v <- beta2 v + (1-beta2) g^2,
    p <- p - lr_t (m / (1-beta1^t)) / (sqrt(v / (1-beta2^t)) + epsilon), t from 1,
    lr_t = lr * lr_decay^floor((t-1) / lr_decay_every).

    Parameters
    ----------
    steps : int
        Number of updates, at least 0.
    lr : float
        Learning rate, above 0.
    lr_decay : float
        Factor of the learning rate, above 0.
    lr_decay_every : int
        Updates between two decays, at least 1.
    beta1, beta2 : float
        Decay of the moments, in [0, 1).
    epsilon : float
        Above 0.

    Raises
    ------
    TypeError, ValueError
        If a value is of the wrong kind or out of range.

    Examples
    --------
    >>> Training(steps=100).lr
    0.01
    >>> Training(lr=0)
    Traceback (most recent call last):
    ...
    ValueError: lr is 0.0, but must be above 0.
    """

    steps: int = 50_000
    lr: float = 0.01
    lr_decay: float = 0.2
    lr_decay_every: int = 10_000
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        checked: dict[str, int | float] = {
            "steps": integer(self.steps, "steps", minimum=0),
            "lr": positive(self.lr, "lr"),
            "lr_decay": positive(self.lr_decay, "lr_decay"),
            "lr_decay_every": integer(self.lr_decay_every, "lr_decay_every", minimum=1),
            "beta1": _fraction(self.beta1, "beta1"),
            "beta2": _fraction(self.beta2, "beta2"),
            "epsilon": positive(self.epsilon, "epsilon"),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)


@dataclass(frozen=True, eq=False)
class Run:
    """What a training gives.

    Attributes
    ----------
    networks : Networks
        The trained networks.
    loss : (S,) float64
        Final loss on the whole task, evaluated in float64.
    history : (S, K) float64
        Loss at the checkpoints, NaN where a network did not get there.
    steps : (S,) int64
        Updates made.
    status : (S,) int8
        0 ok, 1 diverged, 2 cancelled: ``STATUS[status]``.
    engine : str
        The engine the training began with: the one asked for, or the choice of "auto".
    engines : (S,) str
        The engine each result comes from: another one where `engine` was not accurate enough.
    nodes : (S,) int64
        The number of quadrature nodes that stood for the samples; 0 where all samples were used.
    engine_error : (S,) float64
        The largest error of the engine as measured on the full task, see `train`; 0 for engines
        that are exact.
    checkpoints : (K,) int64
        The steps of `history`.
    """

    networks: Networks
    loss: NDArray[np.float64]
    history: NDArray[np.float64]
    steps: NDArray[np.int64]
    status: NDArray[np.int8]
    engine: str
    engines: NDArray[np.str_]
    nodes: NDArray[np.int64]
    engine_error: NDArray[np.float64]
    checkpoints: NDArray[np.int64]


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
        See `ltens.threads`; the result does not depend on it.
    checkpoints : int or sequence of int, optional
        A number of steps, spaced evenly in the logarithm, or the steps, at which the loss is
        recorded.
    progress : bool or callable, optional
        True: a bar on stderr. A callable of (done, total), in neuron-sample updates, called in
        this thread about twenty times a second.
    cancel : object with ``is_set()``, optional
        Such as a `threading.Event`: once set, training stops within a fraction of a second, and
        unfinished networks are returned as they are, with status "cancelled".

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
    name = _engine(engine, nets, task)
    tolerance = positive(rtol, "rtol")
    count = thread_count(threads)
    marks = checkpoint_steps(checkpoints, settings.steps)
    check_progress(progress)
    check_cancel(cancel)
    _require_training_memory(nets, len(marks))
    data = task_arrays(task, nets.dtype.name)

    trained = nets.copy()
    loss = np.full(len(nets), np.nan)
    history = np.full((len(nets), len(marks)), np.nan)
    status = np.zeros(len(nets), np.uint8)
    done = np.zeros(len(nets), np.uint64)
    error = np.zeros(len(nets))
    nodes = np.zeros(len(nets), np.uint64)
    engines = np.zeros(len(nets), np.uint8)
    unit = nets.width * task.samples
    with reporting(progress, unit * len(nets) * settings.steps) as report:
        _core.train(
            **trained.arrays(),
            activation=nets.activation,
            **data,
            **asdict(settings),
            engine=name,
            rtol=tolerance,
            threads=count,
            checkpoints=marks,
            loss=loss,
            history=history,
            status=status,
            steps_done=done,
            engine_error=error,
            nodes=nodes,
            engines=engines,
            tick=_tick(report, unit, cancel),
        )
        if report is not None:
            report(unit * int(done.sum()))
    return Run(
        networks=trained,
        loss=loss,
        history=history,
        steps=done.astype(np.int64),
        status=status.astype(np.int8),
        engine=name,
        engines=np.array(names())[engines],
        nodes=nodes.astype(np.int64),
        engine_error=error,
        checkpoints=marks.astype(np.int64),
    )


def loss_and_gradient(
    nets: Networks,
    task: Task,
    *,
    engine: str = "auto",
    rtol: float = RTOL,
    threads: int | None = None,
) -> tuple[NDArray[np.float64], Networks]:
    """Return the loss of every network and its gradient.

    L = sum_j q_j (f(x_j) - y_j)^2 and dL/dw, dL/db, dL/da, dL/dc.

    Parameters
    ----------
    nets : Networks
    task : Task
    engine : str
        "auto" or one of `ltens.engines.names()`.
    rtol : float
        The error allowed to an engine that approximates, as in `train`; where the loss is off by
        more, the gradient comes from more nodes or from the dense engine.
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
    data = task_arrays(task, nets.dtype.name)
    loss = np.empty(len(nets))
    gradient: dict[str, Any] = {k: np.empty_like(v) for k, v in nets.arrays().items()}
    _core.loss_and_gradient(
        **nets.arrays(),
        activation=nets.activation,
        **data,
        engine=name,
        rtol=tolerance,
        threads=count,
        loss=loss,
        **{f"grad_{k}": v for k, v in gradient.items()},
    )
    return loss, Networks(**gradient, activation=nets.activation)


def check_training(training: Training | None) -> Training:
    """Return the training, the default one for None; TypeError if it is something else."""
    if training is None:
        return Training()
    if not isinstance(training, Training):
        raise TypeError(
            f"training is {training!r}, but must be an ltens.Training, such as "
            "ltens.Training(steps=50_000)."
        )
    return training


def task_arrays(task: Task, dtype: str) -> dict[str, Any]:
    """Return x, y and weights of a task in another dtype, and as x64, y64, weights64 as they are.

    Raises
    ------
    ValueError
        If a value is too large for it.
    """
    with np.errstate(over="ignore"):
        arrays = {k: getattr(task, k).astype(dtype, copy=False) for k in ("x", "y", "weights")}
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            largest = np.abs(getattr(task, name)).max()
            raise ValueError(
                f"task.{name} reaches {largest:g}, but {dtype} ends at "
                f"{np.finfo(dtype).max:.3g}: use dtype 'float64' or rescale the task."
            )
    return {**arrays, "x64": task.x, "y64": task.y, "weights64": task.weights}


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


def _engine(engine: str, nets: Networks, task: Task) -> str:
    """Return the name of the engine to use."""
    return choose(nets.width, task, nets.activation, nets.dtype.name, engine=engine).engine


def check_cancel(cancel: Cancel | None) -> None:
    """Raise TypeError unless `cancel` is None or has is_set()."""
    if cancel is not None and not callable(getattr(cancel, "is_set", None)):
        raise TypeError(
            f"cancel is {cancel!r}, but must have is_set(), such as a threading.Event()."
        )


def _fraction(value: float, argument: str) -> float:
    number = real(value, argument)
    if not 0 <= number < 1:
        raise ValueError(f"{argument} is {number}, but must be at least 0 and below 1.")
    return number


def _require_training_memory(nets: Networks, checkpoints: int) -> None:
    size = parameter_bytes(len(nets), nets.width, nets.dimension, nets.dtype.name)
    require_memory(
        3 * size + 8 * len(nets) * (checkpoints + 4),  # a copy and two moments; the results
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
