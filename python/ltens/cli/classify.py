"""``ltens classify``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from .curve_options import json_option, level_option, statistic_option
from .errors import usage_errors
from .files import READABLE
from .loss_files import Choice, file_options


@click.command("classify", short_help="Tell which scaling regime each curve is in.")
@click.argument("file", type=READABLE)
@click.option("--limit", type=float, help="The known loss at infinite size.")
@click.option(
    "--irreducible",
    type=float,
    default=0.0,
    show_default=True,
    help="Loss that no model can lower: noise of the targets.",
)
@statistic_option("auto")
@level_option
@json_option
@file_options
def command(file: Path, *, choice: Choice, as_json: bool, **options: Any) -> None:
    """Tell which scaling regime the curves of FILE are in: a sweep, or anyone's table.

    Variance-limited, resolution-limited, a crossover, neither, or undecided. In a table each row is
    one run; rows of the same size are its replicates. - is the standard input.
    """
    with usage_errors():
        from ..regimes import classify

        tables, _ = choice.losses(file)
        found = {name: classify(table, **options) for name, table in tables.items()}
    if as_json:
        click.echo(json.dumps({name: each.to_dict() for name, each in found.items()}, indent=2))
        return
    click.echo("\n\n".join(f"{name}\n{each.summary()}" for name, each in found.items()))
