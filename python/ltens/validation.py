"""Argument checks. Each message is one sentence: the argument, what came, and what would do."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Iterable, Sequence, Sized
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._typing import Floats, Ints
from .hints import meant

_MOST_VALUES = 10_000_000


def one_of(value: object, known: Sequence[str], argument: str) -> str:
    """Return `value` if it is one of the known names.

    Raises
    ------
    TypeError
        If it is not a string.
    ValueError
        If it is not known; the message names the nearest known one.

    Examples
    --------
    >>> one_of("rely", ["relu", "silu"], "activation")
    Traceback (most recent call last):
    ...
    ValueError: activation is 'rely', which is not known: did you mean 'relu' (known: relu, silu)?
    """
    if not isinstance(value, str):
        raise TypeError(f"{argument} is {value!r}, but must be a name, one of: {', '.join(known)}.")
    if value not in known:
        raise ValueError(
            f"{argument} is {value!r}, which is not known: did you mean "
            f"{meant(value, known)!r} (known: {', '.join(known)})?"
        )
    return value


def integer(value: object, argument: str, *, minimum: int, maximum: int = 2**63 - 1) -> int:
    """Return `value` as an int in [minimum, maximum].

    Raises
    ------
    TypeError
        If it is not an integer (bool and 3.0 are not).
    ValueError
        If it is out of range.

    Examples
    --------
    >>> integer(-1, "steps", minimum=0)
    Traceback (most recent call last):
    ...
    ValueError: steps is -1, but must be an integer of at least 0.
    """
    wanted = f"must be an integer of at least {minimum}"
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{argument} is {value!r}, but {wanted}.")
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{argument} is {value!r}, but {wanted}.") from None
    if number < minimum:
        raise ValueError(f"{argument} is {number}, but {wanted}.")
    if number > maximum:
        raise ValueError(f"{argument} is {number}, but must be at most {maximum}.")
    return number


def real(value: object, argument: str) -> float:
    """Return `value` as a finite float.

    Raises
    ------
    TypeError
        If it is not a number.
    ValueError
        If it is infinite or not a number.

    Examples
    --------
    >>> real(3, "scale")
    3.0
    """
    if isinstance(value, (bool, np.bool_, str, bytes)):
        raise TypeError(f"{argument} is {value!r}, but must be a number.")
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise TypeError(f"{argument} is {value!r}, but must be a number.") from None
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"{argument} is {number}, but must be finite.")
    return number


def positive(value: object, argument: str) -> float:
    """Return `value` as a finite float above zero.

    Examples
    --------
    >>> positive(0, "lr")
    Traceback (most recent call last):
    ...
    ValueError: lr is 0.0, but must be above 0.
    """
    number = real(value, argument)
    if number <= 0:
        raise ValueError(f"{argument} is {number}, but must be above 0.")
    return number


def not_negative(value: object, argument: str) -> float:
    """Return `value` as a finite float of at least zero.

    Examples
    --------
    >>> not_negative(-1, "noise")
    Traceback (most recent call last):
    ...
    ValueError: noise is -1.0, but must be at least 0.
    """
    number = real(value, argument)
    if number < 0:
        raise ValueError(f"{argument} is {number}, but must be at least 0.")
    return number


def share(value: object, argument: str) -> float:
    """Return `value` as a float between 0 and 1, both excluded: a level, a quantile, a threshold.

    Examples
    --------
    >>> share(95, "level")
    Traceback (most recent call last):
    ...
    ValueError: level is 95, but must be above 0 and below 1.
    """
    number = real(value, argument)
    if not 0 < number < 1:
        raise ValueError(f"{argument} is {value}, but must be above 0 and below 1.")
    return number


def distinct_integers(
    values: object, argument: str, *, minimum: int, maximum: int = 2**63 - 1
) -> Ints:
    """Return a non-empty sequence of distinct integers as an array, in the order given.

    Raises
    ------
    TypeError
        If `values` is not a sequence of integers.
    ValueError
        If it is empty, holds a duplicate or one out of range.

    Returns
    -------
    (n,) int64

    Examples
    --------
    >>> distinct_integers([1, 2, 2], "widths", minimum=1)
    Traceback (most recent call last):
    ...
    ValueError: widths holds 2 more than once, but each may be given once only.
    """
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise TypeError(f"{argument} is {values!r}, but must be a sequence of integers.")
    checked = [
        integer(value, f"{argument}[{i}]", minimum=minimum, maximum=maximum)
        for i, value in enumerate(listed(values, argument))
    ]
    if not checked:
        raise ValueError(f"{argument} is empty, but must hold at least one integer.")
    refuse_duplicates(checked, argument)
    return np.array(checked, dtype=np.int64)


def listed(values: Iterable[Any], argument: str) -> list[Any]:
    """Return the values as a list, which they must fit into: a range may be of any length.

    Examples
    --------
    >>> listed(range(1, 10**12), "widths")
    Traceback (most recent call last):
    ...
    ValueError: widths holds more than 10000000 values, but at most so many can be given.
    """
    found = list(itertools.islice(values, _MOST_VALUES + 1)) if not _is_longer(values) else None
    if found is None or len(found) > _MOST_VALUES:
        raise ValueError(
            f"{argument} holds more than {_MOST_VALUES} values, but at most so many can be given."
        )
    return found


def _is_longer(values: Iterable[Any]) -> bool:
    """Whether the values say themselves that they are too many."""
    try:
        return isinstance(values, Sized) and len(values) > _MOST_VALUES
    except OverflowError:  # of a range beyond 2^63
        return True


def refuse_duplicates(values: Sequence[Any], argument: str) -> None:
    """Raise ValueError if a value stands in `values` twice.

    Examples
    --------
    >>> refuse_duplicates(["relu", "silu"], "activations")
    """
    if len(set(values)) == len(values):
        return
    seen: set[Any] = set()
    for value in values:
        if value in seen:
            raise ValueError(
                f"{argument} holds {value!r} more than once, but each may be given once only."
            )
        seen.add(value)


def seed_labels(seeds: object) -> NDArray[np.uint64]:
    """Return the seed labels: an integer n means 0 ... n-1.

    Returns
    -------
    (S,) uint64

    Examples
    --------
    >>> seed_labels(3)
    array([0, 1, 2], dtype=uint64)
    >>> seed_labels([7, 5])
    array([7, 5], dtype=uint64)
    """
    if isinstance(seeds, Iterable) and not (isinstance(seeds, np.ndarray) and seeds.ndim == 0):
        return distinct_integers(seeds, "seeds", minimum=0).astype(np.uint64)
    count = integer(seeds, "seeds", minimum=1, maximum=2**40)
    return np.arange(count, dtype=np.uint64)


def refuse_masked(value: object, argument: str) -> None:
    """Raise ValueError if values of an array are masked: what is under a mask is no measurement.

    Examples
    --------
    >>> refuse_masked(np.ma.masked_greater([1.0, 9.0], 5.0), "losses")
    Traceback (most recent call last):
    ...
    ValueError: losses has 1 masked value(s), but every value counts: leave them out.
    """
    count = int(np.sum(value.mask)) if isinstance(value, np.ma.MaskedArray) else 0
    if count:
        raise ValueError(
            f"{argument} has {count} masked value(s), but every value counts: leave them out."
        )


def real_values(values: object, argument: str) -> Floats:
    """Return float64 of any shape, NaN and infinite values among them.

    Raises
    ------
    TypeError
        If they are no numbers: complex ones would be cut, dates counted and text read.
    ValueError
        If some are masked.

    Examples
    --------
    >>> real_values(["1", "2"], "sizes")
    Traceback (most recent call last):
    ...
    TypeError: sizes is ['1', '2'], but must be an array of numbers.
    """
    refuse_masked(values, argument)
    try:
        given = np.asarray(values)
        if given.dtype.kind not in "fiubO" or (given.dtype.kind == "O" and _holds_text(given)):
            raise TypeError
        return np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"{argument} is {values!r:.60}, but must be an array of numbers.") from None


def _holds_text(values: NDArray[Any]) -> bool:
    return any(isinstance(each, str | bytes) for each in values.reshape(-1))


def float64_array(value: object, argument: str, ndims: tuple[int, ...]) -> Floats:
    """Return a read-only, C-contiguous float64 copy with one of the numbers of dimensions.

    Raises
    ------
    TypeError
        If it cannot be read as real numbers.
    ValueError
        If the number of dimensions is another one, or a value is NaN or infinite.

    Examples
    --------
    >>> float64_array([1, 2], "y", (1,))
    array([1., 2.])
    """
    refuse_masked(value, argument)
    given = np.asarray(value)
    if given.dtype.kind not in "fiub":
        raise TypeError(
            f"{argument} has dtype {given.dtype}, but must be an array of real numbers."
        )
    array = np.array(given, dtype=np.float64, order="C")
    if array.ndim not in ndims:
        allowed = " or ".join(str(n) for n in ndims)
        raise ValueError(
            f"{argument} has shape {array.shape}, but must have {allowed} dimension(s)."
        )
    bad = np.flatnonzero(~np.isfinite(array))
    if bad.size:
        index = np.unravel_index(int(bad[0]), array.shape)
        where = ", ".join(str(int(i)) for i in index)
        raise ValueError(
            f"{argument}[{where}] is {array[index]}, but every value must be finite: "
            "leave such samples out."
        )
    array.setflags(write=False)
    return array
