"""The histories of a sweep's Dataset."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..._typing import Floats
from ...status import is_ok
from ..curves import REPETITIONS
from .table import FEWEST, Histories, checked

if TYPE_CHECKING:
    import xarray as xr

_HISTORY, _CHECKPOINT = "history", "checkpoint"
_DEFAULT_SCHEDULE = "step"  # of a training that does not name one
_FALLING = ("step", "cosine", "wsd")


def from_dataset(ds: xr.Dataset, time: str, sizes: Iterable[str] | str | None) -> Histories:
    """Return the histories of one curve of a sweep.

    Trainings that did not end well are left out, and counted.

    Raises
    ------
    ValueError
        If there is no history, or the sweep has several curves.
    """
    if _HISTORY not in ds or _CHECKPOINT not in ds.coords:
        raise ValueError(
            "data has no 'history', but must be a sweep with checkpoints, such as "
            "ltens.sweep(..., checkpoints=64)."
        )
    names = ("width",) if sizes is None else (sizes,) if isinstance(sizes, str) else tuple(sizes)
    ds = ds.squeeze([d for d in ds[_HISTORY].dims if d not in (*names, *REPETITIONS, _CHECKPOINT)
                     and ds.sizes[d] == 1])  # fmt: skip
    history = ds[_HISTORY]
    _refuse_other_dims(ds, names)
    order = (*names, *(d for d in history.dims if d not in (*names, _CHECKPOINT)), _CHECKPOINT)
    values = np.asarray(history.transpose(*order).values, dtype=np.float64)
    of = {name: _numbers(ds, name) for name in names}
    steps = np.asarray(ds[_CHECKPOINT].values, dtype=np.float64)
    ended, note = _ended(ds, order[:-1], values)
    kept = ended[..., None] & np.isfinite(values)
    if not kept.any():
        raise ValueError("data has no training that ended well.")
    places = np.nonzero(kept)
    numbered = np.ravel_multi_index(places[:-1], values.shape[:-1])
    found, which = np.unique(numbered, return_inverse=True)
    table = Histories(
        {name: column[places[i]] for i, (name, column) in enumerate(of.items())},
        time,
        steps[places[-1]],
        values[kept],
        which.ravel().astype(np.int64),
        tuple(_run_names(ds, order[:-1], np.unravel_index(found, values.shape[:-1]))),
        _falling(ds),
        float(_setting(ds, "warmup", 0.0)),
        note,
    )
    return checked(table)


def _refuse_other_dims(ds: xr.Dataset, names: tuple[str, ...]) -> None:
    dims = tuple(map(str, ds[_HISTORY].dims))
    for name in names:
        if name not in dims:
            raise ValueError(
                f"sizes holds {name!r}, but the axes of the sweep's histories are: "
                f"{', '.join(d for d in dims if d != _CHECKPOINT)}."
            )
    others = [d for d in dims if d not in (*names, *REPETITIONS, _CHECKPOINT)]
    if others:
        raise ValueError(
            f"data has several curves, over {' and '.join(others)}: select one, such as "
            f"data.sel({others[0]}={ds[others[0]].values[0]!r}), or name a size with sizes=."
        )


def _numbers(ds: xr.Dataset, name: str) -> Floats:
    values = ds[name].values
    if values.dtype.kind not in "fiu":
        raise ValueError(f"sizes holds {name!r}, whose values are no numbers: {values[0]}, ....")
    return np.asarray(values, dtype=np.float64)


def _ended(
    ds: xr.Dataset, dims: tuple[Any, ...], values: Floats
) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    """Return which trainings ended well, and how many did not, or stopped early.

    Of one that stopped early the checkpoints to come are NaN.
    """
    counts = np.isfinite(values).sum(axis=-1)
    good = np.asarray(counts >= FEWEST)
    if "status" in ds and {*ds["status"].dims} == {*dims}:
        good &= is_ok(ds["status"].transpose(*dims).values)
    notes = []
    if lost := int((~good).sum()):
        notes.append(f"{lost} of {good.size} trainings diverged or did not end: they are left out.")
    if short := int((good & (counts < values.shape[-1])).sum()):
        notes.append(f"{short} of {good.size} trainings stopped early: their histories end there.")
    return good, tuple(notes)


def _run_names(ds: xr.Dataset, dims: tuple[Any, ...], places: tuple[Any, ...]) -> list[str]:
    columns = [[f"{d} {v}" for v in ds[d].values[at]] for d, at in zip(dims, places, strict=True)]
    return [", ".join(row) for row in zip(*columns, strict=True)]


def _setting(ds: xr.Dataset, name: str, default: Any) -> Any:
    """Return a setting of the training: an attribute, or the value selected of an axis."""
    if name in ds.coords and ds[name].ndim == 0:
        return ds[name].values.item()
    return ds.attrs.get(name, default)


def _falling(ds: xr.Dataset) -> str:
    """Return the schedule if the learning rate falls on it before the end; "" otherwise."""
    steps, every = (_setting(ds, name, None) for name in ("steps", "lr_decay_every"))
    if steps is None:
        return ""
    schedule = str(_setting(ds, "schedule", _DEFAULT_SCHEDULE))
    if schedule == "step" and (every is None or every >= steps or _setting(ds, "lr_decay", 1) == 1):
        return ""
    return schedule if schedule in _FALLING else ""
