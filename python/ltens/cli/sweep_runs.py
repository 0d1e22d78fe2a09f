"""The networks of a sweep as rows of a table, for surfaces over several of its axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..fitting.run_table import RunTable
from ..status import DIVERGED, OK, STATUS
from ..validation import one_of

if TYPE_CHECKING:
    import xarray as xr

_REPLICATES = ("seed",)


def runs_of_sweep(
    ds: xr.Dataset,
    sizes: tuple[str, ...],
    loss: str = "loss",
    *,
    groups: str | None = None,
    runs: str | None = None,
) -> RunTable:
    """Return one row for each network that finished or diverged.

    Axes with several values that are neither sizes nor seeds name curves.

    Examples
    --------
    >>> import xarray as xr
    >>> loss = np.arange(1.0, 9.0).reshape(1, 2, 2, 2)
    >>> dims = ("activation", "width", "samples", "seed")
    >>> ds = xr.Dataset({"loss": (dims, loss), "status": (dims, np.zeros((1, 2, 2, 2), np.int8))},
    ...                 {"activation": ["silu"], "width": [1, 2], "samples": [8, 16]})
    >>> runs_of_sweep(ds, ("width", "samples"))
    RunTable(8 runs, loss against width from 1 to 2, samples)
    """
    from ..sweeps.dataframe import to_dataframe

    frame = to_dataframe(ds)
    axes = tuple(str(dim) for dim in ds[loss].dims)
    for name in sizes:
        one_of(name, axes, "size")
    labels = [
        frame[one_of(name, axes, option)].astype(str).tolist() if name is not None else []
        for option, name in (("groups", groups), ("runs", runs))
    ]
    apart = {*sizes, *_REPLICATES, groups, runs}
    by = tuple(axis for axis in axes if axis not in apart and ds.sizes[axis] > 1)
    words = [[f"{axis} {value}" for value in frame[axis]] for axis in by]
    if len(by) == 1:
        words = [frame[by[0]].astype(str).tolist()]
    names = [", ".join(parts) for parts in zip(*words, strict=True)] or [""] * len(frame)
    status = frame["status"].to_numpy()
    kept, diverged = np.isin(status, [STATUS[OK], STATUS[DIVERGED]]), status == STATUS[DIVERGED]
    columns = {name: frame[name].to_numpy(np.float64)[kept] for name in sizes}
    first = sizes[0]
    return RunTable(
        sizes=columns.pop(first),
        losses=np.where(diverged, np.nan, frame[loss].to_numpy(np.float64))[kept],
        diverged=diverged[kept],
        names=np.array(names)[kept],
        columns=columns,
        size=first,
        loss=loss,
        by=by,
        groups=_of(labels[0], kept),
        runs=_of(labels[1], kept),
    )


def _of(labels: list[str], kept: NDArray[np.bool_]) -> NDArray[np.str_]:
    """Return the labels of some of the rows; none if there are none."""
    return np.array(labels, np.str_)[kept] if labels else np.zeros(0, np.str_)
