"""The options of ``ltens sweep``: one for every argument of `ltens.sweep`, task and training."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import Field, fields
from typing import Any, TypeVar

import click

from ..sweeps.configuration import Defaults
from ..training.settings import Training
from .files import EXISTING, NEW

_Command = TypeVar("_Command", bound=Callable[..., Any])


def sweep_options(command: _Command) -> _Command:
    """Add them all to a command."""
    for option in reversed([*_sweep(), *_task(), *_training(), *_files()]):
        command = option(command)
    return command


def _sweep() -> Iterable[Callable[[_Command], _Command]]:
    return [
        *map(_option, fields(Defaults)),
        click.option(
            "--over",
            multiple=True,
            metavar="NAME=VALUE,...",
            help="A further axis, such as lr=0.001,0.01; may be given again for others.",
        ),
        click.option("--threads", type=int, help="Threads [what the machine leaves us]."),
        click.option("--checkpoints", metavar="K...", help="Record the loss at K steps, or these."),
        click.option(
            "--keep-networks/--drop-networks", default=None, help="Keep the parameters too [drop]."
        ),
    ]


def _task() -> Iterable[Callable[[_Command], _Command]]:
    return [
        click.option("--task", type=EXISTING, help="Own data: .npz with x, y[, weights][, loss]."),
        click.option(
            "--function",
            metavar="NAME",
            help="Target function [square], or one's own: module:name or path.py:name.",
        ),
        click.option("--domain", metavar="LOW HIGH", help="Interval of each coordinate [-2 2]."),
        click.option("--samples", type=int, help="Number of samples D [1000]."),
        click.option("--sampling", metavar="NAME", help="grid, random or gauss [grid]."),
        click.option("--dimension", type=int, help="Dimension d of the input [1]."),
        click.option("--noise", type=float, help="Standard deviation added to the targets [0]."),
        click.option(
            "--evaluation-samples", type=int, help="Evaluate losses on so many random samples."
        ),
        click.option(
            "--held-out-samples", type=int, help="Stop early by the loss on so many others."
        ),
    ]


def _training() -> Iterable[Callable[[_Command], _Command]]:
    return map(_option, fields(Training))


def _files() -> Iterable[Callable[[_Command], _Command]]:
    return [
        click.option("--config", type=EXISTING, help="TOML file with any of these; flags win."),
        click.option("--store", type=NEW, help="Keep every finished block here, and resume."),
        click.option(
            "-o",
            "--output",
            type=NEW,
            help="Write the result here: .nc, .csv or .parquet; - is CSV on the standard output.",
        ),
        click.option("--plot", type=NEW, help="Draw the picture here."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables."),
        click.option("--no-progress", is_flag=True, help="No bar and no log lines."),
        click.option("--dry-run", is_flag=True, help="Print blocks, work, memory and time only."),
        click.option("--calibrate", is_flag=True, help="The same, with times tried on this CPU."),
    ]


_KINDS: dict[str, dict[str, Any]] = {
    "int": {"type": int},
    "int | None": {"type": int},
    "float": {"type": float},
    "str": {"metavar": "NAME"},
}


def _option(field: Field[Any]) -> Callable[[_Command], _Command]:
    """Return the option of a field: a list if it says for what its words stand."""
    told = field.metadata
    kind = {"metavar": told["metavar"]} if "metavar" in told else _KINDS[str(field.type)]
    shown = told.get("unset", "") if field.default is None else _shown(field.default)
    text = f"{told['help']} [{shown}]." if shown else f"{told['help']}."
    return click.option(f"--{field.name.replace('_', '-')}", help=text, **kind)


def _shown(value: Any) -> str:
    """Return a default value as one would type it."""
    if isinstance(value, tuple):
        return " ".join(map(_shown, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
