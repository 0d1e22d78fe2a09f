"""The table of runs that a surface is fitted to, read from columns and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..._typing import Floats, Ints
from ...hints import nearest
from ...validation import float64_array
from ..run_table import RunTable

FEWEST_VALUES = 3  # of a variable: two points lie on a power law whatever the law
_FEWEST_TRAININGS = 2
_MOST_SPAN = 1e100  # largest over smallest of a size
_MAPPING = 'a mapping of names to columns, such as {"params": N, "tokens": D}'


@dataclass(frozen=True, eq=False)
class Table:
    """R rows: sizes, loss, and which group and training each belongs to.

    Attributes
    ----------
    names : k of str
        Of the variables.
    sizes : (k, R) float64
    losses : (R,) float64
    labels : G of str
        Of the groups; one without a name where there are none.
    groups : (R,) int64
    trainings : (R,) int64 or None
        Which training a row is a checkpoint of; None where every row is one.
    training_names : tuple of str
    diverged, left_out : int
        Runs that are not among the rows: those that diverged, and those without a size or loss.
    """

    names: tuple[str, ...]
    sizes: Floats
    losses: Floats
    labels: tuple[str, ...]
    groups: Ints
    trainings: Ints | None
    training_names: tuple[str, ...] = ()
    diverged: int = 0
    left_out: int = 0

    @cached_property
    def order(self) -> Ints:
        """Return the order (R,) in which the rows are fitted, whatever that of the file."""
        return np.lexsort((self.losses, *self.sizes[::-1], self.groups))

    @property
    def smallest(self) -> Floats:
        """Return the smallest of each size (k,)."""
        return np.asarray(self.sizes.min(axis=1))

    @cached_property
    def logs(self) -> Floats:
        """Return log(size / smallest), (k, R), in the order of the fit."""
        return np.log(self.sizes / self.smallest[:, None])[:, self.order]

    @cached_property
    def unit(self) -> float:
        """Return the log of the losses' geometric mean."""
        return float(np.log(self.losses[self.order]).mean())

    @property
    def units(self) -> Ints:
        """Return what is independent of each other: the training or the row of each row (R,)."""
        return np.arange(len(self.losses)) if self.trainings is None else self.trainings

    def row(self, index: int) -> str:
        """Return a row in words."""
        cells = [
            f"{name} {value:.4g}"
            for name, value in zip(self.names, self.sizes[:, index], strict=True)
        ]
        return ", ".join([*cells, f"loss {self.losses[index]:.4g}"])


def read(
    sizes: Mapping[str, ArrayLike] | RunTable,
    losses: ArrayLike | str | None,
    groups: ArrayLike | str | None,
    runs: ArrayLike | str | None,
) -> Table:
    """Return the table of the arguments of `fit_surface`.

    Columns that `losses`, `groups` and `runs` name are no sizes.
    """
    if isinstance(sizes, RunTable):
        return _of_runs(sizes, losses, groups, runs)
    if losses is None:
        raise TypeError("losses is missing, but must be given where sizes is no table of runs.")
    columns = _columns(sizes)
    loss = named_column(columns, losses, "losses")
    group, training = named_column(columns, groups, "groups"), named_column(columns, runs, "runs")
    taken = {each for each in (losses, groups, runs) if isinstance(each, str)}
    found = {name: column for name, column in columns.items() if name not in taken}
    if not found:
        raise ValueError(f"sizes has no column left, but must be {_MAPPING}.")
    values = {name: _positive(column, f"sizes[{name!r}]") for name, column in found.items()}
    y = _positive(loss, "losses")
    for name, column in values.items():
        if column.shape != y.shape:
            raise ValueError(
                f"sizes[{name!r}] has shape {column.shape}, but must have shape {y.shape} like "
                "losses: one value for each run."
            )
        if column.max() / _MOST_SPAN > column.min():
            raise ValueError(
                f"sizes[{name!r}] goes from {column.min():g} to {column.max():g}, but must span "
                "less than 100 decades."
            )
        if (different := len(np.unique(column))) < FEWEST_VALUES:
            raise ValueError(
                f"sizes[{name!r}] has {different} different value(s), but needs at least "
                f"{FEWEST_VALUES}: leave it out, or add runs that change it."
            )
    labels, at = _labels(group, "groups", len(y))
    names, which = _labels(training, "runs", len(y))
    trainings = None if training is None else which
    if training is not None and len(names) < _FEWEST_TRAININGS:
        raise ValueError(
            f"runs names {len(names)} training, but how trainings differ needs at least "
            f"{_FEWEST_TRAININGS}: without runs every row counts as one."
        )
    return Table(tuple(values), np.stack(list(values.values())), y, labels, at, trainings, names)


