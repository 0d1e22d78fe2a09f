"""How networks are trained: optimizer, schedule, batches, early stopping."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from .. import _core
from ..validation import integer, one_of, positive, real

OPTIMIZERS = tuple(_core.optimizers())
SCHEDULES = tuple(_core.schedules())

# In every description and store, whatever their values; others only where they are no defaults.
_FIRST = ("steps", "lr", "lr_decay", "lr_decay_every", "beta1", "beta2", "epsilon")


Check = Callable[[Any, str], Any]


def _option(default: Any, check: Check, text: str, **shown: str) -> Any:
    """Return a field of `Training`: what checks a value given under a name, and its help.

    `shown` may hold ``unset``, what None means in a word, and ``metavar``, what a list stands for.
    """
    return field(default=default, metadata={"check": check, "help": text, **shown})


def alternatives(names: Sequence[str]) -> str:
    """Return names in words.

    Examples
    --------
    >>> alternatives(["step", "cosine", "constant"])
    'step, cosine or constant'
    """
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _at_least(minimum: int) -> Check:
    return lambda value, argument: integer(value, argument, minimum=minimum)


def _one_of(names: Sequence[str]) -> Check:
    return lambda value, argument: one_of(value, names, argument)


def _fraction(value: float, argument: str) -> float:
    number = real(value, argument)
    if not 0 <= number < 1:
        raise ValueError(f"{argument} is {number}, but must be at least 0 and below 1.")
    return number


def _factors(values: Iterable[float], argument: str) -> tuple[float, ...]:
    if not isinstance(values, Iterable):
        raise TypeError(f"{argument} is {values!r}, but must be four numbers, of w, b, a and c.")
    numbers = tuple(real(value, f"{argument}[{i}]") for i, value in enumerate(values))
    if len(numbers) != 4 or min(numbers) < 0:
        raise ValueError(
            f"{argument} is {numbers}, but must be four numbers of at least 0, of w, b, a and c."
        )
    return numbers


def _optional(value: int | None, argument: str) -> int | None:
    return None if value is None else integer(value, argument, minimum=1)


@dataclass(frozen=True)
class Training:
    """Adam or SGD with momentum, in PyTorch's form; full batches of the task by default.

    With g the gradient of step t = 1, 2, ..., ``adam`` (Kingma & Ba, arXiv 1412.6980) is

    m <- beta1 m + (1-beta1) g, v <- beta2 v + (1-beta2) g^2,
    p <- p - lr_t (m / (1-beta1^t)) / (sqrt(v / (1-beta2^t)) + epsilon),

    and ``sgd`` is m <- momentum m + g, p <- p - lr_t m. The learning rate lr_t is

    * ``step``: lr * lr_decay^floor((t-1) / lr_decay_every),
    * ``cosine``: lr * (1 + cos(pi (t-1) / steps)) / 2,
    * ``constant``: lr.

    Parameters
    ----------
    steps : int
        Number of updates, at least 0.
    lr : float
        Learning rate, above 0.
    lr_decay : float
        Factor of the learning rate in the schedule ``step``, above 0.
    lr_decay_every : int
        Updates between two decays, at least 1.
    beta1, beta2 : float
        Decay of Adam's moments, in [0, 1).
    epsilon : float
        Above 0.
    optimizer : {"adam", "sgd"}
    momentum : float
        Of sgd, in [0, 1).
    schedule : {"step", "cosine", "constant"}
    batch_size : int, optional
        Samples of each gradient. Every network sees the task in its own shuffled order, drawn from
        its seed label, and shuffled again when all samples were seen; a batch is what comes next
        in that order. None, or not smaller than the task: all samples at every step.
    held_out_every : int
        Updates between two looks at the loss on held-out data, if `ltens.train` is given some.
    patience : int, optional
        Looks in a row without a smaller held-out loss after which a network stops. None: it goes
        on to the last step, and the best of its parameters are returned all the same.

    lr_factors : (4,) sequence of float
        Factors of the learning rates of w, b, a and c, at least 0. They make a parametrisation:
        (1/d, 1, 1/N, 0) with sgd and ``init="ntk"`` is the neural-tangent one (Jacot et al.,
        arXiv 1806.07572); (0, 0, 1, 1) trains the read-out of random features.

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
    >>> Training(steps=40_000, lr=3e-3, schedule="cosine", batch_size=64).batch_size
    64
    """

    steps: int = _option(50_000, _at_least(0), "Updates of each network")
    lr: float = _option(0.01, positive, "Learning rate")
    lr_decay: float = _option(0.2, positive, "Factor of the step decay")
    lr_decay_every: int = _option(10_000, _at_least(1), "Updates between decays")
    beta1: float = _option(0.9, _fraction, "Adam's first decay")
    beta2: float = _option(0.999, _fraction, "Adam's second decay")
    epsilon: float = _option(1e-8, positive, "Adam's epsilon")
    optimizer: str = _option("adam", _one_of(OPTIMIZERS), alternatives(OPTIMIZERS))
    momentum: float = _option(0.9, _fraction, "Momentum of sgd")
    schedule: str = _option("step", _one_of(SCHEDULES), alternatives(SCHEDULES))
    batch_size: int | None = _option(None, _optional, "Samples of each gradient", unset="all")
    held_out_every: int = _option(100, _at_least(1), "Updates between looks at held-out data")
    patience: int | None = _option(None, _optional, "Looks without a smaller loss to stop at")
    lr_factors: tuple[float, ...] = _option(
        (1.0, 1.0, 1.0, 1.0), _factors, "Factors of lr for w, b, a and c", metavar="W B A C"
    )

    def __post_init__(self) -> None:
        for each in fields(self):
            checked = each.metadata["check"](getattr(self, each.name), each.name)
            object.__setattr__(self, each.name, checked)

    def batch(self, samples: int) -> int:
        """Return the samples of a step on a task of so many, 0 for all of them.

        Examples
        --------
        >>> Training(batch_size=64).batch(1000), Training(batch_size=64).batch(50)
        (64, 0)
        """
        size = self.batch_size
        return size if size is not None and size < samples else 0

    def describe(self) -> dict[str, Any]:
        """Return the numbers of Adam with step decay, and whatever else is not its default.

        Examples
        --------
        >>> Training(steps=10, batch_size=5).describe().keys() - Training().describe().keys()
        {'batch_size'}
        """
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        default = {each.name: each.default for each in fields(self)}
        return {k: v for k, v in values.items() if k in _FIRST or v != default[k]}


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
