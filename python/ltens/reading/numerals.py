"""Numbers as people write them: decimal commas, separated thousands, units such as 15M."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache

Place = str | Callable[[], str]
POWERS = {"k": 3, "m": 6, "b": 9, "g": 9, "t": 12}  # in either case; no size is in thousandths
_FIRST = tuple("0123456789+-.,\N{MINUS SIGN}")
_BLANKS = " \u00a0\u2009\u202f"
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?", re.ASCII)  # most cells
_WORD = re.compile(r"\D*", re.ASCII)
_INFINITE = {"inf", "+inf", "-inf", "infinity", "+infinity", "-infinity", "∞"}


def number(cell: str, decimal: str = ".", *, units: bool = True) -> float | None:
    """Return the number in a cell, None if it holds none; infinite if no float is so large.

    Examples
    --------
    >>> number("1.3B"), number("32 K"), number("1,234.5"), number("1e-3")
    (1300000000.0, 32000.0, 1234.5, 0.001)
    >>> number("1.234,5", decimal=","), number("12 345"), number("1'000"), number("12,34")
    (1234.5, 12345.0, 1000.0, None)
    """
    if _PLAIN.fullmatch(cell) and (decimal == "." or "." not in cell):
        return float(cell)
    match = _pattern(decimal).fullmatch(cell.strip().replace("\N{MINUS SIGN}", "-"))
    if match is None or (match["unit"] and not units):
        return None
    digits = match["digits"]
    if match["mark"]:
        digits = digits.replace(match["mark"], "")
    digits = digits.replace(decimal, ".")
    power = match["power"] or (str(POWERS[match["unit"].lower()]) if match["unit"] else "0")
    return float(f"{match['sign']}{digits}e{power}")


@cache
def _pattern(decimal: str) -> re.Pattern[str]:
    point = re.escape(decimal)
    other = re.escape("," if decimal == "." else ".")
    marks = rf"[{_BLANKS}'’_{other}]"
    thousands = rf"[1-9]\d{{0,2}}(?P<mark>{marks})\d{{3}}(?:(?P=mark)\d{{3}})*"
    digits = rf"(?P<digits>(?:{thousands}|\d+)(?:{point}\d*)?|{point}\d+)"
    power = r"[eEdD](?P<power>[+-]?\d+)"
    unit = rf"[{_BLANKS}]?(?P<unit>[{''.join(POWERS)}])"
    return re.compile(rf"(?P<sign>[+-]?){digits}(?:{power}|(?i:{unit}))?", re.ASCII)


def is_number(cell: str) -> bool:
    """Return whether a cell holds a number, whatever its decimal mark.

    Examples
    --------
    >>> is_number("0,5"), is_number("15M"), is_number("2024-05-01")
    (True, True, False)
    """
    if cell.lstrip()[:1] not in _FIRST:
        return False
    return number(cell) is not None or number(cell, ",") is not None


def infinite(cell: str) -> bool:
    """Return whether the cell says infinity.

    Examples
    --------
    >>> infinite("Inf"), infinite("info")
    (True, False)
    """
    return cell.strip().lower() in _INFINITE


def missing(cell: str) -> bool:
    """Return whether the cell is blank or a word: OOM, nan, N/A, a dash. A word has no digit.

    Examples
    --------
    >>> [missing(cell) for cell in ("", "OOM", "n/a", "-", "0.1.2", "inf")]
    [True, True, True, True, False, False]
    """
    return _WORD.fullmatch(cell) is not None and not infinite(cell)


def decimal_mark(cells: Iterable[tuple[Place, str]], separator: str) -> str:
    """Return the decimal mark, "." or ",", that the cells speak for.

    A cell speaks for a mark if it is a number with that one only: 0,5 or 1.234,5 for the comma.

    Parameters
    ----------
    cells : iterable of (place, cell)
        A place is text, or a function that returns it.
    separator : str
        Of the cells; where it is a comma, no one writes commas as decimals.

    Raises
    ------
    ValueError
        If cells contradict each other, or all could be read in two ways.

    Examples
    --------
    >>> decimal_mark([("line 2", "1.000"), ("line 3", "0,5")], ";")
    ','
    >>> decimal_mark([("line 2", "1,234")], ";")
    Traceback (most recent call last):
    ...
    ValueError: line 2, holds '1,234', which is 1234 or 1.234: --decimal . or --decimal , says so.
    """
    found: dict[str, tuple[Place, str]] = {}
    unclear: tuple[Place, str] | None = None
    for place, cell in cells:
        new = [mark for mark in ".," if mark in cell and mark not in found]
        if not new:
            continue
        point, comma = number(cell, "."), number(cell, ",")
        if point == comma:
            continue
        if point is None or comma is None:
            found.setdefault("," if point is None else ".", (place, cell))
        elif "," in cell:
            unclear = unclear or (place, cell)
    if len(found) == 2:
        (place, cell), (_, other) = found[","], found["."]
        raise ValueError(
            f"{_in_words(place)}, holds {cell!r}, but another cell {other!r}: the decimal mark "
            "must be one in the whole file, or --decimal must give it."
        )
    if found:
        return next(iter(found))
    if unclear and separator != ",":
        place, cell = unclear
        raise ValueError(
            f"{_in_words(place)}, holds {cell!r}, which is {number(cell):g} or "
            f"{number(cell, ','):g}: --decimal . or --decimal , says so."
        )
    return "."


def _in_words(place: Place) -> str:
    return place if isinstance(place, str) else place()
