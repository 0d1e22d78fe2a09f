"""What a value of a setting must be, and what it is kept as."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..validation import integer, one_of, real

Check = Callable[[Any, str], Any]


def at_least(minimum: int) -> Check:
    """Return the check of an integer."""
    return lambda value, argument: integer(value, argument, minimum=minimum)


def name_among(names: Sequence[str]) -> Check:
    """Return the check of a name."""
    return lambda value, argument: one_of(value, names, argument)


def below_one(value: float, argument: str) -> float:
    """Return a number in [0, 1)."""
    number = real(value, argument)
    if not 0 <= number < 1:
        raise ValueError(f"{argument} is {number}, but must be at least 0 and below 1.")
    return number


def _four(values: object, argument: str) -> tuple[float, ...]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise TypeError(f"{argument} is {values!r}, but must be four numbers, of w, b, a and c.")
    return tuple(real(value, f"{argument}[{i}]") for i, value in enumerate(values))


def factors(values: Iterable[float], argument: str) -> tuple[float, ...]:
    """Return four numbers of at least 0, of w, b, a and c."""
    numbers = _four(values, argument)
    if len(numbers) != 4 or min(numbers) < 0:
        raise ValueError(
            f"{argument} is {numbers}, but must be four numbers of at least 0, of w, b, a and c."
        )
    return numbers


def decays(values: object, argument: str) -> tuple[float, ...]:
    """Return a number for each of w, b, a and c; one number means all of them."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        return (real(values, argument),) * 4
    numbers = _four(values, argument)
    if len(numbers) not in (1, 4):
        raise ValueError(
            f"{argument} is {numbers}, but must be one number or four, of w, b, a and c."
        )
    return numbers if len(numbers) == 4 else numbers * 4


def share_or_all(value: float, argument: str) -> float:
    """Return a number in [0, 1]."""
    number = real(value, argument)
    if not 0 <= number <= 1:
        raise ValueError(f"{argument} is {number}, but must be at least 0 and at most 1.")
    return number


def optional_count(value: int | None, argument: str) -> int | None:
    """Return an integer of at least 1, or None."""
    return None if value is None else integer(value, argument, minimum=1)
