"""What is to be computed: cells times labels, and the function that computes them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from numpy.typing import NDArray

from ._typing import Ints

Plain = str | int | float
Arrays = dict[str, NDArray[Any]]


class Cancel(Protocol):
    """Anything with ``is_set()``, such as a `threading.Event`."""

    def is_set(self) -> bool:
        """Whether to stop."""
        ...


def check_cancel(cancel: Cancel | None) -> None:
    """Raise TypeError unless `cancel` is None or has is_set()."""
    if cancel is not None and not callable(getattr(cancel, "is_set", None)):
        raise TypeError(
            f"cancel is {cancel!r}, but must have is_set(), such as a threading.Event()."
        )


@dataclass(frozen=True)
class Watch:
    """What a worker should look after while it computes a block.

    Attributes
    ----------
    threads : int
        How many threads it may use.
    report : callable or None
        To be called with the work done so far in this block, in the computation's units.
    cancel : object with ``is_set()`` or None
        Once set, return what is finished.
    """

    threads: int = 1
    report: Callable[[float], None] | None = None
    cancel: Cancel | None = None


Worker = Callable[[Mapping[str, Any], Mapping[str, Plain], Ints, Watch], Arrays]


@dataclass(frozen=True)
class Cell:
    """One set of conditions.

    Attributes
    ----------
    coordinates : dict of str, int and float
        Names the cell, in the store and in the table.
    seconds : float
        Predicted time of one label on one thread, in the company of a whole granule. Sizes the
        blocks and the time left; no result depends on it.
    work : float
        What one label counts for in the progress, in the computation's units.
    granule : int
        Labels that together cost no more than one (SIMD lanes).
    data : dict of plain data
        What the worker gets in this cell alone, laid over the computation's `common`.

    Examples
    --------
    >>> Cell({"activation": "relu", "width": 10}, seconds=0.1, work=1e6).key
    '{"activation":"relu","width":10}'
    """

    coordinates: Mapping[str, Plain]
    seconds: float
    work: float
    granule: int = 1
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def key(self) -> str:
        """The coordinates as JSON, the same for the same coordinates."""
        return json.dumps(dict(self.coordinates), sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, eq=False)
class Computation:
    """Cells times labels.

    Attributes
    ----------
    kind : str
        "sweep", "simulation", ...: a store of another kind is refused.
    worker : callable
        See `ltens.scheduling`; a module-level function, so that it can be sent to another process.
    common : dict of plain data
        What every block gets: numbers, strings, lists, NumPy arrays.
    cells : sequence of Cell
        Each once.
    labels : (n,) int64
        Each once, the same for every cell.
    identity : dict of JSON values
        What results depend on besides coordinates and label. A store that holds another identity
        is refused, with the difference.
    numerics : dict of JSON values
        The version of the arithmetic; a store with another one is refused.
    provenance : dict of JSON values
        Kept with the store for the reader: build, versions.
    arrays : dict of arrays
        Kept with the store: data that `identity` names by a fingerprint only.
    unit : str
        What ``work`` counts.
    """

    kind: str
    worker: Worker
    common: Mapping[str, Any]
    cells: Sequence[Cell]
    labels: Ints
    identity: Mapping[str, Any]
    numerics: Mapping[str, Any] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    unit: str = "upd"

    def given(self, cell: Cell) -> dict[str, Any]:
        """Return what the worker gets in a cell: what is common and what is the cell's own."""
        return {**self.common, **cell.data}
