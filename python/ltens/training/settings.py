"""How networks are trained: optimizer, schedule, batches, early stopping."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from .. import _core
from ..hints import hinting_keywords
from ..validation import positive
from .parametrization import PARAMETRIZATIONS, check_parametrization, rate_factors
from .setting_checks import (
    Check,
    at_least,
    below_one,
    decays,
    factors,
    name_among,
    optional_count,
    share_or_all,
)

DECOUPLED = ("adamw", "sgd", "sign")
OPTIMIZERS = tuple(_core.optimizers())
SCHEDULES = tuple(_core.schedules())

# In every description and store, whatever their values; others only where they are no defaults.
_FIRST = ("steps", "lr", "lr_decay", "lr_decay_every", "beta1", "beta2", "epsilon")


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


@hinting_keywords
@dataclass(frozen=True)
class Training:
    """Adam, AdamW, SGD or sign descent, in PyTorch's form; full batches of the task by default.

    With g the gradient of step t = 1, 2, ..., ``adam`` (Kingma & Ba, arXiv 1412.6980) is

    m <- beta1 m + (1-beta1) g, v <- beta2 v + (1-beta2) g^2,
    p <- p - lr_t (m / (1-beta1^t)) / (sqrt(v / (1-beta2^t)) + epsilon),

    ``sgd`` is m <- momentum m + g, p <- p - lr_t m, and ``sign`` (Bernstein et al., arXiv
    1802.04434: Signum, without momentum signSGD) is m <- momentum m + g, p <- p - lr_t sign(m).
    ``adamw`` (Loshchilov & Hutter, arXiv 1711.05101) is adam whose weight decay is decoupled, as it
    is with sgd and sign: p <- p - lr_t weight_decay p before the step. That of adam is PyTorch's:
    g <- g + weight_decay p. The learning rate lr_t is lr min(1, t / warmup) times

    * ``step``: lr_decay^floor((t-1) / lr_decay_every),
    * ``cosine``: lr_floor + (1-lr_floor) (1 + cos(pi (t-1) / steps)) / 2,
    * ``constant``: 1,
    * ``wsd`` (warm-up, stable, decay; Hu et al., arXiv 2404.06395): 1, and over the last `cooldown`
      of the steps a straight line to lr_floor,
    * ``power``: (1 + (t-1) / lr_power_time)^(-lr_power).

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
    optimizer : {"adam", "sgd", "adamw", "sign"}
    momentum : float
        Of sgd and sign, in [0, 1).
    schedule : {"step", "cosine", "constant", "wsd", "power"}
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
        Factors of the learning rates of w, b, a and c, at least 0, besides those of the
        parametrisation; (0, 0, 1, 1) trains the read-out of random features.
    weight_decay : float or (4,) sequence of float
        Of all arrays, or of w, b, a and c; below 0 they grow. Where it is decoupled, the learning
        rate in it has the array's factor, but not that of the parametrisation.
    warmup : int
        Steps over which the learning rate rises from lr / warmup, at most `steps`; 0: none.
    lr_floor : float
        What is left of the learning rate at the end of ``cosine`` and ``wsd``, in [0, 1].
    cooldown : float
        Share of the steps over which ``wsd`` falls, in [0, 1].
    lr_power, lr_power_time : float
        Exponent of ``power``, and the steps after which it is felt; above 0.
    parametrization : {"standard", "ntk", "mean_field", "mup"}
        How learning rates, and the start of the networks of a sweep, change with the width: see
        `ltens.Networks.init` and ``docs/guide/training.md``.
    base_width : int
        The width at which the others are as ``standard``, but for the factor of w in d that "ntk"
        and "mean_field" have.

    Raises
    ------
    TypeError, ValueError
        If a value is of the wrong kind or out of range, the schedule is longer than the run, or
        lr times a decoupled weight_decay is 1 or more.

    Examples
    --------
    >>> Training(steps=100).lr
    0.01
    >>> Training(lr=0)
    Traceback (most recent call last):
    ...
    ValueError: lr is 0.0, but must be above 0.
    >>> Training(optimizer="adamw", weight_decay=0.1).weight_decay
    (0.1, 0.1, 0.1, 0.1)
    >>> Training(steps=40_000, lr=3e-3, schedule="cosine", batch_size=64).batch_size
    64
    """

    steps: int = _option(50_000, at_least(0), "Updates of each network")
    lr: float = _option(0.01, positive, "Learning rate")
    lr_decay: float = _option(0.2, positive, "Factor of the step decay")
    lr_decay_every: int = _option(10_000, at_least(1), "Updates between decays")
    beta1: float = _option(0.9, below_one, "Adam's first decay")
    beta2: float = _option(0.999, below_one, "Adam's second decay")
    epsilon: float = _option(1e-8, positive, "Adam's epsilon")
    optimizer: str = _option("adam", name_among(OPTIMIZERS), alternatives(OPTIMIZERS))
    momentum: float = _option(0.9, below_one, "Momentum of sgd and sign")
    schedule: str = _option("step", name_among(SCHEDULES), alternatives(SCHEDULES))
    batch_size: int | None = _option(None, optional_count, "Samples of each gradient", unset="all")
    held_out_every: int = _option(100, at_least(1), "Updates between looks at held-out data")
    patience: int | None = _option(None, optional_count, "Looks without a smaller loss to stop at")
    lr_factors: tuple[float, ...] = _option(
        (1.0, 1.0, 1.0, 1.0), factors, "Factors of lr for w, b, a and c", metavar="W B A C"
    )
    weight_decay: float | tuple[float, ...] = _option(
        (0.0, 0.0, 0.0, 0.0), decays, "Weight decay of all, or of w, b, a and c", metavar="W B A C"
    )
    warmup: int = _option(0, at_least(0), "Updates over which lr rises")
    lr_floor: float = _option(0.0, share_or_all, "Last share of lr in cosine and wsd")
    cooldown: float = _option(0.2, share_or_all, "Share of the updates over which wsd falls")
    lr_power: float = _option(0.5, positive, "Exponent of the power schedule")
    lr_power_time: float = _option(1000.0, positive, "Updates after which it falls")
    parametrization: str = _option(
        "standard", check_parametrization, alternatives(PARAMETRIZATIONS)
    )
    base_width: int = _option(1, at_least(1), "Width at which the others are standard")

    def __post_init__(self) -> None:
        for each in fields(self):
            checked = each.metadata["check"](getattr(self, each.name), each.name)
            object.__setattr__(self, each.name, checked)
        self._require_time()
        self._require_decay_below_one()

    def _require_time(self) -> None:
        """Raise ValueError if the schedule is longer than the run."""
        if self.warmup > self.steps:
            raise ValueError(
                f"warmup is {self.warmup}, but the run has {self.steps} steps: warm up in fewer."
            )
        falling = self.cooldown * self.steps if self.schedule == "wsd" else 0
        if self.warmup + falling > self.steps:
            raise ValueError(
                f"warmup is {self.warmup} and cooldown {self.cooldown:g} of {self.steps} steps, "
                "but together they must not be longer than the run."
            )

    def _require_decay_below_one(self) -> None:
        """Raise ValueError if a step would take an array to zero or through it."""
        if self.optimizer not in DECOUPLED:
            return
        for name, factor, decay in zip("wbac", self.lr_factors, self.decay_of_arrays, strict=True):
            if self.lr * factor * decay >= 1:
                raise ValueError(
                    f"weight_decay of {name} is {decay:g}, but times its learning rate "
                    f"{self.lr * factor:g} it must be below 1."
                )

    @property
    def decay_of_arrays(self) -> tuple[float, ...]:
        """The weight decays of w, b, a and c."""
        return decays(self.weight_decay, "weight_decay")

    def kernel_settings(self, width: int, dimension: int) -> dict[str, Any]:
        """Return the numbers for networks of a width as the kernel takes them: 0 for None.

        Its learning rates have the factors of the parametrisation, which a decoupled decay does
        not: what is trained decays at the rate lr.

        Examples
        --------
        >>> training = Training(parametrization="mup", optimizer="adamw", weight_decay=0.5)
        >>> numbers = training.kernel_settings(width=4, dimension=1)
        >>> numbers["lr_factors"], numbers["weight_decay"]
        ((1.0, 1.0, 0.25, 1.0), (0.5, 0.5, 2.0, 0.5))
        """
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        parametrization, base = values.pop("parametrization"), values.pop("base_width")
        by_width = rate_factors(parametrization, self.optimizer, width, dimension, base)
        values["lr_factors"] = tuple(map(operator.mul, self.lr_factors, by_width))
        if self.optimizer in DECOUPLED:
            values["weight_decay"] = tuple(map(operator.truediv, self.decay_of_arrays, by_width))
        return {name: 0 if value is None else value for name, value in values.items()}

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


def with_parametrization(
    training: Training, parametrization: str | None, base_width: int | None
) -> Training:
    """Return the training in a parametrisation, where one is given.

    Raises
    ------
    TypeError, ValueError
        If it is unknown, or the training has another one already.

    Examples
    --------
    >>> with_parametrization(Training(steps=10), "mup", 32).base_width
    32
    """
    given = {"parametrization": parametrization, "base_width": base_width}
    changes: dict[str, Any] = {k: value for k, value in given.items() if value is not None}
    for name, value in changes.items():
        own = getattr(training, name)
        if own not in (getattr(Training, name), value):
            raise ValueError(f"{name} is {value!r}, but training.{name} is {own!r}: give it once.")
    return replace(training, **changes)
