"""``ltens fit``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .errors import usage_errors
from .files import EXISTING

if TYPE_CHECKING:
    from ..fitting import Law


@click.command("fit")
@click.argument("file", type=EXISTING)
@click.option("--statistic", default="median", show_default=True, help="median or mean.")
@click.option("--bootstrap", type=int, default=1000, show_default=True, help="Resamples.")
@click.option("--level", type=float, default=0.95, show_default=True, help="Of the interval.")
@click.option("--rng", type=int, default=0, show_default=True, help="Draws the resamples.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    file: Path, *, statistic: str, bootstrap: int, level: float, rng: int, as_json: bool
) -> None:
    """Print the exponents of the sweep in FILE."""
    from .. import report
    from ..output_files import read_dataset

    with usage_errors():
        laws = report.laws(read_dataset(file), statistic=statistic, bootstrap=bootstrap, rng=rng)
        if as_json:
            text = json.dumps(laws_json(laws, level), indent=2)
        else:
            text = report.exponent_table(laws, level)
    click.echo(text)


def laws_json(laws: dict[str, Law | None], level: float = 0.95) -> dict[str, Any]:
    """Return the laws in plain values."""
    return {name: law.to_dict(level) if law is not None else None for name, law in laws.items()}
