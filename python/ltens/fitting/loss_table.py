"""Turns what a user has, a Dataset, a table of runs or arrays, into losses at each size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Floats
from ..status import DIVERGED, is_ok
from ..validation import real, real_values
from .almost_equal import TOLERANCE, grouped_sizes
from .curves import axes_beside, curves_of
from .origin import origin_of
from .run_table import RunTable

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True, eq=False)
class LossTable:
    """Losses at each of W sizes.

    Attributes
    ----------
    sizes : (W,) float64
        Ascending, each once.
    losses : W arrays (S_w,) float64
    excluded : int
        Losses left out because their network diverged or did not finish.
    diverged : int
        Networks that diverged, left out or not.
    label : str
        What the sizes are: "width" for a sweep.
    loss : str
        What the losses are: "loss", or another variable such as "held_out_loss".
    axis : str
        The name of the sizes in the user's table, if there is one.
    merged : int
        How many different numbers of the data were taken as fewer sizes; 0 if none were.
    tolerance : float
        Relative difference up to which they were.
    origin : mapping of str to plain value
        What a Dataset says of the training: see `origin_of`.
    pooled : int
        How many sizes were pooled with neighbours to these few; 0 if none were.
    pooled_within : float
        The factor in size within which they were.
    """

    sizes: Floats
    losses: tuple[Floats, ...]
    excluded: int = 0
    diverged: int = 0
    label: str = "size"
    loss: str = "loss"
    axis: str = ""
    merged: int = 0
    tolerance: float = 0.0
    origin: Mapping[str, Any] = field(default_factory=dict)
    pooled: int = 0
    pooled_within: float = 1.0

    @property
    def noun(self) -> str:
        """Return what each loss is of: a network of a sweep over widths, else a run."""
        return "network" if self.label == "width" else "run"

    def finite_sizes(self) -> int:
        """Return at how many sizes there is a finite loss."""
        return sum(bool(np.isfinite(row).any()) for row in self.losses)


def tables_of(
    data: xr.Dataset | RunTable | LossTable | ArrayLike,
    losses: ArrayLike | None,
    *,
    call: str,
    names: tuple[str, str] = ("data", "losses"),
    diverged: str = "exclude",
    between: tuple[float, float] | None = None,
    variable: str = "loss",
    tolerance: float | None = None,
    size: str = "width",
) -> dict[str, LossTable]:
    """Return the table of arrays, or those of a Dataset or of runs by curve ("" if without name).

    Parameters
    ----------
    data : xarray.Dataset, xarray.DataArray, RunTable, LossTable or (W,) array
        The result of `ltens.sweep` or one variable of it, that of `ltens.read_table`, or sizes.
    losses : (W,) or (W, S) array, optional
        With sizes, and only then.
    call : str
        For the message, what losses are given with, such as "sizes: fit(sizes, losses)".
    names : (str, str)
        For the messages, what the caller's two arguments are called.
    diverged : {"exclude", "infinite"}
        As for `from_dataset`.
    between : (float, float), optional
        Smallest and largest size; those outside are left out.
    variable : str
        Of a Dataset, the one that holds the losses.
    tolerance : float, optional
        As for `ltens.fit`.
    size : str
        Of a Dataset, the dimension that holds the sizes.

    Raises
    ------
    TypeError
        If losses are missing or too many.
    ValueError
        If a Dataset is empty, or as `from_arrays` and `from_dataset` raise.

    Examples
    --------
    >>> tables_of([1, 2, 4], [4.0, 2.0, 1.0], call="sizes", between=(2, 4))[""].sizes
    array([2., 4.])
    """
    if isinstance(data, RunTable | LossTable):
        if losses is not None:
            raise TypeError(
                f"{names[1]} is given, but {names[0]} is a table, which holds its own losses."
            )
        held = from_runs(data, diverged, tolerance) if isinstance(data, RunTable) else {"": data}
        low, high = between or (-np.inf, np.inf)
        return {name: _within(table, low, high) for name, table in held.items()}
    if losses is None and hasattr(data, "to_dataset"):
        variable, data = _as_dataset(data)
    if not hasattr(data, "data_vars"):
        if losses is None:
            raise TypeError(f"{names[1]} is missing, but must be given with {call}.")
        table = from_arrays(data, losses, tolerance)  # type: ignore[arg-type] # no Dataset
        return {"": table if between is None else _within(table, *between)}
    if losses is not None:
        raise TypeError(
            f"{names[1]} is given, but {names[0]} is a Dataset, which holds its own losses."
        )
    ds: xr.Dataset = data  # type: ignore[assignment]
    if any(ds.sizes.get(name) == 0 for name in (*axes_beside(ds, size, variable), size)):
        raise ValueError(f"{names[0]} is empty, but must hold at least one activation and {size}.")
    if between is not None and size in ds.dims:
        of = real_values(ds[size].values, f"{names[0]}[{size!r}]")
        ds = ds.isel({size: np.flatnonzero((of >= between[0]) & (of <= between[1]))})
    parts = curves_of(ds, size, variable)
    return {name: from_dataset(part, diverged, variable, size) for name, part in parts.items()}


def _as_dataset(array: Any) -> tuple[str, Any]:
    """Return the name of a DataArray and the Dataset with it alone."""
    name = str(array.name or "loss")
    return name, array.to_dataset(name=name)


def size_range(value: object, argument: str = "sizes") -> tuple[float, float] | None:
    """Return (smallest, largest) of a range whose ends may be None; None stands for all sizes.

    Examples
    --------
    >>> size_range((5, None))
    (5.0, inf)
    >>> size_range((60, 5))
    Traceback (most recent call last):
    ...
    ValueError: sizes is (60, 5), but the smallest size must not be above the largest.
    """
    if value is None:
        return None
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise TypeError(
            f"{argument} is {value!r:.60}, but must be (smallest, largest), where either may be "
            "None."
        )
    low, high = value
    smallest = -np.inf if low is None else real(low, f"{argument}[0]")
    largest = np.inf if high is None else real(high, f"{argument}[1]")
    if smallest > largest:
        raise ValueError(
            f"{argument} is ({low!r}, {high!r}), but the smallest size must not be above the "
            "largest."
        )
    return smallest, largest


def _within(table: LossTable, smallest: float, largest: float) -> LossTable:
    inside = (table.sizes >= smallest) & (table.sizes <= largest)
    rows = tuple(row for row, within in zip(table.losses, inside, strict=True) if within)
    return replace(table, sizes=table.sizes[inside], losses=rows)


def from_runs(
    runs: RunTable, diverged: str = "exclude", tolerance: float | None = None
) -> dict[str, LossTable]:
    """Return the tables of runs by curve, diverged runs left out or infinite.

    Examples
    --------
    >>> runs = RunTable([1, 2, 1], [4.0, 2.0, np.nan], diverged=[False, False, True])
    >>> from_runs(runs, "infinite")[""].losses[0]
    array([ 4., inf])
    """
    return {
        name: _of_one_curve(
            part, diverged, runs.tolerance if tolerance is None else tolerance, part.left_out
        )
        for name, part in runs.curves.items()
    }


def _of_one_curve(
    runs: RunTable, diverged: str, tolerance: float | None, left_out: Mapping[str, int]
) -> LossTable:
    used = np.ones(len(runs), bool) if diverged == "infinite" else ~runs.diverged
    values = np.where(runs.diverged, np.inf, runs.losses)[used]
    return replace(
        _grouped(runs.sizes[used], list(values[:, None]), tolerance),
        excluded=int((~used).sum()) + sum(left_out.values()),
        diverged=int(runs.diverged.sum()),
        loss=runs.loss,
        axis=runs.size,
    )


def from_arrays(sizes: ArrayLike, losses: ArrayLike, tolerance: float | None = None) -> LossTable:
    """Return the table of sizes (W,) and losses (W,) or (W, S).

    A size that stands more than once is one size with so many more losses.

    Raises
    ------
    ValueError
        If shapes do not match, or a loss is NaN or infinite.

    Examples
    --------
    >>> from_arrays([1, 2], [[4.0, 5.0], [2.0, 3.0]]).losses[1]
    array([2., 3.])
    >>> from_arrays([1, 2, 1], [4.0, 2.0, 5.0]).losses[0]
    array([4., 5.])
    """
    n = real_values(sizes, "sizes")
    values = real_values(losses, "losses")
    if n.ndim != 1:
        raise ValueError(f"sizes has shape {n.shape}, but must have shape (W,).")
    if values.ndim not in (1, 2) or values.shape[0] != len(n) or values.size == 0:
        raise ValueError(
            f"losses has shape {values.shape}, but must have shape ({len(n)},) or ({len(n)}, S) "
            "to go with sizes."
        )
    if not np.isfinite(n).all():
        bad = n[~np.isfinite(n)][0]
        raise ValueError(f"sizes holds {bad}, but every size must be positive and finite.")
    if not np.isfinite(values).all():
        place = np.argwhere(~np.isfinite(values))[0]
        raise ValueError(
            f"losses holds {values[tuple(place)]} at size {n[place[0]]:g}, but every loss must be "
            "finite: leave it out, or give a RunTable that says which runs diverged."
        )
    return _grouped(n, [np.atleast_1d(row) for row in values], tolerance)


def from_dataset(
    ds: Any, diverged: str = "exclude", variable: str = "loss", size: str = "width"
) -> LossTable:
    """Return the table of a Dataset of one curve.

    Parameters
    ----------
    ds : xarray.Dataset
        With the losses over `size` and, unless one was selected, ``seed`` (or ``draw``);
        ``status`` if there is.
    diverged : {"exclude", "infinite"}
        Leave diverged networks and infinite losses out, or count them as infinite losses.
        Unfinished ones are left out.
    variable : str
        The name of the losses.
    size : str
        The name of the sizes.

    Raises
    ------
    ValueError
        If the Dataset has no such loss.
    TypeError
        If the losses are no real numbers.
    """
    if variable not in ds or size not in ds.coords:
        raise ValueError(
            f"data has the variables {sorted(map(str, ds.variables))}, but must have "
            f"{variable!r} and {size!r}, such as the result of ltens.sweep."
        )
    loss = ds[variable]
    if axes_beside(ds, size, variable) or size not in loss.dims:
        raise ValueError(
            f"data[{variable!r}] has dimensions {tuple(map(str, loss.dims))}, but must have "
            f"{size!r} and at most 'seed' beside: select one of each other, such as "
            "data.sel(activation='silu')."
        )
    order = (size, *(name for name in loss.dims if name != size))
    values = real_values(loss.transpose(*order).values, f"data[{variable!r}]")
    values = values.reshape(len(values), values.shape[1] if values.ndim == 2 else 1)
    good = np.isfinite(values)
    exploded = np.isposinf(values)
    if "status" in ds and {*ds["status"].dims} == {*loss.dims}:
        status = ds["status"].transpose(*order).values.reshape(values.shape)
        good &= is_ok(status)
        exploded |= status == DIVERGED
    if diverged == "infinite":
        values = np.where(exploded, np.inf, values)
        good |= exploded
    of = real_values(ds[size].values, f"data[{size!r}]")
    kept = [(n, row[ok]) for n, row, ok in zip(of, values, good, strict=True)]
    kept = [(n, row) for n, row in kept if len(row)]
    sizes = np.array([n for n, _ in kept], dtype=np.float64)
    table = _grouped(sizes, [row for _, row in kept])
    return LossTable(
        table.sizes,
        table.losses,
        int((~good).sum()),
        int(exploded.sum()),
        label=size,
        loss=variable,
        origin=origin_of(ds, size),
    )


def _grouped(sizes: Floats, rows: list[Floats], tolerance: float | None = None) -> LossTable:
    """Return the table with each size once, ascending; sizes almost equal are one."""
    kept, place, merged = grouped_sizes(sizes, tolerance)
    groups: list[list[Floats]] = [[] for _ in kept]
    for where, row in zip(place, rows, strict=True):
        groups[where].append(row)
    return LossTable(
        kept,
        tuple(np.concatenate(group) for group in groups),
        merged=merged,
        tolerance=TOLERANCE if tolerance is None else tolerance,
    )
