"""What one network of a sweep costs at another size: the engines' cost model, by its record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .._typing import Floats
from ..training.recipe import Recipe
from ..training.settings import Training
from ..training.task import Task
from .axes import value_at
from .configuration import OPTIONS, Configuration
from .sweep_computation import sweep_cell


def seconds_per_run(origin: Mapping[str, Any], size: str) -> Callable[[Floats], Floats]:
    """Return the function of sizes (K,) that gives the seconds (K,) of one core for one network.

    Parameters
    ----------
    origin : mapping
        What a law knows of the sweep its losses are from.
    size : str
        The axis of the sizes: "width" or another.

    Raises
    ------
    ValueError
        If the law is from no sweep.
    """
    described = dict(origin.get("configuration", {}))
    if not {"widths", "activations", "task", "training"} <= {*described}:
        raise ValueError(
            "cost is 'seconds', but the law is from no result of ltens.sweep: give cost a function "
            "of the sizes that returns what one run costs."
        )
    at = {"width": described["widths"][0], **origin.get("at", {})}
    task = _task(described["task"])

    def seconds(sizes: Floats) -> Floats:
        return np.array([_seconds(described, task, at, size, float(each)) for each in sizes])

    return seconds


def _seconds(
    described: Mapping[str, Any], task: Task, at: Mapping[str, Any], size: str, value: float
) -> float:
    """Return the seconds of a network at one size."""
    whole = int(value) if value == round(value) else value
    place = {**at, size: whole}
    axes = {name: [value_at(place[name])] for name in described.get("over", {})}
    configuration = Configuration.parsed(
        [max(1, round(place["width"]))],
        1,
        activations=[place.get("activation", described["activations"][0])],
        task=task,
        training=Training(**described["training"]),
        over=axes,
        **{name: described[name] for name in OPTIONS if name in described},
    )
    (where,) = configuration.places()
    here = configuration.at(where)
    cell = sweep_cell(here, here.activations[0], int(here.widths[0]))
    return cell.seconds


def _task(described: Mapping[str, Any]) -> Task:
    """Return a task that costs the same: as many samples of as many dimensions."""
    given = {key: value for key, value in described.items() if key != "fingerprint"}
    given["domain"] = tuple(given.get("domain", Recipe.domain))
    given["rng"] = int(given.get("rng", 0))
    try:
        return Task.from_function(given.pop("function", Recipe.function), **given)
    except (TypeError, ValueError):  # data of the user's own
        size = {key: given[key] for key in ("samples", "dimension") if key in given}
        return Task.from_function(Recipe.function, sampling="random", **size)
