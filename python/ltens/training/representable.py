"""Refuses settings that a dtype rounds to zero, to one or to infinity: they mean something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .settings import Training

_ADAM = ("adam", "adamw")


def require_representable(training: Training, dtype: str) -> None:
    """Raise ValueError if what the optimiser uses in a dtype is not what was set.

    Adam divides by epsilon where no gradient ever was, such as at a relu neuron without samples.

    Examples
    --------
    >>> from ltens import Training
    >>> require_representable(Training(epsilon=1e-50), "float32")
    Traceback (most recent call last):
    ...
    ValueError: training.epsilon is 1e-50, but float32 holds numbers from 1.18e-38 to 3.4e+38: \
take one of these, or dtype 'float64'.
    """
    adam = training.optimizer in _ADAM
    for name in ("lr", "epsilon") if adam else ("lr",):
        _require_held(getattr(training, name), name, dtype)
    for name in ("beta1", "beta2") if adam else ("momentum",):
        _require_below_one(getattr(training, name), name, dtype)
    for factor in filter(None, training.lr_factors):
        _require_held(factor, "lr_factors", dtype)
        _require_held(factor * training.lr, "lr, times its lr_factors,", dtype)
    for decay in filter(None, training.decay_of_arrays):
        _require_held(abs(decay), "weight_decay", dtype)


def _require_held(value: float, name: str, dtype: str) -> None:
    """Raise ValueError unless a number above zero is a normal one of the dtype."""
    numbers = np.finfo(dtype)
    low, high = float(numbers.tiny), float(numbers.max)
    if low <= value <= high:
        return
    raise ValueError(
        f"training.{name} is {value:g}, but {dtype} holds numbers from {low:.3g} to {high:.3g}: "
        f"take one of these{_or_float64(dtype)}."
    )


def _require_below_one(value: float, name: str, dtype: str) -> None:
    """Raise ValueError if a dtype rounds a number below one to it."""
    real = np.dtype(dtype).type
    if real(value) < 1:
        return
    largest = float(np.nextafter(real(1), real(0)))
    raise ValueError(
        f"training.{name} is {value!r}, but {dtype} rounds it to 1: take at most "
        f"{largest:.8f}{_or_float64(dtype)}."
    )


def _or_float64(dtype: str) -> str:
    return ", or dtype 'float64'" if dtype == "float32" else ""
