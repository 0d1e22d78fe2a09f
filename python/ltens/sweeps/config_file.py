"""The options of `ltens sweep` from a TOML file and from flags, and the objects made of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from ..hints import meant, nearest
from ..training.recipe import Recipe
from ..training.settings import Training
from ..training.task import ARRAY_CHANGES, Task
from .axes import value_at
from .configuration import Defaults
from .imported_function import imported_function, is_imported
from .task_file import read_task

TASK_KEYS = Recipe.varied()
TRAINING_KEYS = tuple(field.name for field in fields(Training))
SWEEP_KEYS = (
    *(field.name for field in fields(Defaults)),
    "threads",
    "checkpoints",
    "keep_networks",
    "store",
)
OVER = "over"
TASK_FILE = "task"
EVALUATION_KEYS = {"evaluation": "evaluation_samples", "held_out": "held_out_samples"}
FILE_KEYS = ("output", "plot")
_TOP = (TASK_FILE, *FILE_KEYS)  # what stands in no table
_TABLES = {"task": (*TASK_KEYS, *EVALUATION_KEYS.values()), "training": TRAINING_KEYS}
LISTS = {
    "widths": int,
    "seeds": int,
    "checkpoints": int,
    "activations": str,
    "domain": float,
    **{field.name: float for field in fields(Training) if isinstance(field.default, tuple)},
}


def read_config(path: Path) -> dict[str, Any]:
    r"""Return the options of a TOML file in one flat dictionary.

    Any option may stand at the top, those of the task and the training also in the tables
    ``[task]`` and ``[training]``. The table ``[over]`` has lists of values of further axes. Keys
    may be spelled with - or _.

    Raises
    ------
    ValueError
        If the file is no TOML, or a key is unknown, misplaced or given twice.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "fig1.toml"
    ...     _ = path.write_text("seeds = 5\n[training]\nsteps = 100")
    ...     read_config(path)
    {'seeds': 5, 'steps': 100}
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # editors add a BOM
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is not a TOML file: {error}.") from error
    except RecursionError as error:
        raise ValueError(f"{path} is nested too deeply: no option of a sweep is.") from error
    options: dict[str, Any] = {}
    top = {key: value for key, value in content.items() if not isinstance(value, dict)}
    known = (
        *SWEEP_KEYS,
        *TASK_KEYS,
        *EVALUATION_KEYS.values(),
        *TRAINING_KEYS,
        *FILE_KEYS,
        TASK_FILE,
    )
    _merge(options, top, known, path, "")
    for name, table in content.items():
        if not isinstance(table, dict):
            continue
        if name == OVER:
            options[OVER] = {key.replace("-", "_"): values for key, values in table.items()}
            continue
        if name not in _TABLES:
            raise ValueError(
                f"unknown table [{name}] in {path}: did you mean "
                f"[{nearest(name, (*_TABLES, OVER))}] (tables: [task], [training], [over])?"
            )
        _merge(options, table, _TABLES[name], path, f" in the table [{name}]")
    return options


def parse_list(text: object, name: str) -> object:
    """Return the values of a list option: "1,2,5", "1 2 5", or a list as it is.

    A single number stays a number where it means a number of things (seeds, checkpoints) or all
    of four (weight_decay).

    Raises
    ------
    ValueError
        If a part is not of the option's type.

    Examples
    --------
    >>> parse_list("1,2, 5", "widths")
    [1, 2, 5]
    >>> parse_list("64", "seeds")
    64
    """
    if not isinstance(text, str):
        return text
    kind = LISTS[name]
    values = []
    for part in re.split(r"[,\s]+", text.strip(" ,")):
        try:
            values.append(kind(part))
        except ValueError:
            noun = "integers" if kind is int else "numbers"
            raise ValueError(
                f"{name} holds {part!r}, but must be {noun} with commas or spaces between."
            ) from None
    if name in ("seeds", "checkpoints", "weight_decay") and len(values) == 1:
        return values[0]
    return values


