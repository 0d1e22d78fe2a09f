"""Losses of whole trainings at their checkpoints, read from columns and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..._typing import Floats, Ints
from ...validation import float64_array
from ..run_table import RunTable
from ..surface.columns import named_column

FEWEST = 2  # checkpoints of a training: one is no history
_KINDS = 'a Dataset with "history", or a mapping of names to columns such as {"params": N, ...}'


@dataclass(frozen=True, eq=False)
class Histories:
    """R checkpoints of G trainings.

    Attributes
    ----------
    sizes : mapping of str to (R,) float64
        What a training has one value of, such as its parameters.
    time : str
        What the steps are called.
    steps : (R,) float64
        At least 0.
    losses : (R,) float64
    runs : (R,) int64
        Which training a row is a checkpoint of.
    run_names : G of str
    schedule : str
        Of the learning rate, where it is known to fall; "" otherwise.
    warmup : float
        The last step of the learning rate's rise.
    notes : tuple of str
        What was seen on reading, in sentences.
    """

    sizes: Mapping[str, Floats]
    time: str
    steps: Floats
    losses: Floats
    runs: Ints
    run_names: tuple[str, ...]
    schedule: str = ""
    warmup: float = 0.0
    notes: tuple[str, ...] = field(default=())

    def by_size(self) -> tuple[Floats, Ints]:
        """Return the different sizes (S, k), ascending, and each training's place there (G,)."""
        first = np.searchsorted(self.runs, np.arange(len(self.run_names)))
        values = np.column_stack([column[first] for column in self.sizes.values()])
        sizes, which = np.unique(values, axis=0, return_inverse=True)
        return sizes, which.ravel().astype(np.int64)

    def ends(self, rows: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Return the first and the last step (G,) of each training among some rows (R,)."""
        first = np.full(len(self.run_names), np.inf)
        last = np.zeros(len(self.run_names))
        np.minimum.at(first, self.runs[rows], self.steps[rows])
        np.maximum.at(last, self.runs[rows], self.steps[rows])
        return first, last


def from_columns(
    data: Mapping[str, ArrayLike] | RunTable,
    losses: ArrayLike | str,
    time: str,
    runs: ArrayLike | str,
    sizes: Iterable[str] | str | None,
) -> Histories:
    """Return the checkpoints of a mapping of columns, or of a table that names its trainings."""
    if isinstance(data, RunTable):
        losses, runs, data = data.losses, _trainings_of(data), _columns_of(data)
    if not hasattr(data, "keys"):
        raise TypeError(f"data is a {type(data).__name__}, but must be {_KINDS}.")
    columns = {str(name): data[name] for name in data.keys()}  # noqa: SIM118 - as a DataFrame has
    used = {each for each in (losses, time, runs) if isinstance(each, str)}
    loss = _numbers(named_column(columns, losses, "losses"), "losses")
    steps = _numbers(named_column(columns, time, "time"), time)
    names, which = _labels(named_column(columns, runs, "runs"), len(loss))
    found = {
        name: _numbers(named_column(columns, name, "sizes"), f"data[{name!r}]")
        for name in _size_names(sizes, columns, used)
    }
    for name, column in {time: steps, **found}.items():
        if column.shape != loss.shape:
            raise ValueError(
                f"data[{name!r}] has shape {column.shape}, but must have shape {loss.shape} like "
                "losses: one value for each checkpoint."
            )
    table = Histories(found, time, steps, loss, which, names)
    return checked(table)


def checked(table: Histories) -> Histories:
    """Return the table, its rows in the order of trainings and steps.

    Raises
    ------
    ValueError
        If a step is negative or stands twice in a training, a loss is not positive, a training has
        one checkpoint or two values of a size, or there is one training only.
    """
    _refuse_signs(table)
    _refuse_short(table)
    order = np.lexsort((table.steps, table.runs))
    back = _backwards(table)
    ordered = Histories(
        {name: column[order] for name, column in table.sizes.items()},
        table.time,
        table.steps[order],
        table.losses[order],
        table.runs[order],
        table.run_names,
        table.schedule,
        table.warmup,
        (*table.notes, *back),
    )
    _refuse_twice(ordered)
    _refuse_moving_sizes(ordered)
    return ordered


def _trainings_of(table: RunTable) -> ArrayLike:
    """Return which training each checkpoint belongs to: of `runs`, else of the curves."""
    if table.runs.size:
        return table.runs
    if not table.by:
        raise ValueError(
            "data is a table without names of trainings: read it with runs= the column that names "
            'them, such as read_table(path, "params", "loss", columns="step", runs="run").'
        )
    return table.names


def _columns_of(table: RunTable) -> dict[str, Any]:
    if table.diverged.any():
        raise ValueError(
            f"data has {int(table.diverged.sum())} diverged row(s), but every checkpoint must "
            "have a loss: leave their trainings out."
        )
    return {table.size: table.sizes, **table.columns}


def _size_names(
    sizes: Iterable[str] | str | None, columns: Mapping[str, Any], used: set[str]
) -> tuple[str, ...]:
    if sizes is None:
        found = tuple(name for name in columns if name not in used)
    else:
        found = (sizes,) if isinstance(sizes, str) else tuple(sizes)
    if not found:
        raise ValueError(
            f"data has no size beside {', '.join(sorted(used))}, but must have a column such as "
            "the parameters of each training."
        )
    return found


def _numbers(values: Any, argument: str) -> Floats:
    return float64_array(values, argument, (1,))


def _labels(values: Any, rows: int) -> tuple[tuple[str, ...], Ints]:
    given = np.asarray(values)
    if given.shape != (rows,):
        raise ValueError(
            f"runs has shape {given.shape}, but must have shape {(rows,)} like losses: the name of "
            "the training of each checkpoint."
        )
    labels, at = np.unique(given.astype(str), return_inverse=True)
    return tuple(map(str, labels)), at.ravel().astype(np.int64)


def _refuse_signs(table: Histories) -> None:
    columns = {table.time: table.steps, "losses": table.losses, **table.sizes}
    for name, column in columns.items():
        steps = name == table.time
        bad = np.flatnonzero(column < 0 if steps else column <= 0)
        if bad.size:
            raise ValueError(
                f"{name}[{bad[0]}] is {column[bad[0]]:g}, but must be "
                + ("at least 0: a step of the training." if steps else "above 0.")
            )


def _refuse_short(table: Histories) -> None:
    counts = np.bincount(table.runs, minlength=len(table.run_names))
    if len(counts) and counts.max(initial=0) == 1:
        raise ValueError(
            f"each of the {len(counts)} trainings has one checkpoint: those are runs, not "
            "histories, which ltens.fit_surface is for."
        )
    if len(counts) < 2:
        raise ValueError(
            f"runs names {len(counts)} training(s), but other trainings are needed to know how far "
            "one strays: at least 2, at 3 sizes or more."
        )
    short = np.flatnonzero(counts < FEWEST)
    if short.size:
        raise ValueError(
            f"training {table.run_names[short[0]]} has 1 checkpoint, but a history needs at least "
            f"{FEWEST}: leave it out."
        )


def _backwards(table: Histories) -> list[str]:
    """Say if a training's steps go back in the order of the rows, as where one was resumed."""
    order = np.argsort(table.runs, kind="stable")
    same = np.diff(table.runs[order]) == 0
    falls = np.flatnonzero(same & (np.diff(table.steps[order]) < 0))
    if not falls.size:
        return []
    at = order[falls[0]], order[falls[0] + 1]
    return [
        f"The steps of {len(np.unique(table.runs[order[falls]]))} training(s) do not rise from row "
        f"to row ({table.run_names[table.runs[at[0]]]}: {table.steps[at[0]]:g}, then "
        f"{table.steps[at[1]]:g}); they were put in order. If a training was resumed, leave out "
        "what it had done before."
    ]


def _refuse_twice(table: Histories) -> None:
    twice = np.flatnonzero((np.diff(table.runs) == 0) & (np.diff(table.steps) == 0))
    if twice.size:
        i = int(twice[0])
        raise ValueError(
            f"training {table.run_names[table.runs[i]]} has {table.time} {table.steps[i]:g} twice "
            f"(losses {table.losses[i]:.4g} and {table.losses[i + 1]:.4g}), but each may stand "
            "once: if it was resumed, leave out what it had done before."
        )


def _refuse_moving_sizes(table: Histories) -> None:
    first = np.searchsorted(table.runs, np.arange(len(table.run_names)))
    for name, column in table.sizes.items():
        moved = np.flatnonzero(column != column[first][table.runs])
        if moved.size:
            i = int(moved[0])
            raise ValueError(
                f"training {table.run_names[table.runs[i]]} has two values of {name} "
                f"({column[first][table.runs[i]]:g} and {column[i]:g}), but a size is one for the "
                "whole training: name what moves with time=."
            )
