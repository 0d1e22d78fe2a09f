"""Results and networks out of a store."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .._typing import Floats, Ints
from ..computation import Arrays
from ..scheduling import Cell, Watch
from ..store import Stored, StoreError, read_store
from ..threads import thread_count
from ..training.networks import Networks
from ..training.settings import Training
from ..training.task import Task
from ..validation import integer, one_of, seed_labels
from .configuration import Configuration
from .dataset import sweep_dataset, sweep_table
from .sweep_computation import KIND, computation_of, numerics, train_labels

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
        What was given as ``store=`` to `ltens.sweep`.

    Returns
    -------
    xarray.Dataset
        As of `ltens.sweep`, over all activations, widths and seeds ever asked for; what is not
        finished has NaN losses and status "cancelled".

    Raises
    ------
    StoreError
        If the file is no store or cannot be read.

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
    stored = read_store(path)
    if stored.kind not in OPENERS:
        raise StoreError(
            f"{path} holds a {stored.kind!r}, but this ltens opens: {', '.join(OPENERS)}."
        )
    module, name = OPENERS[stored.kind]
    opener: Callable[[Stored], xr.Dataset] = getattr(import_module(module), name)
    return opener(stored)


def networks(
    path: str | os.PathLike[str],
    *,
    activation: str,
    width: int,
    seeds: int | Iterable[int] | None = None,
    threads: int | None = None,
) -> Networks:
    """Return trained networks of a sweep.

    They are read if the sweep kept them (``keep_networks=True``), else trained again: the same
    bits, which is checked by their losses.

    Parameters
    ----------
    path : path
        The store.
    activation : str
    width : int
    seeds : int or sequence of int, optional
        Labels; an integer n means 0 ... n-1. All that are finished by default.
    threads : int, optional
        For training again.

    Returns
    -------
    Networks
        In the order of `seeds`.

    Raises
    ------
    TypeError, ValueError
        If the store does not hold such networks.
    StoreError
        If it cannot be read, or its arithmetic is not this one's.

    Examples
    --------
    >>> import tempfile
    >>> import ltens
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     options = {"training": ltens.Training(steps=10), "store": f"{folder}/a.ltens"}
    ...     ds = ltens.sweep([1, 2], seeds=3, progress=False, **options)
    ...     ltens.networks(f"{folder}/a.ltens", activation="relu", width=2)
    Networks(3 of width 2, relu, dimension=1, float32)
    """
    n = integer(width, "width", minimum=1)
    key = Cell({"activation": activation, "width": n}, 0.0, 0.0).key
    stored = read_store(path, key)
    if stored.kind != KIND:
        raise StoreError(f"{path} holds a {stored.kind}, but networks come from a {KIND}.")
    configuration = stored_configuration(stored)
    one_of(activation, configuration.activations, "activation")
    if n not in configuration.widths:
        held = ", ".join(map(str, configuration.widths.tolist()))
        raise ValueError(f"width is {n}, but must be one of {path}: {held}.")
    held_labels, arrays = _gathered(stored)
    labels = np.sort(held_labels) if seeds is None else seed_labels(seeds).astype(np.int64)
    rows = _rows(labels, held_labels, f"{activation} of width {n} in {path}")
    if configuration.keep_networks:
        parts = {name: arrays[f"{name}_{n}"][rows] for name in "wbac"}
        return Networks(**parts, activation=activation)
    return _again(
        stored,
        configuration,
        (activation, n),
        labels=labels,
        losses=arrays["loss"][rows],
        threads=threads,
    )


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
    return Configuration.checked(
        widths=list(dict.fromkeys(cell["width"] for cell in stored.cells)),
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
    arrays = {key: stored.arrays[prefix + key] for key in ("x", "y", "weights")}
    low, high = given["domain"]
    task = Task(**arrays, name=given["function"], domain=(low, high) if low < high else None)
    if task.fingerprint != given["fingerprint"]:
        raise StoreError(f"the store is damaged: its {name} has not the recorded fingerprint.")
    return task


def stored_dataset(stored: Stored) -> xr.Dataset:
    """Return the Dataset of a stored sweep."""
    configuration = stored_configuration(stored)
    table = sweep_table(configuration)
    known = {key: json.loads(key) for batch in stored.batches for key in batch.keys}
    for batch in stored.batches:
        cells = [known[key] for key in batch.keys]
        table.enter_many(cells, batch.labels, batch.arrays, batch.seconds)
    return sweep_dataset(configuration, table, stored.provenance)


def _gathered(stored: Stored) -> tuple[Ints, Arrays]:
    """Return labels and arrays of all blocks of one cell."""
    if not stored.batches:
        return np.empty(0, np.int64), {}
    labels = np.concatenate([batch.labels.ravel() for batch in stored.batches])
    arrays = {
        name: np.concatenate(
            [b.arrays[name].reshape(-1, *b.arrays[name].shape[2:]) for b in stored.batches]
        )
        for name in stored.batches[0].arrays
    }
    return labels, arrays


def _rows(labels: Ints, held: Ints, what: str) -> NDArray[np.intp]:
    """Return where the labels stand; ValueError if one is not there."""
    places = {label: i for i, label in enumerate(held.tolist())}
    absent = [label for label in labels.tolist() if label not in places]
    if absent or not places:
        one = f"seed {absent[0]} is" if absent else "no seed is"
        raise ValueError(f"{one} finished for {what}: run its sweep first.")
    return np.array([places[label] for label in labels.tolist()], np.intp)


def _again(
    stored: Stored,
    configuration: Configuration,
    cell: tuple[str, int],
    *,
    labels: Ints,
    losses: Floats,
    threads: int | None,
) -> Networks:
    """Train the networks again; StoreError unless they have the stored losses, bit for bit."""
    here: dict[str, Any] = numerics()
    if stored.numerics != here:
        raise StoreError(
            "the networks were not kept, and training them again here would give other bits: the "
            f"store has {stored.numerics}, this machine and ltens have {here}."
        )
    common = computation_of(configuration).common
    run = train_labels(common, *cell, labels, Watch(threads=thread_count(threads)))
    if run.loss.tobytes() != losses.tobytes():
        raise StoreError(
            "the networks trained again have other losses than the store: it was written by "
            "another build of the same numerics version, which should not be; please report it."
        )
    return run.networks
