"""The options of ``ltens sweep``: one for every argument of `ltens.sweep`, task and training."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from ..sweeps.configuration import DEFAULTS
from ..training.settings import OPTIMIZERS, SCHEDULES, Training
from .files import EXISTING, NEW

_Command = TypeVar("_Command", bound=Callable[..., Any])


def sweep_options(command: _Command) -> _Command:
    """Add them all to a command."""
    for option in reversed([*_sweep(), *_task(), *_training(), *_files()]):
        command = option(command)
    return command


def _sweep() -> Iterable[Callable[[_Command], _Command]]:
    return [
        click.option("--widths", metavar="N...", help=_shown("Numbers of neurons", "widths")),
        click.option(
            "--seeds", metavar="S...", help=_shown("Networks per width, or their labels", "seeds")
        ),
        click.option("--activations", metavar="NAME...", help=_shown("Names", "activations")),
        click.option("--init", metavar="NAME", help=_shown("Initialisation scheme", "init")),
        click.option("--init-scale", type=float, help=_shown("Factor of its spread", "init_scale")),
        click.option("--dtype", metavar="NAME", help=_shown("float32 or float64", "dtype")),
        click.option("--engine", metavar="NAME", help=_shown("How gradients are got", "engine")),
        click.option("--rtol", type=float, help=_shown("Error an engine may have", "rtol")),
        click.option("--threads", type=int, help="Threads [what the machine leaves us]."),
        click.option("--checkpoints", metavar="K...", help="Record the loss at K steps, or these."),
        click.option(
            "--keep-networks/--drop-networks", default=None, help="Keep the parameters too [drop]."
        ),
        click.option("--rng", metavar="INTEGER", help=_shown("Root entropy", "rng")),
    ]


def _task() -> Iterable[Callable[[_Command], _Command]]:
    return [
        click.option("--function", metavar="NAME", help="Target function [square]."),
        click.option("--domain", metavar="LOW HIGH", help="Interval of each coordinate [-2 2]."),
        click.option("--samples", type=int, help="Number of samples D [1000]."),
        click.option("--sampling", metavar="NAME", help="grid or random [grid]."),
        click.option("--dimension", type=int, help="Dimension d of the input [1]."),
        click.option(
            "--evaluation-samples", type=int, help="Evaluate losses on so many random samples."
        ),
        click.option(
            "--held-out-samples", type=int, help="Stop early by the loss on so many others."
        ),
    ]


def _training() -> Iterable[Callable[[_Command], _Command]]:
    default = Training()
    return [
        click.option("--steps", type=int, help=f"Updates of each network [{default.steps}]."),
        click.option("--lr", type=float, help=f"Learning rate [{default.lr:g}]."),
        click.option(
            "--lr-decay", type=float, help=f"Factor of the step decay [{default.lr_decay:g}]."
        ),
        click.option(
            "--lr-decay-every", type=int, help=f"Updates between decays [{default.lr_decay_every}]."
        ),
        click.option("--beta1", type=float, help=f"Adam's first decay [{default.beta1:g}]."),
        click.option("--beta2", type=float, help=f"Adam's second decay [{default.beta2:g}]."),
        click.option("--epsilon", type=float, help=f"Adam's epsilon [{default.epsilon:g}]."),
        click.option("--optimizer", metavar="NAME", help=_choice(OPTIMIZERS, default.optimizer)),
        click.option("--momentum", type=float, help=f"Momentum of sgd [{default.momentum:g}]."),
        click.option("--schedule", metavar="NAME", help=_choice(SCHEDULES, default.schedule)),
        click.option(
            "--lr-factors", metavar="W B A C", help="Factors of lr for w, b, a and c [1 1 1 1]."
        ),
        click.option("--batch-size", type=int, help="Samples of each gradient [all]."),
        click.option(
            "--held-out-every",
            type=int,
            help=f"Updates between looks at held-out data [{default.held_out_every}].",
        ),
        click.option("--patience", type=int, help="Looks without a smaller loss to stop at."),
    ]


def _files() -> Iterable[Callable[[_Command], _Command]]:
    return [
        click.option("--config", type=EXISTING, help="TOML file with any of these; flags win."),
        click.option("--store", type=NEW, help="Keep every finished block here, and resume."),
        click.option("-o", "--output", type=NEW, help="Write the Dataset here (netCDF)."),
        click.option("--plot", type=NEW, help="Draw the picture here."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables."),
        click.option("--no-progress", is_flag=True, help="No bar and no log lines."),
        click.option("--dry-run", is_flag=True, help="Print blocks, work, memory and time only."),
        click.option("--calibrate", is_flag=True, help="The same, with times tried on this CPU."),
    ]


def _choice(names: tuple[str, ...], default: str) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]} [{default}]."


def _shown(text: str, name: str) -> str:
    """Return the help with the default value behind it."""
    value = getattr(DEFAULTS, name)
    words = value if isinstance(value, tuple) else (value,)
    return f"{text} [{' '.join(map(str, words))}]."
