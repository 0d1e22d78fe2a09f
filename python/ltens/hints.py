"""What was meant by a name that is not known."""

from __future__ import annotations

import difflib
import functools
import inspect
from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Any, ParamSpec, TypeVar, overload

_P = ParamSpec("_P")
_R = TypeVar("_R")
_Class = TypeVar("_Class")

# What others call it -> what it is called here; where a name is known, it is the nearest.
_MEANINGS = {
    "swish": "silu", "hardswish": "silu", "hard_swish": "silu", "heaviside": "relu",
    "logistic": "sigmoid", "sine": "sin", "sinusoid": "sin", "siren": "sin", "cos": "sin",
    "quadratic": "square", "absolute": "abs", "modulus": "abs", "lrelu": "leaky_relu",
    "rectifier": "relu", "squared_relu": "relu2", "relu_squared": "relu2", "sqrelu": "relu2",
    "exact_gelu": "gelu", "arctan": "tanh", "softrelu": "softplus",
    "kaiming": "he", "kaiming_uniform": "he", "kaiming_normal": "he", "glorot": "xavier",
    "glorot_uniform": "xavier", "glorot_normal": "xavier",
    "default": "torch", "pytorch": "torch",
    "lion": "sign", "signum": "sign", "signsgd": "sign", "sign_sgd": "sign", "signgd": "sign",
    "nesterov": "sgd", "gd": "sgd", "gradient_descent": "sgd",
    "rmsprop": "adam", "adagrad": "adam", "nadam": "adam", "sgdm": "sgd", "lamb": "adamw",
    "adam_w": "adamw",
    "none": "constant", "fixed": "constant", "exponential": "step", "steplr": "step",
    "trapezoidal": "wsd", "trapezoid": "wsd", "linear": "wsd", "warmup_stable_decay": "wsd",
    "inverse_sqrt": "power", "invsqrt": "power", "inverse_square_root": "power",
    "multistep": "step", "piecewise_constant": "step", "polynomial": "power",
    "cosineannealinglr": "cosine",
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
    "n_neurons": "width", "neurons": "width", "hidden": "width",
    "n_seeds": "seeds", "replicas": "seeds", "dim": "dimension", "d": "dimension",
    "act": "activation", "nonlinearity": "activation", "target": "function", "f": "function",
    "n_samples": "samples", "noise_std": "noise", "random_state": "rng", "n_jobs": "threads",
    "n_threads": "threads", "verbose": "progress", "path": "store", "initialization": "init",
    "initialisation": "init", "test": "evaluation", "validation": "held_out",
    "n_bootstrap": "bootstrap", "confidence": "level", "axes": "over",
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


@overload
def hinting_keywords(function: type[_Class]) -> type[_Class]: ...
@overload
def hinting_keywords(function: Callable[_P, _R]) -> Callable[_P, _R]: ...
def hinting_keywords(function: Any) -> Any:
    """Return a function or class that answers an unknown keyword with the one that is meant.

    Examples
    --------
    >>> @hinting_keywords
    ... def descend(lr=1.0):
    ...     return lr
    >>> descend(learning_rate=2.0)
    Traceback (most recent call last):
    ...
    TypeError: descend has no argument 'learning_rate': did you mean 'lr' (known: lr)?
    """
    if isinstance(function, type):
        construct = _checked(getattr(function, "__init__"), function.__name__)  # noqa: B009
        setattr(function, "__init__", construct)  # noqa: B010 - mypy knows methods as constants
        return function
    return _checked(function, function.__qualname__)


def _checked(function: Callable[..., Any], called: str) -> Callable[..., Any]:
    """Return a function that looks at the keywords first."""
    known = [name for name in inspect.signature(function).parameters if name not in ("self", "cls")]
    refuse = functools.partial(_refuse_unknown, called, known)

    def checked(*args: Any, **keywords: Any) -> Any:
        if not keywords.keys() <= set(known):
            refuse(keywords)
        return function(*args, **keywords)

    # In the module of the function, where doctest looks for examples.
    checked = FunctionType(
        checked.__code__, function.__globals__, function.__name__, None, checked.__closure__
    )
    return functools.wraps(function)(checked)


def _refuse_unknown(called: str, known: list[str], keywords: Iterable[str]) -> None:
    for name in keywords:
        if name not in known:
            raise TypeError(
                f"{called} has no argument {name!r}: did you mean {meant(name, known)!r} "
                f"(known: {', '.join(known)})?"
            )
