"""``ltens compare``."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..tables import csv
from .curve_file import curve_options, curves
from .errors import usage_errors
from .files import EXISTING

if TYPE_CHECKING:
    from ..regimes import Comparison


@click.command("compare")
@click.argument("file", type=EXISTING)
@click.option("--dimension", type=float, help="d of the data [of a sweep: its task's].")
@click.option("--limit", type=float, help="The known loss at infinite width.")
@click.option("--smallest", type=float, help="Width to begin with.")
@click.option("--largest", type=float, help="Width to end with.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@curve_options("median")
def command(
    file: Path,
    *,
    size: str | None,
    loss: str | None,
    as_json: bool,
    as_csv: bool,
    **options: Any,
) -> None:
    """Set the theories of loss against width beside the exponents of FILE, a sweep or CSV.

    4/d and 2/d of approximation, 1 of ensembling and of variance-limited width: what each
    predicts, what is measured, and whether that lies within the tolerance of the prediction.
    """
    with usage_errors():
        from ..regimes.theories.comparing import comparisons

        if as_csv and as_json:
            raise ValueError("csv and json are both given, but only one can be printed.")
        found: dict[str, Comparison] = {}
        for name, data in curves(file, size, loss).items():
            (each,) = comparisons(*data, **options).values()
            found[name] = replace(each, loss=loss or each.loss)
    if as_json:
        click.echo(json.dumps({name: each.to_dict() for name, each in found.items()}, indent=2))
    elif as_csv:
        click.echo(csv(_records(found)), nl=False)
    else:
        click.echo("\n\n".join(f"{name}\n{each.summary()}" for name, each in found.items()))


def _records(found: dict[str, Comparison]) -> list[dict[str, Any]]:
    """Return the rows of all curves, each with the name of its own."""
    return [{"curve": name, **asdict(row)} for name, each in found.items() for row in each.rows]
