"""Conditions on the rows of a table: ``params < 1e9``, ``status == done``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .cells import Cells
from .numerals import infinite, missing, number

_ORDERS: dict[str, Callable[[Any, Any], Any]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_SAME = {"==": True, "=": True, "!=": False}
_FORM = re.compile(r"(?P<column>.+?)\s*(?P<sign><=|>=|==|!=|=|<|>)\s*(?P<value>.*)", re.DOTALL)
_QUOTED = re.compile(r"(['\"])(.*)\1", re.DOTALL)


@dataclass(frozen=True)
class Condition:
    """A comparison of a column with a value.

    Attributes
    ----------
    text : str
        As it was given.
    column : int
        The place of the column.
    sign : str
    value : str
    """

    text: str
    column: int
    sign: str
    value: str


def condition(text: object, cells: Cells, option: str) -> Condition:
    """Return a condition on the columns of a table.

    Raises
    ------
    TypeError
        If it is no text.
    ValueError
        If it is no comparison, there is no such column, or a word is to be less or more.
    """
    if not isinstance(text, str):
        raise TypeError(f"{option} is {text!r:.60}, but must be text such as 'params < 1e9'.")
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError(
            f"{option} is {text!r}, but must compare a column with a value, such as "
            "'params < 1e9' or 'status == done'."
        )
    value = match["value"].strip()
    quoted = _QUOTED.fullmatch(value)
    column = cells.find(match["column"].strip(), option)
    if match["sign"] in _ORDERS and _value(value) is None:
        raise ValueError(f"{option} is {text!r}, but {match['sign']} needs a number behind it.")
    return Condition(text, column, match["sign"], quoted[2] if quoted else value)


def holds(wanted: Condition, cells: Cells, decimal: str) -> NDArray[np.bool_]:
    """Return in which rows (R,) a condition holds; a blank or a word is neither less nor more.

    Raises
    ------
    ValueError
        If a cell that is to be less or more is neither a number nor a word.
    """
    value, column = _value(wanted.value), cells.columns[wanted.column]
    found = np.zeros(len(column), np.bool_)
    if wanted.sign in _SAME:
        found[:] = [_same(cell, wanted.value, value, decimal) for cell in column]
        return found if _SAME[wanted.sign] else ~found
    compare = _ORDERS[wanted.sign]
    for row, cell in enumerate(column):
        held = _value(cell, decimal)
        if held is None and not missing(cell):
            raise ValueError(
                f"{cells.place(row, wanted.column)}, holds {cells.shown(row, wanted.column)}, "
                f"which cannot be compared by {wanted.text!r}."
            )
        found[row] = held is not None and compare(held, value)
    return found


def _same(cell: str, text: str, value: float | None, decimal: str) -> bool:
    return cell == text or (value is not None and _value(cell, decimal) == value)


def _value(cell: str, decimal: str = ".") -> float | None:
    if infinite(cell):
        return -np.inf if cell.strip().startswith("-") else np.inf
    return number(cell, decimal)
