"""Checks of sizes, ridge and noise, which may be arrays and are broadcast against each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ._typing import Floats
from .validation import float64_array, positive, real

# Stands for an infinite size: beyond it float64 sees no difference, and its square is finite.
ENDLESS = 1e60


def sizes(value: ArrayLike, argument: str) -> Floats:
    """Return numbers of features or samples: real, above 0, infinity allowed.

    Examples
    --------
    >>> sizes([10, np.inf], "T")
    array([10., inf])
    >>> sizes(0, "N")
    Traceback (most recent call last):
    ...
    ValueError: N holds 0.0, but must be above 0 (infinity is allowed).
    """
    return _numbers(value, argument, "above 0 (infinity is allowed)", strict=True, infinite=True)


def amounts(value: ArrayLike, argument: str) -> Floats:
    """Return ridges or noises: finite, at least 0.

    Examples
    --------
    >>> amounts(-1.0, "ridge")
    Traceback (most recent call last):
    ...
    ValueError: ridge holds -1.0, but must be at least 0 and finite.
    """
    return _numbers(value, argument, "at least 0 and finite", strict=False, infinite=False)


def together(arrays: dict[str, Floats]) -> list[Floats]:
    """Return the arrays broadcast to one shape.

    Examples
    --------
    >>> together({"N": np.ones(2), "T": np.ones(3)})
    Traceback (most recent call last):
    ...
    ValueError: N has shape (2,), T has shape (3,), but they must broadcast to one shape.
    """
    try:
        return list(np.broadcast_arrays(*arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{name} has shape {a.shape}" for name, a in arrays.items() if a.ndim)
        raise ValueError(f"{shapes}, but they must broadcast to one shape.") from None


def positive_ridge(value: object, argument: str = "ridge") -> float:
    """Return a ridge as a finite float of at least 0.

    Examples
    --------
    >>> positive_ridge(0)
    0.0
    """
    number = real(value, argument)
    return number if number == 0 else positive(number, argument)


def one_size(value: ArrayLike, argument: str) -> float:
    """Return a single number of features or samples, infinity allowed.

    Examples
    --------
    >>> one_size(np.inf, "T")
    inf
    """
    size = sizes(value, argument)
    if size.ndim:
        raise TypeError(f"{argument} is {value!r}, but must be a single number.")
    return float(size)


def moments(values: ArrayLike, argument: str) -> Floats:
    """Return times, steps or computes: (P,) and above 0.

    Examples
    --------
    >>> moments([1.0, 0.0], "times")
    Traceback (most recent call last):
    ...
    ValueError: times holds 0.0, but every one must be above 0.
    """
    array = float64_array(values, argument, (1,))
    if array.size and array.min() <= 0:
        raise ValueError(f"{argument} holds {array.min()}, but every one must be above 0.")
    return array


def _numbers(
    value: ArrayLike, argument: str, wanted: str, *, strict: bool, infinite: bool
) -> Floats:
    given = np.asarray(value)
    if given.dtype.kind not in "fiu":
        raise TypeError(f"{argument} is {value!r}, but must be a number {wanted}, or an array.")
    array = given.astype(np.float64)
    good = array > 0 if strict else array >= 0
    good &= ~np.isnan(array) if infinite else np.isfinite(array)
    if not good.all():
        raise ValueError(f"{argument} holds {array[~good].flat[0]}, but must be {wanted}.")
    return array
