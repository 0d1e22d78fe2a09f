"""A column of sizes or losses as numbers, or one sentence on the first cell that is none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .._typing import Floats
from .cells import Cells
from .numerals import infinite, missing, number


def measured(
    cells: Cells,
    column: int,
    decimal: str,
    looked_at: NDArray[np.bool_],
    *,
    drop: bool,
    units: bool,
) -> Floats:
    """Return the numbers of a column (R,), NaN where there is none.

    Parameters
    ----------
    cells : Cells
    column : int
    decimal : str
        The decimal mark.
    looked_at : (R,) bool
        Rows whose cell must hold a number above 0.
    drop : bool
        Blanks, words, infinity and 0 are NaN instead of an error.
    units : bool
        Whether numbers may have a unit such as M.

    Raises
    ------
    ValueError
        With file, line, column and cell.
    """
    found = np.full(len(cells.lines), np.nan)
    for row, cell in enumerate(cells.columns[column]):
        value = number(cell, decimal, units=units)
        if value is not None and 0 < value < np.inf:
            found[row] = value
        elif looked_at[row] and (trouble := _trouble(cell, value, drop)):
            place, shown = cells.place(row, column), cells.shown(row, column)
            name = cells.names[column] or column + 1
            raise ValueError(f"{place}, holds {shown}, but {trouble.format(name)}.")
    return found


def _trouble(cell: str, value: float | None, drop: bool) -> str:
    """Return what is wrong with a cell and what would help; nothing if it is to be left out."""
    if value is not None and value > 0:
        return "must hold a number that a float can hold"
    if value is not None and value < 0:
        return 'must hold a number above 0: --where "{} > 0" leaves such rows out'
    if value is None and not infinite(cell) and not missing(cell):
        return "must hold a number"
    if drop:
        return ""
    leave = "--missing drop leaves such rows out"
    if infinite(cell):
        return f'must be finite: --diverged "{{}} == inf" counts them as diverged, {leave}'
    return f"must hold a number{' above 0' if value == 0 else ''}: {leave}"
