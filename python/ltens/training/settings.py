"""How networks are trained: optimizer, schedule, batches, early stopping."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from ..validation import integer, one_of, positive, real

OPTIMIZERS = ("adam", "sgd")
SCHEDULES = ("step", "cosine", "constant")

_FIRST = ("steps", "lr", "lr_decay", "lr_decay_every", "beta1", "beta2", "epsilon")


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

    steps: int = 50_000
    lr: float = 0.01
    lr_decay: float = 0.2
    lr_decay_every: int = 10_000
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    optimizer: str = "adam"
    momentum: float = 0.9
    schedule: str = "step"
    batch_size: int | None = None
    held_out_every: int = 100
    patience: int | None = None
    lr_factors: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0)

    def __post_init__(self) -> None:
        checked: dict[str, object] = {
            "steps": integer(self.steps, "steps", minimum=0),
            "lr": positive(self.lr, "lr"),
            "lr_decay": positive(self.lr_decay, "lr_decay"),
            "lr_decay_every": integer(self.lr_decay_every, "lr_decay_every", minimum=1),
            "beta1": _fraction(self.beta1, "beta1"),
            "beta2": _fraction(self.beta2, "beta2"),
            "epsilon": positive(self.epsilon, "epsilon"),
            "optimizer": one_of(self.optimizer, OPTIMIZERS, "optimizer"),
            "momentum": _fraction(self.momentum, "momentum"),
            "schedule": one_of(self.schedule, SCHEDULES, "schedule"),
            "batch_size": _optional(self.batch_size, "batch_size"),
            "held_out_every": integer(self.held_out_every, "held_out_every", minimum=1),
            "patience": _optional(self.patience, "patience"),
            "lr_factors": _factors(self.lr_factors),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)

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
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        default = {field.name: field.default for field in fields(self)}
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


def _fraction(value: float, argument: str) -> float:
    number = real(value, argument)
    if not 0 <= number < 1:
        raise ValueError(f"{argument} is {number}, but must be at least 0 and below 1.")
    return number


def _factors(values: Iterable[float]) -> tuple[float, ...]:
    if not isinstance(values, Iterable):
        raise TypeError(f"lr_factors is {values!r}, but must be four numbers, of w, b, a and c.")
    numbers = tuple(real(value, f"lr_factors[{i}]") for i, value in enumerate(values))
    if len(numbers) != 4 or min(numbers) < 0:
        raise ValueError(
            f"lr_factors is {numbers}, but must be four numbers of at least 0, of w, b, a and c."
        )
    return numbers


def _optional(value: int | None, argument: str) -> int | None:
    return None if value is None else integer(value, argument, minimum=1)
