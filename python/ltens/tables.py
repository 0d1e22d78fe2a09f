"""Tables: cells of text, printed aligned, as Markdown, as HTML; records as CSV and as plain values.

A table is a sequence of headings and rows of as many cells; a record is a row by name, in numbers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

Rows = Iterable[Sequence[object]]

_UNKNOWN = re.compile(r"nan \[nan, nan\]|[-+]?\bnan\b")
_NUMBER = re.compile(r"[-+]?(\d|inf|nan)|[-–—]?$")


def text(heads: Iterable[str], rows: Rows, *, indent: str = "") -> str:
    """Return a table for a terminal: columns of numbers end where their headings end.

    Examples
    --------
    >>> print(text(["law", "AICc"], [["power_law", "0.2"], ["limit", "-"]], indent="  "))
      law        AICc
      power_law   0.2
      limit         -
    """
    lines = _cells(heads, rows)
    columns = [_aligned(column) for column in zip(*lines, strict=True)]
    return "\n".join((indent + "  ".join(line)).rstrip() for line in zip(*columns, strict=True))


def listing(pairs: Iterable[tuple[str, object]], *, indent: str = "") -> str:
    """Return names and what they stand for, a line for each.

    Examples
    --------
    >>> print(listing([("model", "power_law"), ("floor", 0.1)]))
    model  power_law
    floor  0.1
    """
    lines = [(name, str(value)) for name, value in pairs]
    size = max((len(name) for name, _ in lines), default=0)
    return "\n".join(f"{indent}{name:<{size}}  {value}".rstrip() for name, value in lines)


def markdown(heads: Iterable[str], rows: Rows) -> str:
    r"""Return a Markdown table.

    Examples
    --------
    >>> print(markdown(["N", "max |a|"], [[2, 0.5]]))
    | N | max \|a\| |
    |---|---|
    | 2 | 0.5 |
    """
    head, *body = [[cell.replace("|", r"\|") for cell in line] for line in _cells(heads, rows)]
    lines = [f"| {' | '.join(line)} |" for line in (head, *body)]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]])


def html(rows: Rows, heads: Iterable[str] = ()) -> str:
    """Return an HTML table; without headings the first cell of each row is one.

    Examples
    --------
    >>> html([["floor", "< 0.1"]])
    '<table><tr><th>floor</th><td>&lt; 0.1</td></tr></table>'
    >>> html([["0.1"]], heads=["floor"])
    '<table><tr><th>floor</th></tr><tr><td>0.1</td></tr></table>'
    """
    named = list(heads)
    lines: list[list[tuple[str, object]]] = [[("th", cell) for cell in named]] if named else []
    first = "td" if named else "th"
    lines += [[(first, row[0]), *[("td", cell) for cell in row[1:]]] for row in rows]
    shown = ("".join(f"<{tag}>{escape(str(cell))}</{tag}>" for tag, cell in line) for line in lines)
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in shown)}</table>"


def formatted(
    records: Iterable[Mapping[str, Any]], columns: Mapping[str, str]
) -> tuple[list[str], list[list[str]]]:
    """Return the headings and rows of records.

    Parameters
    ----------
    records : iterable of mapping
    columns : mapping of heading to format
        The format names fields of a record; a number that is not known is a dash.

    Examples
    --------
    >>> print(markdown(*formatted([{"n": 2, "loss": 0.5}], {"N": "{n}", "loss": "{loss:.1e}"})))
    | N | loss |
    |---|---|
    | 2 | 5.0e-01 |
    """
    return list(columns), [[_cell(form, record) for form in columns.values()] for record in records]


def pivoted(
    records: Sequence[Mapping[str, Any]], row: str, column: str, form: str, *, corner: str
) -> tuple[list[str], list[list[str]]]:
    """Return headings and rows: one row for each value of `row`, a column for each of `column`.

    Examples
    --------
    >>> found = [{"n": 2, "kind": "silu", "x": 1.0}, {"n": 2, "kind": "relu", "x": 2.0}]
    >>> pivoted(found, "n", "kind", "{x:.0f}", corner="N")
    (['N', 'silu', 'relu'], [['2', '1', '2']])
    """
    cells = {(record[row], record[column]): _cell(form, record) for record in records}
    across = list(dict.fromkeys(record[column] for record in records))
    down = sorted({record[row] for record in records})
    rows = [[str(r), *(cells.get((r, c), "–") for c in across)] for r in down]
    return [corner, *map(str, across)], rows


def csv(records: Sequence[Mapping[str, Any]]) -> str:
    """Return CSV in full precision, a line for each record; a missing field is empty.

    Examples
    --------
    >>> print(csv([{"name": 'my "best" run', "n": 1}, {"n": 2, "loss": 0.1}]), end="")
    name,n,loss
    "my ""best"" run",1,
    ,2,0.1
    """
    import pandas as pd

    fields = dict.fromkeys(key for record in records for key in record)
    filled = [[record.get(key, "") for key in fields] for record in records]
    frame = pd.DataFrame(filled, columns=list(fields), dtype=object)
    return str(frame.to_csv(index=False, lineterminator="\n", na_rep="nan"))


def plain(value: Any) -> Any:
    """Return values ready for JSON: arrays as lists, None for a number that is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> plain({"a": np.array([1.0, np.nan]), "b": (float("inf"), "c")})
    {'a': [1.0, None], 'b': [None, 'c']}
    """
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def number(value: float, form: str = ".3g") -> str:
    """Return a number, a dash where it is not finite.

    Examples
    --------
    >>> number(0.12345), number(float("nan"))
    ('0.123', '-')
    """
    return f"{value:{form}}" if math.isfinite(value) else "-"


def numbers(values: Iterable[float], form: str) -> str:
    """Return numbers in a cell.

    Examples
    --------
    >>> numbers([1, 2.25], ".1f")
    '1.0, 2.2'
    """
    return ", ".join(f"{value:{form}}" for value in values)


def interval(ends: tuple[float, float], form: str) -> str:
    """Return an interval.

    Examples
    --------
    >>> interval((0.5, 1), ".2f")
    '[0.50, 1.00]'
    """
    return f"[{numbers(ends, form)}]"


def estimate(value: float, ends: tuple[float, float], form: str) -> str:
    """Return a number with its interval.

    Examples
    --------
    >>> estimate(0.75, (0.5, 1), ".2f")
    '0.75 [0.50, 1.00]'
    """
    return f"{value:{form}} {interval(ends, form)}"


def with_error(value: float, error: float, form: str) -> str:
    """Return a number with its standard error.

    Examples
    --------
    >>> with_error(0.75, 0.1, ".2f")
    '0.75 ± 0.10'
    """
    return f"{value:{form}} ± {error:{form.lstrip('+')}}"


def _cells(heads: Iterable[str], rows: Rows) -> list[list[str]]:
    return [list(heads), *([str(cell) for cell in row] for row in rows)]


def _aligned(column: tuple[str, ...]) -> list[str]:
    size = max(map(len, column))
    right = all(_NUMBER.match(cell) for cell in column[1:])
    return [cell.rjust(size) if right else cell.ljust(size) for cell in column]


def _cell(form: str, record: Mapping[str, Any]) -> str:
    return _UNKNOWN.sub("–", form.format_map(record))
