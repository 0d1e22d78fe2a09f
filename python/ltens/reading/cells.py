"""Named columns of cells, each of which knows where it stands in the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..hints import nearest
from .numerals import is_number

_SHOWN = 40  # characters of a cell in a message
_LISTED = 20  # columns in a message


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of a file, as text.

    Attributes
    ----------
    source : str
        What the file is called.
    lines : list of R int
        Where each row stands.
    names : tuple of K str
        Of the columns; blank where the file gives none.
    columns : list of K tuples of R str
    separator : str
        Between the cells; blank where nothing separates them, as in Parquet.
    row : str
        What a row is called: "line" of a text file.
    """

    source: str
    lines: list[int]
    names: tuple[str, ...]
    columns: list[tuple[str, ...]]
    separator: str = ""
    row: str = "line"

    def place(self, row: int, column: int) -> str:
        """Return the words for a cell: file, line and column."""
        name = self.names[column][:_SHOWN] or str(column + 1)
        return f"{self.source}, {self.row} {self.lines[row]}, column {name}"

    def shown(self, row: int, column: int) -> str:
        """Return the cell for a message, short."""
        cell = self.columns[column][row]
        return repr(cell if len(cell) <= _SHOWN else cell[:_SHOWN] + "...") if cell else "nothing"

    def find(self, wanted: str | int, option: str) -> int:
        """Return the place of a column, by its name or by its number from 1.

        Raises
        ------
        ValueError
            If there is none or there are several.
        """
        name = str(wanted).strip()
        places = [i for i, each in enumerate(self.names) if each == name and name]
        if len(places) > 1:
            raise ValueError(
                f"{option} is {name!r}, but {self.source} has {len(places)} columns of that name, "
                f"numbers {', '.join(str(i + 1) for i in places)}: give --{option} a number."
            )
        if places:
            return places[0]
        if name.isdecimal() and 1 <= int(name) <= len(self.names):
            return int(name) - 1
        held = [name or str(i + 1) for i, name in enumerate(self.names) if not self.is_blank(i)]
        close = nearest(name, [each[:_SHOWN] for each in held])
        raise ValueError(
            f"{option} is {name!r:.60}, but {self.source} has no such column: did you mean "
            f"{close!r} (columns: {self.listed()})?"
        )

    def listed(self) -> str:
        """Return the names of the columns that hold something, a number for one without a name."""
        held = [name or str(i + 1) for i, name in enumerate(self.names) if not self.is_blank(i)]
        more = ["..."] if len(held) > _LISTED else []
        return ", ".join([name[:_SHOWN] for name in held[:_LISTED]] + more)

    def is_text(self, column: int) -> bool:
        """Return whether the column holds something, but no number in any cell."""
        cells = set(self.columns[column])
        return any(cells) and not any(map(is_number, cells))

    def is_blank(self, column: int) -> bool:
        """Return whether the column holds nothing."""
        return not any(self.columns[column])

    def only(self, rows: Sequence[int]) -> Cells:
        """Return some of the rows."""
        return Cells(
            self.source,
            [self.lines[i] for i in rows],
            self.names,
            [tuple(column[i] for i in rows) for column in self.columns],
            self.separator,
            self.row,
        )