def parse_over(words: Iterable[str]) -> dict[str, list[Any]]:
    """Return the axes of words such as "lr=0.001,0.01" or "domain=-1:1,-2:2".

    Raises
    ------
    ValueError
        If a word has no values, or two are of the same axis.

    Examples
    --------
    >>> parse_over(["lr=0.001,0.01", "init=he,torch", "domain=-1:1"])
    {'lr': [0.001, 0.01], 'init': ['he', 'torch'], 'domain': [(-1.0, 1.0)]}
    """
    axes: dict[str, list[Any]] = {}
    for word in words:
        name, equals, values = word.partition("=")
        key = name.strip().replace("-", "_")
        if not equals:
            raise ValueError(
                f"over is {word!r}, but must be an axis and its values, such as lr=0.001,0.01."
            )
        if key in axes:
            raise ValueError(f"over has {key!r} twice, but each axis may be given once only.")
        parts = re.split(r"[,\s]+", values.strip(" ,"))
        axes[key] = [value_at(_number_or_text(part)) for part in parts if part]
    return axes


def _number_or_text(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def sweep_arguments(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keyword arguments of `ltens.sweep` for flat options.

    Raises
    ------
    TypeError, ValueError
        If a value is not allowed.

    Examples
    --------
    >>> arguments = sweep_arguments({"widths": "1,2", "samples": 10, "steps": 5})
    >>> arguments["widths"], arguments["task"].samples, arguments["training"].steps
    ([1, 2], 10, 5)
    """
    parsed: dict[str, Any] = {
        name: parse_list(value, name) if name in LISTS else value for name, value in options.items()
    }
    task = {name: parsed[name] for name in TASK_KEYS if name in parsed}
    training = {name: parsed[name] for name in TRAINING_KEYS if name in parsed}
    arguments = {name: parsed[name] for name in SWEEP_KEYS if name in parsed}
    if isinstance(text := arguments.get("rng"), str):
        if not text.isdecimal():
            raise ValueError(f"rng is {text!r}, but must be a non-negative integer.")
        arguments["rng"] = int(text)
    rng = arguments.get("rng", 0)
    if TASK_FILE in parsed:
        arguments["task"] = _task_of_file(parsed, task)
    else:
        function = task.pop("function", "square")
        if is_imported(function):
            function = imported_function(function)
        arguments["task"] = Task.from_function(function, rng=rng, **task)
        arguments.update(_evaluation_tasks(parsed, function, task, rng))
    arguments["training"] = Training(**training)
    if axes := parsed.get(OVER):
        arguments[OVER] = axes
    return arguments


def _task_of_file(options: Mapping[str, Any], changes: Mapping[str, Any]) -> Task:
    """Return the task of a file, with fewer samples or with noise if that is asked for."""
    given = options[TASK_FILE]
    if not isinstance(given, (str, Path)):
        raise TypeError(f"{TASK_FILE} is {given!r}, but must be a file name, such as 'data.npz'.")
    fixed = [name for name in changes if name not in ARRAY_CHANGES]
    fixed += [name for name in EVALUATION_KEYS.values() if name in options]
    if fixed:
        raise ValueError(
            f"{fixed[0]} is given, but {TASK_FILE} is {given}, whose samples come from no "
            "function: leave one of the two out."
        )
    task = read_task(Path(given))
    return task.replace(**changes) if changes else task


def _evaluation_tasks(
    options: Mapping[str, Any], function: Any, task: Mapping[str, Any], rng: int
) -> dict[str, Task]:
    """Return fresh random samples of the same function, without noise, as many as are asked for."""
    sources = np.random.SeedSequence(rng).spawn(len(EVALUATION_KEYS))
    return {
        argument: Task.from_function(
            function,
            **{**task, "samples": options[key], "sampling": "random", "noise": 0.0},
            rng=source,
        )
        for (argument, key), source in zip(EVALUATION_KEYS.items(), sources, strict=True)
        if key in options
    }


def _merge(
    options: dict[str, Any],
    table: Mapping[str, Any],
    known: tuple[str, ...],
    path: Path,
    where: str,
) -> None:
    """Move a table's keys into the options."""
    for key, value in table.items():
        name = key.replace("-", "_")
        if name not in known:
            raise ValueError(
                f"unknown key {key!r}{where} of {path}: did you mean {meant(name, known)!r}?"
            )
        if name in options:
            raise ValueError(f"key {key!r} stands twice in {path}: keep one of the two.")
        options[name] = value
