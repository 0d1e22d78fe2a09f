"""What a user may rely on, a line each.

Written by `PYTHONPATH=python:tests python -m support.public_names`.
"""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ltens

FILE = Path(__file__).resolve().parents[2] / "docs" / "public_names.txt"

PREFIXES: dict[Any, str] = {
    inspect.Parameter.VAR_POSITIONAL: "*",
    inspect.Parameter.VAR_KEYWORD: "**",
}


def parameters(function: Any) -> str:
    """The names of the parameters in brackets; those with a default end in =."""
    parts = []
    star = False
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name == "self" or parameter.name.startswith("_"):
            continue
        if parameter.kind is parameter.VAR_POSITIONAL:
            star = True
        if parameter.kind is parameter.KEYWORD_ONLY and not star:
            parts.append("*")
            star = True
        prefix = PREFIXES.get(parameter.kind, "")
        optional = "" if parameter.default is parameter.empty else "="
        parts.append(f"{prefix}{parameter.name}{optional}")
    return f"({', '.join(parts)})"


def members(name: str, owner: type) -> Iterator[str]:
    """The public attributes of the class and of its bases here, and the fields of a dataclass."""
    own = [base for base in owner.__mro__ if base.__module__.startswith("ltens")]
    inherited = {key for base in own for key in vars(base)}
    for key in sorted({*inherited, *getattr(owner, "__dataclass_fields__", ())}):
        if key.startswith("_"):
            continue
        value = inspect.getattr_static(owner, key, None)
        if isinstance(value, (classmethod, staticmethod)):
            value = getattr(owner, key)
        function = inspect.isfunction(value) or inspect.ismethod(value)
        yield f"{name}.{key}{parameters(value) if function else ''}"


def lines() -> list[str]:
    """The public names of the package and of its public rooms, sorted."""
    found = set(described("ltens", ltens))
    return sorted(found)


def described(name: str, module: Any) -> Iterator[str]:
    """The lines of a module and of the public modules in it."""
    for key in getattr(module, "__all__", ()):
        value = getattr(module, key)
        path = f"{name}.{key}"
        if inspect.ismodule(value):
            yield path
            yield from described(path, value)
        elif inspect.isclass(value):
            yield f"{path}{'' if issubclass(value, BaseException) else parameters(value)}"
            yield from members(path, value)
        else:
            yield f"{path}{parameters(value) if callable(value) else ''}"


if __name__ == "__main__":
    FILE.write_text("\n".join(lines()) + "\n", encoding="utf-8")
