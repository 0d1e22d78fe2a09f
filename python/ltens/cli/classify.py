"""``ltens classify``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from .curve_file import curve_options, curves
from .errors import usage_errors
from .files import EXISTING


@click.command("classify")
@click.argument("file", type=EXISTING)
@click.option("--limit", type=float, help="The known loss at infinite size.")
@click.option(
    "--irreducible",
    type=float,
    default=0.0,
    show_default=True,
    help="Loss that no model can lower: noise of the targets.",
)
@curve_options("auto")
def command(
    file: Path, *, size: str | None, loss: str | None, as_json: bool, **options: Any
) -> None:
    """Tell which scaling regime the curves of FILE are in: a sweep, or anyone's CSV.

    Variance-limited, resolution-limited, a crossover, neither, or undecided. In a CSV file each
    line is one run; lines of the same size are its replicates.
    """
    with usage_errors():
        from ..regimes import classify

        found = {
            name: classify(*data, **options) for name, data in curves(file, size, loss).items()
        }
    if as_json:
        click.echo(json.dumps({name: each.to_dict() for name, each in found.items()}, indent=2))
        return
    click.echo("\n\n".join(f"{name}\n{each.summary()}" for name, each in found.items()))
