"""What was meant by a name that is not known."""

from __future__ import annotations

import difflib
import functools
import inspect
from collections.abc import Iterable
from typing import Any, TypeVar

_Class = TypeVar("_Class")

# What others call it -> what it is called here; where a name is known, it is the nearest.
_MEANINGS = {
    "swish": "silu", "heaviside": "relu", "logistic": "sigmoid", "sine": "sin",
    "quadratic": "square", "absolute": "abs", "lrelu": "leaky_relu",
    "kaiming": "he", "kaiming_uniform": "he", "kaiming_normal": "he", "glorot": "xavier",
    "default": "torch", "pytorch": "torch",
    "lion": "sign", "signum": "sign", "signsgd": "sign", "sign_sgd": "sign", "signgd": "sign",
    "nesterov": "sgd", "gd": "sgd", "gradient_descent": "sgd",
    "rmsprop": "adam", "adagrad": "adam", "nadam": "adam",
    "none": "constant", "fixed": "constant", "exponential": "step", "steplr": "step",
    "trapezoidal": "wsd", "trapezoid": "wsd", "linear": "wsd", "warmup_stable_decay": "wsd",
    "inverse_sqrt": "power", "polynomial": "power", "cosineannealinglr": "cosine",
    "maximal_update": "mup", "mu_p": "mup", "sp": "standard",
    "neural_tangent": "ntk", "mf": "mean_field",
    "learning_rate": "lr", "eta": "lr", "step_size": "lr", "gamma": "lr_decay",
    "epochs": "steps", "iterations": "steps", "max_steps": "steps", "n_steps": "steps",
    "optimiser": "optimizer", "optim": "optimizer", "scheduler": "schedule",
    "lr_scheduler": "schedule", "lr_schedule": "schedule", "betas": "beta1", "eps": "epsilon",
    "wd": "weight_decay", "decay": "weight_decay", "l2": "weight_decay",
    "warmup_steps": "warmup", "warm_up": "warmup", "eta_min": "lr_floor", "min_lr": "lr_floor",
    "parametrisation": "parametrization", "parameterization": "parametrization",
    "batch": "batch_size", "minibatch": "batch_size",
    "softmax": "cross_entropy", "ce": "cross_entropy", "nll": "cross_entropy",
    "categorical": "cross_entropy", "bce": "logistic", "binary": "logistic", "l2_loss": "mse",
    "squared": "mse", "mean_squared_error": "mse", "least_squares": "mse",
}  # fmt: skip


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name most like `name`.

    Examples
    --------
    >>> nearest("rely", ["silu", "relu", "tanh"])
    'relu'
    """
    names = list(known)
    close = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.0)
    return close[0] if close else names[0]


def meant(name: str, known: Iterable[str]) -> str:
    """Return the known name of the same meaning, else the one spelled most alike.

    Examples
    --------
    >>> meant("swish", ["sin", "silu", "relu"]), meant("rely", ["sin", "silu", "relu"])
    ('silu', 'relu')
    """
    names = list(known)
    same = _MEANINGS.get(name.lower().replace("-", "_").replace(" ", "_"))
    return same if same in names else nearest(name, names)


def hinting_keywords(cls: type[_Class]) -> type[_Class]:
    """Return a class whose constructor answers an unknown keyword with the one that is meant.

    Examples
    --------
    >>> @hinting_keywords
    ... class Point:
    ...     def __init__(self, lr=1.0):
    ...         self.lr = lr
    >>> Point(learning_rate=2.0)
    Traceback (most recent call last):
    ...
    TypeError: Point has no argument 'learning_rate': did you mean 'lr' (known: lr)?
    """
    construct = cls.__init__
    known = list(inspect.signature(construct).parameters)[1:]

    @functools.wraps(construct)
    def checked(self: _Class, *args: Any, **keywords: Any) -> None:
        for name in keywords:
            if name not in known:
                raise TypeError(
                    f"{cls.__name__} has no argument {name!r}: did you mean "
                    f"{meant(name, known)!r} (known: {', '.join(known)})?"
                )
        construct(self, *args, **keywords)

    setattr(cls, "__init__", checked)  # noqa: B010 - mypy knows methods as constants
    return cls
