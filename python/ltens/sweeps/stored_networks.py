"""Trained networks out of a store: read, or trained again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._typing import Floats, Ints
from ..computation import Arrays, Plain
from ..scheduling import Cell, Watch
from ..store import Stored, StoreError, read_store
from ..store.store_errors import reading_errors
from ..threads import thread_count
from ..training.networks import Networks
from ..training.targets import FUNCTIONS
from ..validation import integer, one_of, seed_labels
from ..words import exact
from .axes import coordinate, in_words, value_at
from .configuration import VARIABLES, Configuration
from .dataset import parameter_name
from .stored import stored_configuration
from .sweep_computation import KIND, computation_common, numerics, own_data, train_labels


def networks(
    path: str | os.PathLike[str],
    *,
    activation: str,
    width: int,
    at: Mapping[str, Any] | None = None,
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
    at : dict, optional
        A value of every other axis of the sweep, such as ``{"lr": 0.01}``.
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
    place = {name: _coordinate(name, value) for name, value in (at or {}).items()}
    coordinates: dict[str, Plain] = {"activation": activation, "width": n, **place}
    stored = read_store(path, Cell(coordinates, 0.0, 0.0).key)
    if stored.kind != KIND:
        raise StoreError(f"{path} holds a {stored.kind}, but networks come from a {KIND}.")
    with reading_errors(Path(path)):
        configuration = stored_configuration(stored)
    one_of(activation, configuration.activations, "activation")
    if n not in configuration.widths:
        held = ", ".join(map(str, configuration.widths.tolist()))
        raise ValueError(f"width is {n}, but must be one of {path}: {held}.")
    _require_place(configuration, place, path)
    held_labels, arrays = _gathered(stored)
    labels = np.sort(held_labels) if seeds is None else seed_labels(seeds).astype(np.int64)
    where = f"{activation} of width {n}" + (f" at {in_words(place)}" if place else "")
    rows = _rows(labels, held_labels, f"{where} in {path}")
    if configuration.keep_networks:
        parts = {name: arrays[parameter_name(name, coordinates)][rows] for name in "wbac"}
        return Networks(**parts, activation=activation)
    return _again(
        stored,
        configuration,
        coordinates,
        labels=labels,
        losses=arrays["loss"][rows],
        threads=threads,
    )


def _coordinate(name: str, value: Any) -> Plain:
    """Return the coordinate that is meant by the value of an axis."""
    if name not in VARIABLES:
        return str(value)
    return coordinate(VARIABLES[name].check(value_at(value), f"at[{name!r}]"))


def _require_place(
    configuration: Configuration, place: Mapping[str, Plain], path: str | os.PathLike[str]
) -> None:
    """Raise ValueError unless the place has a value of every axis of the sweep, and no other."""
    for name in place:
        if name not in configuration.over:
            axes = ", ".join(configuration.over) or "none besides activation, width and seed"
            raise ValueError(f"at has {name!r}, but the axes of {path} are: {axes}.")
    for name, axis in configuration.over.items():
        held = ", ".join(map(exact, axis.coordinates))
        if name not in place:
            raise ValueError(f"at has no {name!r}, but must have one of {path}: {held}.")
        if place[name] not in axis.coordinates:
            raise ValueError(f"at[{name!r}] is {place[name]!r}, but must be one of {path}: {held}.")


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
    coordinates: Mapping[str, Plain],
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
    place = {name: coordinates[name] for name in configuration.over}
    _require_same_samples(configuration)
    common = {**computation_common(configuration), **own_data(configuration, place)}
    activation, width = str(coordinates["activation"]), int(coordinates["width"])
    run = train_labels(common, activation, width, labels, Watch(threads=thread_count(threads)))
    if run.loss.tobytes() != losses.tobytes():
        raise StoreError(
            "the networks trained again have other losses than the store: it was written by "
            "another build of the same numerics version, which should not be; please report it."
        )
    return run.networks


def _require_same_samples(configuration: Configuration) -> None:
    """Raise StoreError if the samples of an axis cannot be made again here."""
    for task in (configuration.task, *configuration.evaluation_tasks().values()):
        recipe = task.recipe
        if recipe is None or not configuration.varied("task"):
            continue
        known = recipe.function in FUNCTIONS
        if not known or task.replace().fingerprint != task.fingerprint:
            raise StoreError(
                f"the networks were not kept, and their samples of {recipe.name!r} cannot be made "
                "here to train them again: sweep with keep_networks=True."
            )
