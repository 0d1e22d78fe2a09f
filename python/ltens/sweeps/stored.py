"""Results and networks out of a store."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..store import Stored, StoreError, read_store
from ..store.store_errors import reading_errors
from ..training.recipe import Recipe
from ..training.settings import Training
from ..training.task import Task
from .axes import value_at
from .configuration import Configuration
from .dataset import sweep_dataset, sweep_table
from .netcdf_files import is_netcdf, read_netcdf
from .sweep_computation import KIND
from .sweep_memory import require_sweep_memory

if TYPE_CHECKING:
    import xarray as xr

# What makes a Dataset of a store of another kind: a module and its function of a `Stored`.
OPENERS = {
    KIND: ("ltens.sweeps.stored", "stored_dataset"),
    "simulation": ("ltens.solvable.parameter_sweep", "stored_dataset"),
}


def open(path: str | os.PathLike[str]) -> xr.Dataset:  # noqa: A001 - read as ltens.open
    """Return the Dataset of a store, also of one that is unfinished or being written.

    Parameters
    ----------
    path : path
        What was given as ``store=`` to `ltens.sweep`, or a netCDF file, which is returned as it is.

    Returns
    -------
    xarray.Dataset
        As of `ltens.sweep`, over all activations, widths and seeds ever asked for; what is not
        finished has NaN losses and status "cancelled".

    Raises
    ------
    StoreError
        If the file is neither or cannot be read.
    ModuleNotFoundError
        If it is netCDF-4, and what reads that is not installed.
    MemoryError
        If the Dataset does not fit into memory.

    Examples
    --------
    >>> import tempfile
    >>> import ltens
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     options = {"training": ltens.Training(steps=10), "store": f"{folder}/a.ltens"}
    ...     ds = ltens.sweep([1, 2], seeds=3, progress=False, **options)
    ...     ltens.open(f"{folder}/a.ltens").equals(ds)
    True
    """
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"path is {path!r}, but must be a file name such as 'fig1.ltens'.")
    if is_netcdf(file := Path(path).expanduser()):
        try:
            return read_netcdf(file)
        except ValueError as error:
            raise StoreError(str(error)) from error
    stored = read_store(path)
    if stored.kind not in OPENERS:
        raise StoreError(
            f"{path} holds a {stored.kind!r}, but this ltens opens: {', '.join(OPENERS)}."
        )
    module, name = OPENERS[stored.kind]
    opener: Callable[[Stored], xr.Dataset] = getattr(import_module(module), name)
    with reading_errors(file):
        return opener(stored)


def stored_configuration(stored: Stored) -> Configuration:
    """Return the configuration of everything a store was ever asked for.

    Raises
    ------
    StoreError
        If the store's data is not what its configuration says.
    """
    identity = dict(stored.identity)
    tasks: dict[str, Any] = {
        name: _stored_task(stored, name, identity.pop(name))
        for name in ("task", "evaluation", "held_out")
        if name in identity
    }
    return Configuration.parsed(
        widths=list(dict.fromkeys(cell["width"] for cell in stored.cells)),
        over={
            name: list(dict.fromkeys(value_at(cell[name]) for cell in stored.cells))
            for name in identity.pop("over", ())
        },
        seeds=stored.labels.tolist(),
        activations=list(dict.fromkeys(cell["activation"] for cell in stored.cells)),
        **tasks,
        training=Training(**identity.pop("training")),
        rng=int(identity.pop("rng")),
        **identity,
    )


def _stored_task(stored: Stored, name: str, given: Mapping[str, Any]) -> Task:
    """Return a task of a store, as it is described there."""
    prefix = "" if name == "task" else f"{name}_"
    recipe = _stored_recipe(given)
    function = given.get("function", Recipe.function)
    low, high = given.get("domain", Recipe.domain)
    x, y, weights = (stored.arrays[prefix + key] for key in ("x", "y", "weights"))
    task = Task(
        x,
        y,
        weights,
        loss=given.get("loss", "mse"),
        classes=given.get("classes"),
        name=function,
        domain=(low, high) if low < high else None,
        recipe=recipe,
    )
    if task.fingerprint != given["fingerprint"]:
        raise StoreError(f"the store is damaged: its {name} has not the recorded fingerprint.")
    return task


def _stored_recipe(given: Mapping[str, Any]) -> Recipe | None:
    """Return what a task was made from, if that was recorded; what is an axis is at its default."""
    if "rng" not in given:
        return None
    values = {name: given[name] for name in Recipe.varied() if name in given}
    if "domain" in values:
        values["domain"] = tuple(values["domain"])
    return Recipe(**values, rng=int(given["rng"]))


def stored_dataset(stored: Stored) -> xr.Dataset:
    """Return the Dataset of a stored sweep."""
    configuration = stored_configuration(stored)
    require_sweep_memory(configuration)  # every combination of all values ever asked for
    table = sweep_table(configuration)
    known = {key: json.loads(key) for batch in stored.batches for key in batch.keys}
    for batch in stored.batches:
        cells = [known[key] for key in batch.keys]
        table.enter_many(cells, batch.labels, batch.arrays, batch.seconds)
    return sweep_dataset(configuration, table, stored.provenance)
