"""The table that finished blocks are entered into, and that becomes an xarray.Dataset."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .._typing import Floats, Ints
from ..computation import Arrays, Plain

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class Layout:
    """Where the rows of an array go.

    Attributes
    ----------
    without : tuple of str
        Axes of the cells the variable does not have.
    rest : tuple of str
        Names of its dimensions after the label's.
    fill : value, optional
        Of rows not computed: NaN, "" or 0 by default.
    attrs : dict
        Attributes of the variable.
    """

    without: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    fill: Any = None
    attrs: Mapping[str, Any] = field(default_factory=dict)


class Table:
    """Arrays over (axes of the cells..., label, ...).

    Parameters
    ----------
    axes : dict of sequences
        The values of each coordinate of a cell.
    label : str
        What a label is called: "seed", "draw".
    labels : (n,) int64
        Each once, in any order.
    layout : callable, optional
        Gives the `Layout` of an array by its name.

    Examples
    --------
    >>> table = Table({"width": [1, 2]}, "seed", np.arange(3))
    >>> table.enter({"width": 2}, np.array([1, 2]), {"loss": np.array([0.5, 0.25])}, seconds=1.0)
    2
    >>> table.values["loss"]
    array([[ nan,  nan,  nan],
           [ nan, 0.5 , 0.25]])
    >>> table.missing({"width": 2})
    array([0])
    """

    def __init__(
        self,
        axes: Mapping[str, Sequence[Plain]],
        label: str,
        labels: Ints,
        layout: Callable[[str], Layout] = lambda _: Layout(),
    ) -> None:
        self.axes = {name: list(values) for name, values in axes.items()}
        self.label = label
        self.labels = np.asarray(labels, np.int64)
        self.layout = layout
        shape = tuple(len(values) for values in self.axes.values())
        self.done = np.zeros((*shape, len(self.labels)), bool)
        self.seconds = np.zeros(shape)
        self.values: Arrays = {}
        self._places = {
            name: {value: i for i, value in enumerate(values)} for name, values in self.axes.items()
        }
        self._order = np.argsort(self.labels, kind="stable")
        self._sorted = self.labels[self._order]

    def declare(self, name: str, dtype: Any, rest: tuple[int, ...] = ()) -> None:
        """Make an array before its first row is known."""
        if name in self.values:
            return
        layout = self.layout(name)
        kept = [len(values) for axis, values in self.axes.items() if axis not in layout.without]
        kind = np.dtype(dtype)
        fill = layout.fill
        if fill is None:
            fill = np.nan if kind.kind == "f" else np.zeros((), kind)[()]
        self.values[name] = np.full((*kept, len(self.labels), *rest), fill, kind)

    def enter(
        self,
        coordinates: Mapping[str, Plain],
        labels: Ints,
        arrays: Arrays,
        seconds: float,
    ) -> int:
        """Enter the rows of some labels of one cell; return how many are new and belong here."""
        batch = {name: array[np.newaxis] for name, array in arrays.items()}
        return self.enter_many([coordinates], labels[np.newaxis], batch, np.array([seconds]))

    def enter_many(
        self,
        coordinates: Sequence[Mapping[str, Plain]],
        labels: Ints,
        arrays: Arrays,
        seconds: Floats,
    ) -> int:
        """Enter R blocks of n labels each: labels (R, n), arrays (R, n, ...), seconds (R,)."""
        cells = {id(cell): cell for cell in coordinates}  # few cells, many blocks
        place = {number: self._place(cell) for number, cell in cells.items()}
        places = np.array([place[id(cell)] for cell in coordinates], np.int64).reshape(
            len(coordinates), len(self.axes)
        )
        columns = self._columns(labels)
        wanted = (columns >= 0) & np.asarray((places >= 0).all(axis=1))[:, np.newaxis]
        rows, slots = np.nonzero(wanted)
        where = tuple(places[rows].T)
        column = columns[rows, slots]
        new = len(column) - np.count_nonzero(self.done[(*where, column)])
        whole = wanted.all()
        for name, array in arrays.items():
            part = array.reshape(-1, *array.shape[2:]) if whole else array[rows, slots]
            self._put(name, where, column, part)
        self.done[(*where, column)] = True
        used: NDArray[np.bool_] = np.asarray(wanted.any(axis=1))
        np.add.at(self.seconds, tuple(places[used].T), seconds[used])
        return int(new)

    def missing(self, coordinates: Mapping[str, Plain]) -> Ints:
        """Return the labels of a cell that are not entered yet, in their order."""
        place = self._place(coordinates)
        still = np.flatnonzero(np.equal(self.done[place], False))
        return self.labels[still]

    def dataset(self, attrs: Mapping[str, Any]) -> xr.Dataset:
        """Return the xarray.Dataset; text is of dtype object, which survives netCDF."""
        import xarray as xr

        data: dict[str, Any] = {}
        for name, array in self.values.items():
            layout = self.layout(name)
            kept = [axis for axis in self.axes if axis not in layout.without]
            rest = layout.rest or tuple(f"{name}_{i}" for i in range(array.ndim - len(kept) - 1))
            data[name] = ((*kept, self.label, *rest), _readable(array), dict(layout.attrs))
        seconds = np.where(self.done.any(axis=-1), self.seconds, np.nan)
        data["seconds"] = (tuple(self.axes), seconds, {"units": "s"})
        coords = {name: _readable(np.array(values)) for name, values in self.axes.items()}
        return xr.Dataset(data, {**coords, self.label: self.labels}, dict(attrs))

    def _put(
        self, name: str, where: tuple[NDArray[Any], ...], column: NDArray[Any], part: NDArray[Any]
    ) -> None:
        self.declare(name, part.dtype, part.shape[1:])
        held = self.values[name]
        if part.dtype.kind in "SU" and part.dtype.itemsize > held.dtype.itemsize:
            held = self.values[name] = held.astype(part.dtype)  # a longer text than any before
        without = self.layout(name).without
        kept = (w for w, axis in zip(where, self.axes, strict=True) if axis not in without)
        held[(*kept, column)] = part

    def _place(self, coordinates: Mapping[str, Plain]) -> tuple[int, ...]:
        """Return the indices of a cell, -1 where a value is not on its axis."""
        return tuple(self._places[name].get(coordinates[name], -1) for name in self.axes)

    def _columns(self, labels: Ints) -> Ints:
        """Return where labels stand, -1 for those not in this table."""
        at = np.minimum(np.searchsorted(self._sorted, labels), len(self._sorted) - 1)
        columns: Ints = np.where(self._sorted[at] == labels, self._order[at], -1)
        return columns


def _readable(array: NDArray[Any]) -> NDArray[Any]:
    """Return text as objects of type str, anything else as it is."""
    if array.dtype.kind == "S":
        array = np.char.decode(array, "utf-8")
    return array.astype(object) if array.dtype.kind == "U" else array
