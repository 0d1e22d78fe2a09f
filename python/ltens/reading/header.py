"""The row that names the columns, or that there is none."""

from __future__ import annotations

from .cells import Cells
from .numerals import is_number
from .separated import SEPARATORS, Row


def named_cells(
    rows: list[Row],
    source: str,
    separator: str,
    *,
    header: bool | None,
    above: list[str],
    wanted: tuple[str | int | None, ...],
) -> Cells:
    """Return the cells under the names of the first row, or under numbers.

    Parameters
    ----------
    rows : list of (line, cells)
    source, separator : str
    header : bool or None
        Whether the first row holds the names; None if that is to be seen.
    above : list of str
        Cells of a comment above the first row, which may hold the names.
    wanted : tuple
        Columns that are asked for: a first row that has these names is a header.

    Raises
    ------
    ValueError
        If there is no header or no data, or a row has more cells than the header.
    """
    if not rows:
        raise ValueError(f"{source} holds comments only, but must hold a table.")
    names = list(rows[0][1])
    if header is None and any(map(is_number, names)):
        if len(above) == len(names) and _names(above):
            names, header = above, False
        elif not _asked_for(names, wanted):
            raise ValueError(_doubt(rows[0], source))
    elif header is False:
        names = [str(i + 1) for i in range(len(names))]
    data = rows if header is False else rows[1:]
    if not data:
        raise ValueError(f"{source} has {len(rows)} line(s), but needs a header and data.")
    _check_lengths(data, names, source, separator)
    width = len(names)
    filled = [cells[:width] + [""] * (width - len(cells)) for _, cells in data]
    found = Cells(
        source, [line for line, _ in data], tuple(names), list(zip(*filled, strict=True)), separator
    )
    if len([i for i in range(width) if not found.is_blank(i)]) < 2:
        tried = ", ".join(SEPARATORS.values())
        raise ValueError(
            f"{source} has one column, {names[0]!r:.60}, but needs a size and a loss: tried were "
            f"{tried}; --separator gives another."
        )
    return found


def _names(cells: list[str]) -> bool:
    return not any(is_number(cell) for cell in cells) and any(cells)


def _asked_for(names: list[str], wanted: tuple[str | int | None, ...]) -> bool:
    asked = [str(name) for name in wanted if name is not None]
    return bool(asked) and set(asked) <= set(names)


def _doubt(row: Row, source: str) -> str:
    line, cells = row
    held = [cell for cell in cells if cell]
    if all(map(is_number, held)):
        return (
            f"{source}, line {line}, holds numbers where the names of the columns should be: "
            "--no-header reads it as data, columns are then --size 1, --loss 2."
        )
    odd = next(cell for cell in held if is_number(cell))
    return (
        f"{source}, line {line}, may be names or data, as it holds {odd!r:.60} beside words: "
        "--header or --no-header says which."
    )


def _check_lengths(data: list[Row], names: list[str], source: str, separator: str) -> None:
    """Raise ValueError if a row holds something beyond the header."""
    for line, cells in data:
        if any(cells[len(names) :]):
            hint = (
                ": a cell that holds a comma, such as 1,000 or 0,5, must stand in quotation marks"
                if separator == ","
                else ""
            )
            raise ValueError(
                f"{source}, line {line}, has {len(cells)} cells up to "
                f"{next(c for c in reversed(cells) if c)!r:.40}, but the header has "
                f"{len(names)}{hint}."
            )
