"""What differs between what a store holds and what is asked for, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_ABSENT = "nothing"


def difference(held: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    """Return one line for every value that differs.

    Examples
    --------
    >>> for line in difference({"training": {"lr": 0.01}}, {"training": {"lr": 0.02}}):
    ...     print(line)
    training.lr  0.01 in the store, 0.02 asked for
    """
    left, right = _flat(held), _flat(asked)
    names = [name for name in {**left, **right} if left.get(name) != right.get(name)]
    size = max(map(len, names), default=0)
    return [
        f"{name:<{size}}  {_shown(left, name)} in the store, {_shown(right, name)} asked for"
        for name in names
    ]


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested values by dotted names."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{prefix}{name}."))
        else:
            flat[prefix + name] = value
    return flat


def _shown(values: Mapping[str, Any], name: str) -> str:
    if name not in values:
        return _ABSENT
    text = str(values[name])
    return text if len(text) <= 40 else f"{text[:18]}...{text[-18:]}"