def _of_runs(
    given: RunTable,
    losses: ArrayLike | str | None,
    groups: ArrayLike | str | None,
    runs: ArrayLike | str | None,
) -> Table:
    """Return the table of the runs of a file that did not diverge."""
    if losses is not None:
        raise TypeError("losses is given, but sizes is a table of runs, which has its own.")
    if len(given.curves) > 1:
        names = ", ".join(map(repr, list(given.curves)[:3]))
        raise ValueError(
            f"sizes is a table of {len(given.curves)} curves ({names}, ...), but one surface is "
            "fitted to one: give each of its curves, or groups."
        )
    kept = ~given.diverged
    columns = {given.size: given.sizes[kept]}
    columns |= {name: column[kept] for name, column in given.columns.items()}
    labels = [
        own[kept] if argument is None and own.size else argument
        for argument, own in ((groups, given.groups), (runs, given.runs))
    ]
    found = read(columns, given.losses[kept], *labels)
    return replace(found, diverged=int(given.diverged.sum()), left_out=sum(given.left_out.values()))


def _columns(sizes: Mapping[str, ArrayLike]) -> dict[str, Any]:
    if not hasattr(sizes, "keys"):
        raise TypeError(f"sizes is a {type(sizes).__name__}, but must be {_MAPPING}.")
    return {str(name): sizes[name] for name in sizes.keys()}  # noqa: SIM118 - a DataFrame has keys


def named_column(columns: Mapping[str, Any], value: Any, argument: str) -> Any:
    """Return the column that `value` names, or `value`.

    Examples
    --------
    >>> named_column({"params": [1, 2]}, "params", "sizes")
    [1, 2]
    """
    if not isinstance(value, str):
        return value
    if value not in columns:
        raise ValueError(
            f"{argument} is {value!r}, which is no column: did you mean "
            f"{nearest(value, columns)!r} (columns: {', '.join(columns)})?"
        )
    return columns[value]


def above_zero(values: Any, argument: str) -> Floats:
    """Return numbers above 0 of any shape, infinity allowed, as float64.

    Examples
    --------
    >>> above_zero([1, -4], "compute")
    Traceback (most recent call last):
    ...
    ValueError: compute holds -4, but every value must be above 0.
    """
    _refuse_masked(values, argument)
    given = np.asarray(values)
    if given.dtype.kind not in "fiu":
        raise TypeError(f"{argument} is {values!r:.60}, but must hold numbers.")
    array = given.astype(np.float64)
    wrong = array[~(array > 0)]
    if wrong.size:
        raise ValueError(f"{argument} holds {wrong[0]:g}, but every value must be above 0.")
    return array


def _refuse_masked(values: Any, argument: str) -> None:
    if np.ma.is_masked(values):
        raise ValueError(f"{argument} holds masked values: leave these runs out of all columns.")


def _positive(values: Any, argument: str) -> Floats:
    _refuse_masked(values, argument)
    column = float64_array(values, argument, (1,))
    if column.size and column.min() <= 0:
        row = int(column.argmin())
        raise ValueError(
            f"{argument}[{row}] is {column[row]:g}, but every value must be positive: leave such "
            "runs out."
        )
    return column


def _labels(values: Any, argument: str, rows: int) -> tuple[tuple[str, ...], Ints]:
    """Return the different labels and which of them each row has (R,)."""
    if values is None:
        return ("",), np.zeros(rows, np.int64)
    given = np.asarray(values)
    if given.shape != (rows,):
        raise ValueError(
            f"{argument} has shape {given.shape}, but must have shape {(rows,)} like losses: one "
            "label for each run."
        )
    labels, at = np.unique(given.astype(str), return_inverse=True)
    return tuple(map(str, labels)), at.astype(np.int64)
