"""``ltens compare``."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..tables import csv
from .curve_options import json_option, level_option, statistic_option
from .errors import usage_errors
from .files import READABLE
from .loss_files import Choice, file_options, shown_name

if TYPE_CHECKING:
    from ..regimes import Comparison


@click.command("compare", short_help="Set the theories of loss against width beside the data.")
@click.argument("file", type=READABLE)
@click.option("--dimension", type=float, help="d of the data [of a sweep: its task's].")
@click.option("--limit", type=float, help="The known loss at infinite width.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@statistic_option("median")
@level_option
@json_option
@file_options
def command(
    file: Path,
    *,
    choice: Choice,
    dimension: float | None,
    as_json: bool,
    as_csv: bool,
    **options: Any,
) -> None:
    """Set the theories of loss against width beside the exponents of FILE, a sweep or a table.

    4/d and 2/d of approximation, 1 of ensembling and of variance-limited width: what each
    predicts, what is measured, and whether that lies within the tolerance of the prediction.
    """
    with usage_errors():
        from ..regimes.theories.comparing import comparisons

        if as_csv and as_json:
            raise ValueError("csv and json are both given, but only one can be printed.")
        found: dict[str, Comparison] = {}
        tables, attributes = choice.losses(file, whole=True)
        d = attributes.get("dimension") if dimension is None else dimension
        if d is None:
            raise ValueError(
                f"dimension is missing, but must be given, since {shown_name(file)} does not say "
                "it: --dimension D, the number of directions in which the data extend."
            )
        options |= {"smallest": choice.smallest, "largest": choice.largest}
        for name, table in tables.items():
            (each,) = comparisons(table, dimension=d, **options).values()
            found[name] = replace(each, loss=table.loss)
    if as_json:
        click.echo(json.dumps({name: each.to_dict() for name, each in found.items()}, indent=2))
    elif as_csv:
        click.echo(csv(_records(found)), nl=False)
    else:
        click.echo("\n\n".join(f"{name}\n{each.summary()}" for name, each in found.items()))


def _records(found: dict[str, Comparison]) -> list[dict[str, Any]]:
    """Return the rows of all curves, each with the name of its own."""
    return [{"curve": name, **asdict(row)} for name, each in found.items() for row in each.rows]
