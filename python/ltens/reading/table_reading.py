"""The function `ltens.read_table`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..fitting.almost_equal import tolerance_of
from ..fitting.run_table import RunTable
from ..status import DIVERGED, OK, STATUS
from ..validation import one_of
from .cells import Cells
from .columns import Chosen, choose, refuse_pooling
from .conditions import condition, holds
from .file_bytes import PARQUET, contents
from .header import named_cells
from .measured import measured
from .numerals import decimal_mark
from .parquet import parquet_cells
from .separated import cut, separator_named
from .text_encoding import decoded

MISSING = ("error", "drop")


def read_table(
    path: str | os.PathLike[str],
    size: str | int | Sequence[str | int] | None = None,
    loss: str | int | None = None,
    *,
    columns: str | int | Sequence[str | int] = (),
    groups: str | int | None = None,
    runs: str | int | None = None,
    by: str | int | Sequence[str | int] | None = None,
    pool: bool = False,
    missing: str = "error",
    where: str | Sequence[str] = (),
    diverged: str | Sequence[str] = (),
    header: bool | None = None,
    separator: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    tolerance: float | None = None,
) -> RunTable:
    r"""Read losses of runs from a table in a file: one row is one run.

    Separator, decimal mark and encoding are seen from the file. Thousands may stand apart (1,000,
    1.000, 1 000, 1'000), sizes may have units: k, M, B or G, T in either case are 10^3, 10^6, 10^9,
    10^12. Lines that begin with # are comments. What cannot be read, or could be read in two ways,
    is an error that names file, line, column and cell.

    Parameters
    ----------
    path : path or "-"
        Text (CSV and the like, also compressed by gzip) or Parquet; "-" is the standard input.
    size, loss : str or int, optional
        Columns, by name or number from 1; may be left out if there are two columns of numbers, and
        for a table of `ltens export`. Of several sizes the first is `RunTable.sizes`, the others
        are among `RunTable.columns`: a table for `ltens.fit_surface`.
    columns : str, int or several
        Further columns of sizes, such as tokens, which every run must have: `RunTable.columns`.
    groups, runs : str or int, optional
        Columns that say which data set a run belongs to, and which training a row is a checkpoint
        of, for `ltens.fit_surface`.
    by : str, int or several, optional
        Columns whose values name curves; each is fitted by itself.
    pool : bool
        Take rows as one curve although words beside them differ.
    missing : {"error", "drop"}
        What to do with a run whose size or loss is blank, a word (OOM, nan, N/A, -), infinite or 0.
        A cell that is neither that nor a number is an error in any case.
    where : str or several
        Conditions that a row must meet, each of the form ``params < 1e9`` or ``status == done``;
        other rows are not looked at.
    diverged : str or several
        Conditions, such as ``loss > 10``: runs that meet one count as diverged.
    header : bool, optional
        Whether the first row names the columns; by default it is looked at.
    separator, decimal, encoding : str, optional
        Instead of what the file seems to use.
    tolerance : float, optional
        Sizes that differ relatively by no more are one, as for `ltens.fit`.

    Returns
    -------
    RunTable
        For `ltens.fit`, `ltens.regimes.classify`, `ltens.regimes.compare`, `ltens.plot.scaling`.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as above, or the file holds no such table.
    ModuleNotFoundError
        For Parquet without pyarrow.

    Examples
    --------
    >>> import tempfile, ltens
    >>> folder = tempfile.TemporaryDirectory()
    >>> text = "model;params;loss\na;15M;4,1\nb;150M;3,2\nc;1,5B;2,5\nd;15B;OOM\n"
    >>> with open(f"{folder.name}/runs.csv", "w") as file:
    ...     _ = file.write(text)
    >>> table = ltens.read_table(f"{folder.name}/runs.csv", missing="drop")
    >>> table
    RunTable(3 runs, loss against params from 1.5e+07 to 1.5e+09)
    >>> round(ltens.fit(table).exponent, 2)
    0.11
    >>> folder.cleanup()
    """
    one_of(missing, MISSING, "missing")
    if decimal is not None:
        one_of(decimal, (".", ","), "decimal")
    close = tolerance_of(tolerance)
    several = None if by is None else _several(by)
    conditions, marks, more = _several(where), _several(diverged), _several(columns)
    sizes = [None] if size is None else _several(size)
    if not sizes:
        raise ValueError("size is empty, but must name a column or several.")
    wanted = (*sizes, loss, groups, runs, *more, *(several or ()))
    cells = _cells(path, separator, encoding, header, wanted)
    chosen = choose(cells, sizes, loss, several, more, labels={"groups": groups, "runs": runs})
    mark = decimal or _decimal(cells, chosen)
    kept = np.ones(len(cells.lines), bool)
    for text in conditions:
        kept &= holds(condition(text, cells, "where"), cells, mark)
    if not kept.any():
        raise ValueError(
            f"where is {' and '.join(conditions)!r}, which no row of {cells.source} meets."
        )
    cells = cells.only(np.flatnonzero(kept).tolist())
    return _runs(cells, chosen, mark, marks, missing, pool=pool, tolerance=close)


def _several(given: Any) -> list[Any]:
    return [given] if isinstance(given, str | int) else list(given)


def _cells(
    path: str | os.PathLike[str],
    separator: str | None,
    encoding: str | None,
    header: bool | None,
    wanted: tuple[str | int | None, ...],
) -> Cells:
    given = separator_named(separator)
    source, data = contents(path)
    if data.startswith(PARQUET):
        return parquet_cells(data, source)
    text = decoded(data, source, encoding)
    rows, used, above = cut(text, source, given)
    return named_cells(rows, source, used, header=header, above=above, wanted=wanted)


def _decimal(cells: Cells, chosen: Chosen) -> str:
    if not cells.separator:
        return "."
    return decimal_mark(
        (
            (partial(cells.place, row, column), cell)
            for column in (chosen.size, chosen.loss, *chosen.more)
            for row, cell in enumerate(cells.columns[column])
        ),
        cells.separator,
    )


def _runs(
    cells: Cells,
    chosen: Chosen,
    decimal: str,
    marks: list[str],
    missing: str,
    *,
    pool: bool,
    tolerance: float | None,
) -> RunTable:
    """Return the runs of the rows, those without size or loss refused or left out."""
    diverged, left_out = _fates(cells, chosen)
    for text in marks:
        diverged |= holds(condition(text, cells, "diverged"), cells, decimal)
    drop = missing == "drop"
    sizes = measured(cells, chosen.size, decimal, ~left_out, drop=drop, units=True)
    losses = measured(cells, chosen.loss, decimal, ~left_out & ~diverged, drop=drop, units=False)
    more = {
        cells.names[i] or str(i + 1): measured(cells, i, decimal, ~left_out, drop=drop, units=True)
        for i in chosen.more
    }
    known = np.isfinite(sizes) & (np.isfinite(losses) | diverged) & ~left_out
    known &= np.all([np.isfinite(column) for column in more.values()], axis=0)
    names = _curves(cells, chosen.by)
    if not known.any():
        raise ValueError(f"{cells.source} has no row with a size and a loss.")
    if not pool and chosen.status is None:
        rows = np.flatnonzero(known).tolist()
        moving = [column[known].tolist() for column in (sizes, *more.values())]
        refuse_pooling(cells.only(rows), moving, names[known].tolist(), chosen.used)
    return RunTable(
        sizes=sizes[known],
        losses=losses[known],
        diverged=diverged[known],
        names=names[known],
        columns={name: column[known] for name, column in more.items()},
        size=cells.names[chosen.size] or "size",
        loss=cells.names[chosen.loss] or "loss",
        by=tuple(cells.names[i] or str(i + 1) for i in chosen.by),
        source=cells.source,
        left_out={str(name): int((names[~known] == name).sum()) for name in set(names[~known])},
        tolerance=tolerance,
        groups=_words(cells, chosen.groups, known),
        runs=_words(cells, chosen.runs, known),
    )


def _words(cells: Cells, place: int | None, known: NDArray[np.bool_]) -> NDArray[np.str_]:
    """Return the words of a column; nothing if there is no such column."""
    if place is None:
        return np.zeros(0, np.str_)
    return np.array([cell or "(blank)" for cell in cells.columns[place]])[known]


def _fates(cells: Cells, chosen: Chosen) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which networks of an exported sweep diverged, and which did not finish."""
    if chosen.status is None:
        return np.zeros(len(cells.lines), bool), np.zeros(len(cells.lines), bool)
    status = np.array(cells.columns[chosen.status])
    diverged = status == STATUS[DIVERGED]
    return diverged, ~diverged & (status != STATUS[OK])


def _curves(cells: Cells, by: tuple[int, ...]) -> NDArray[np.str_]:
    """Return the name of each row's curve."""
    columns = [[cell or "(blank)" for cell in cells.columns[i]] for i in by]
    if len(by) > 1:
        columns = [
            [f"{cells.names[i] or i + 1} {cell}" for cell in column]
            for i, column in zip(by, columns, strict=True)
        ]
    if not columns:
        return np.full(len(cells.lines), "")
    return np.array([", ".join(parts) for parts in zip(*columns, strict=True)])
