"""The fields of a document, each checked as it is read."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..._typing import Floats, Ints


class Fields:
    """A mapping of a document, read field by field; an error names the file and the field.

    Parameters
    ----------
    values : mapping
    where : str
        The file, and the way to the mapping.
    names : collection of str
        What must be there; anything else may not.
    """

    def __init__(self, values: object, where: str, names: Collection[str]) -> None:
        if not isinstance(values, Mapping):
            raise ValueError(f"{where} is {values!r:.40}, but must be an object.")
        for name in sorted({*names} - {*values}):
            raise ValueError(f"{where} has no {name!r}.")
        for name in sorted({*values} - {*names}):
            raise ValueError(f"{where} has {name!r}, which is not known.")
        self._values, self._where = values, where

    def inner(self, name: str, names: Collection[str]) -> Fields:
        """Return a mapping inside."""
        return Fields(self._values[name], self._place(name), names)

    def each(self, name: str) -> list[tuple[Any, str]]:
        """Return the members of a list, each with its place."""
        return [
            (value, f"{self._place(name)}[{i}]") for i, value in enumerate(self._list(name, None))
        ]

    def plain(self, name: str) -> dict[str, Any]:
        """Return a mapping as it is."""
        value = self._values[name]
        if not isinstance(value, dict):
            raise self._wrong(name, "an object")
        return value

    def text(self, name: str) -> str:
        """Return a string."""
        value = self._values[name]
        if not isinstance(value, str):
            raise self._wrong(name, "text")
        return value

    def flag(self, name: str) -> bool:
        """Return true or false."""
        value = self._values[name]
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def count(self, name: str, below: int | None = None) -> int:
        """Return a whole number of at least 0, below `below`."""
        value = self._values[name]
        if type(value) is not int or not 0 <= value < (2**63 if below is None else below):
            limit = "" if below is None else f" below {below}"
            raise self._wrong(name, f"a whole number of at least 0{limit}")
        return value

    def number(self, name: str) -> float:
        """Return a finite number."""
        value = _finite(self._values[name])
        if value is None:
            raise self._wrong(name, "a finite number")
        return value

    def optional(self, name: str) -> float | None:
        """Return a finite number; None for null."""
        return None if self._values[name] is None else self.number(name)

    def numbers(
        self, name: str, count: int | None = None, *, positive: bool = False, endless: bool = False
    ) -> Floats:
        """Return finite numbers (count,); null stands for infinity if `endless`."""
        found = [
            math.inf if endless and each is None else _finite(each)
            for each in self._list(name, count)
        ]
        if None in found:
            raise self._wrong(name, "a list of finite numbers")
        array = np.array(found, dtype=np.float64)
        if positive and not (array > 0).all():
            raise ValueError(f"{self._place(name)} holds {array.min():g}, but must be positive.")
        return array

    def whole(self, name: str, count: int, below: int) -> Ints:
        """Return whole numbers (count,), at least 0 and below `below`."""
        found = self._list(name, count)
        if not all(type(each) is int and 0 <= each < below for each in found):
            raise self._wrong(name, f"a list of whole numbers from 0 to {below - 1}")
        return np.array(found, dtype=np.int64)

    def flags(self, name: str, count: int) -> NDArray[np.bool_]:
        """Return true or false (count,)."""
        found = self._list(name, count)
        if not all(isinstance(each, bool) for each in found):
            raise self._wrong(name, "a list of true and false")
        return np.array(found, dtype=np.bool_)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return strings."""
        found = self._list(name, None)
        if not all(isinstance(each, str) for each in found):
            raise self._wrong(name, "a list of texts")
        return tuple(found)

    def is_null(self, name: str) -> bool:
        """Return whether a field is null."""
        return self._values[name] is None

    def is_text(self, name: str) -> bool:
        """Return whether a field is a string."""
        return isinstance(self._values[name], str)

    def problem(self, text: str) -> ValueError:
        """Return an error of this mapping."""
        return ValueError(f"{self._where} {text}.")

    def _list(self, name: str, count: int | None) -> Sequence[Any]:
        value = self._values[name]
        if not isinstance(value, list):
            raise self._wrong(name, "a list")
        if count is not None and len(value) != count:
            raise ValueError(f"{self._place(name)} has {len(value)} values, but must have {count}.")
        return value

    def _place(self, name: str) -> str:
        return f"{self._where}, {name}"

    def _wrong(self, name: str, wanted: str) -> ValueError:
        return ValueError(
            f"{self._place(name)} is {self._values[name]!r:.40}, but must be {wanted}."
        )


def _finite(value: object) -> float | None:
    """Return a finite number as a float; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None
