"""Axes of a sweep besides activation, width and seed: values of a field of what is trained."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import Field, dataclass
from typing import Any

from ..computation import Plain
from ..hints import nearest
from ..validation import listed, refuse_duplicates
from ..words import exact

_OWN_ARGUMENT = {
    one: f"{one.rstrip('s')}s"
    for one in ("width", "widths", "seed", "seeds", "activation", "activations")
}

_CALLED_HERE = {"scale": "init_scale", "target": "function"}  # what others may look for


@dataclass(frozen=True)
class Variable:
    """A field that can be an axis.

    Attributes
    ----------
    name : str
    owner : str
        Whose field: "training", "task" or "networks".
    check : callable of (value, argument)
        What checks the field where it is given alone.
    default : value
    """

    name: str
    owner: str
    check: Callable[[Any, str], Any]
    default: Any


def variables_of(owner: str, fields: Iterable[Field[Any]]) -> dict[str, Variable]:
    """Return the fields that name their check, by name."""
    return {
        each.name: Variable(each.name, owner, each.metadata["check"], each.default)
        for each in fields
        if "check" in each.metadata
    }


@dataclass(frozen=True)
class Axis:
    """A field and its values.

    Attributes
    ----------
    name, owner : str
        As of `Variable`.
    values : tuple
        As the field takes them, each once.
    """

    name: str
    owner: str
    values: tuple[Any, ...]

    @property
    def coordinates(self) -> list[Plain]:
        """The values as they stand in cells, stores and Datasets."""
        return [coordinate(value) for value in self.values]


def coordinate(value: Any) -> Plain:
    """Return a value as a number or a text; several numbers are written with colons between.

    Examples
    --------
    >>> coordinate(0.01), coordinate((-1.0, 0.5)), coordinate(True)
    (0.01, '-1:0.5', 'True')
    """
    if isinstance(value, tuple):
        return ":".join(exact(float(part)) for part in value)
    return str(value) if isinstance(value, bool) else value


def value_at(coordinate: Plain) -> Any:
    """Return what a coordinate stands for.

    Examples
    --------
    >>> value_at("-1:0.5"), value_at("he"), value_at(0.01)
    ((-1.0, 0.5), 'he', 0.01)
    """
    if not isinstance(coordinate, str):
        return coordinate
    if coordinate in ("True", "False"):
        return coordinate == "True"
    if ":" in coordinate:
        try:
            return tuple(float(part) for part in coordinate.split(":"))
        except ValueError:
            return coordinate  # the check of the field says what it must be
    return coordinate


def checked_axes(over: object, variables: Mapping[str, Variable]) -> dict[str, Axis]:
    """Return the axes by name.

    Raises
    ------
    TypeError, ValueError
        If `over` is no mapping of known fields to different, allowed values.

    Examples
    --------
    >>> from dataclasses import fields
    >>> from ltens import Training
    >>> variables = variables_of("training", fields(Training))
    >>> checked_axes({"lr": [1, 0.1]}, variables)["lr"].values
    (1.0, 0.1)
    >>> checked_axes({"lr": [0.1, -1]}, variables)
    Traceback (most recent call last):
    ...
    ValueError: over['lr'][1] is -1.0, but must be above 0.
    """
    if over is None:
        return {}
    if not isinstance(over, Mapping):
        raise TypeError(
            f"over is {over!r:.60}, but must be a dict of names to values, such as "
            "{'lr': [0.001, 0.01]}."
        )
    return {name: _axis(_variable(name, variables), values) for name, values in over.items()}


def combinations(axes: Iterable[Axis]) -> Iterator[dict[str, Plain]]:
    """Yield the coordinates of every combination of values, the last axis fastest.

    Examples
    --------
    >>> list(combinations([Axis("lr", "training", (0.1, 0.2)), Axis("init", "networks", ("he",))]))
    [{'lr': 0.1, 'init': 'he'}, {'lr': 0.2, 'init': 'he'}]
    """
    chosen = list(axes)
    names = [axis.name for axis in chosen]
    for values in itertools.product(*(axis.coordinates for axis in chosen)):
        yield dict(zip(names, values, strict=True))


def in_words(place: Mapping[str, Plain]) -> str:
    """Return a combination of values in words.

    Examples
    --------
    >>> in_words({"lr": 0.001, "samples": 100})
    'lr=0.001, samples=100'
    """
    return ", ".join(f"{name}={exact(value)}" for name, value in place.items())


def _variable(name: object, variables: Mapping[str, Variable]) -> Variable:
    if isinstance(name, str) and name in variables:
        return variables[name]
    if not isinstance(name, str):
        raise TypeError(f"over has the key {name!r}, but every key must be the name of a field.")
    if name in _OWN_ARGUMENT:
        raise ValueError(
            f"over has {name!r}, which has an argument of its own: {_OWN_ARGUMENT[name]}."
        )
    raise ValueError(
        f"over has {name!r}, which is no field of training, task or networks that can be an axis: "
        f"did you mean {(_CALLED_HERE.get(name) or nearest(name, variables))!r}?"
    )


def _axis(variable: Variable, values: object) -> Axis:
    argument = f"over[{variable.name!r}]"
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        raise TypeError(f"{argument} is {values!r}, but must be a list of values.")
    given = listed(values, argument)
    if not given:
        raise ValueError(f"{argument} is empty, but must hold at least one value.")
    for i, value in enumerate(given):
        if value is None:
            raise TypeError(f"{argument}[{i}] is None, but must be a number or a name.")
    checked = [variable.check(value, f"{argument}[{i}]") for i, value in enumerate(given)]
    axis = Axis(variable.name, variable.owner, tuple(checked))
    refuse_duplicates(axis.coordinates, argument)
    return axis
