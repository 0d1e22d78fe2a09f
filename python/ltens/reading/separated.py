"""Text cut into cells: which separator, which lines are comments, where each row stands."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager

from .numerals import is_number

Row = tuple[int, list[str]]  # line in the file, cells
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "|", " ": "blanks"}
_SAMPLE = 200  # lines that decide the separator
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_RULE = re.compile(r":?-{3,}:?")
_COMMENT = re.compile(r"\s*#")
_DIRECTIVE = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # what spreadsheets write and obey


def separator_named(value: str | None) -> str | None:
    r"""Return the separator for its name or itself.

    Examples
    --------
    >>> separator_named("tab"), separator_named(";")
    ('\t', ';')
    """
    names = {name: sign for sign, name in SEPARATORS.items()}
    if value is None or value in names:
        return None if value is None else names[value]
    if len(value) != 1 or value.isalnum() or value in '"\r\n.#+-':
        raise ValueError(
            f"separator is {value!r}, but must be one sign or one of: {', '.join(names)}."
        )
    return value


def cut(text: str, source: str, separator: str | None = None) -> tuple[list[Row], str, list[str]]:
    r"""Return the rows that hold something, the separator, and the cells of the last comment above.

    Lines that begin with # are comments; a cell in quotation marks may hold anything.

    Raises
    ------
    ValueError
        If a quotation mark is not closed.

    Examples
    --------
    >>> cut("# a run\nN;loss\n\n10;0,5\n", "runs.csv")
    ([(2, ['N', 'loss']), (4, ['10', '0,5'])], ';', ['a run'])
    """
    lines = _LINE.findall(text)
    for i, line in enumerate(lines):
        if line.strip():
            if match := _DIRECTIVE.fullmatch(line):
                separator, lines[i] = separator or match[1], "\n"
            break
    comment = ""
    for line in lines:
        if _COMMENT.match(line):
            comment = line
        elif line.strip():
            break
    lines = ["\n" if _COMMENT.match(line) else line for line in lines]
    chosen = separator or _likely(lines)
    rows = [row for row in _rows(lines, chosen, source) if not _is_idle(row[1])]
    above = next(_rows([comment.strip().lstrip("#")], chosen, source), (0, []))[1]
    return rows, chosen, above


def _is_idle(cells: list[str]) -> bool:
    """Return whether a row holds nothing, or a rule such as |---|---| of a Markdown table."""
    held = [cell for cell in cells if cell]
    return not held or (held[0][0] in ":-" and all(map(_RULE.fullmatch, held)))


def _rows(lines: list[str], separator: str, source: str) -> Iterator[Row]:
    """Yield the line and the cells of each row."""
    if separator == " ":
        yield from ((i, line.split()) for i, line in enumerate(lines, 1))
        return
    reader = csv.reader(iter(lines), delimiter=separator, strict=True)
    line = 1
    with _cells_of_any_length():
        try:
            for cells in reader:
                yield line, [cell.strip() for cell in cells]
                line = reader.line_num + 1
        except csv.Error as error:
            raise ValueError(
                f"{source}, line {line}, cannot be cut into cells ({error}): a quotation mark "
                "stands alone."
            ) from None


@contextmanager
def _cells_of_any_length() -> Iterator[None]:
    before = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _likely(lines: list[str]) -> str:
    """Return the separator by which most rows have as many cells as the first, and numbers."""
    sample = [line for line in lines if line.strip()][:_SAMPLE]
    return max(SEPARATORS, key=lambda separator: _score(sample, separator))


def _score(lines: list[str], separator: str) -> float:
    cells = _loosely(lines, separator)
    if not cells or len(cells[0]) < 2:
        return 0.0
    rest = cells[1:] or cells
    same = sum(len(row) == len(cells[0]) for row in rest) / len(rest)
    numbers = sum(_share_of_numbers(row) for row in rest) / len(rest)
    return 0.1 + same + numbers


def _loosely(lines: list[str], separator: str) -> list[list[str]]:
    """Return the cells, whatever the quotation marks do."""
    if separator == " ":
        return [line.split() for line in lines]
    with _cells_of_any_length():
        rows = csv.reader(io.StringIO("".join(lines), newline=""), delimiter=separator)
        return [[cell.strip() for cell in row] for row in rows if row]


def _share_of_numbers(row: list[str]) -> float:
    held = [cell for cell in row if cell]
    return sum(map(is_number, held)) / max(len(held), 1)
