"""Whether an axis of a sweep agrees with what was given beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..training.task import ARRAY_CHANGES
from .axes import Variable

if TYPE_CHECKING:
    from .configuration import Configuration

FOLLOWED = ("function", "domain", "dimension")
"""What the tasks for evaluation share with the one trained on, and change with it."""


def refuse_contradiction(configuration: Configuration, name: str, variable: Variable) -> None:
    """Raise ValueError if an axis is a field that was given a value, too, or cannot vary."""
    if variable.owner == "task":
        _require_recipes(configuration, name)
    owners: dict[str, Any] = {
        "training": configuration.training,
        "task": configuration.task.recipe,
        "networks": configuration,
    }
    owner = owners[variable.owner]
    if owner is not None and getattr(owner, name) != variable.default:
        where = name if owner is configuration else f"{variable.owner}.{name}"
        raise ValueError(
            f"over has {name!r}, but {where} is {getattr(owner, name)!r}: leave one of the two out."
        )


def _require_recipes(configuration: Configuration, name: str) -> None:
    """Raise ValueError unless the tasks can have other values of a field."""
    tasks = {"task": configuration.task}
    if name in FOLLOWED:
        tasks |= configuration.evaluation_tasks()
    for argument, task in tasks.items():
        if task.recipe is None and name not in ARRAY_CHANGES:
            raise ValueError(
                f"over has {name!r}, but {argument} was given as arrays, which have one {name} "
                "only: make it with ltens.Task.from_function."
            )
        if getattr(task.recipe, name, None) != getattr(configuration.task.recipe, name, None):
            raise ValueError(
                f"over has {name!r}, but {argument} has another {name} than task: make both with "
                "the same, and both will have every value."
            )
