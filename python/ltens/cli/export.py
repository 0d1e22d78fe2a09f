"""``ltens export``."""

from __future__ import annotations

from pathlib import Path

import click

from ..whole_files import STANDARD_OUTPUT
from .errors import usage_errors
from .files import EXISTING, NEW


@click.command("export", short_help="Write a sweep as netCDF, CSV or Parquet.")
@click.argument("file", type=EXISTING)
@click.option(
    "-o",
    "--output",
    type=NEW,
    required=True,
    help="Its suffix, .nc, .csv or .parquet, decides; - is CSV on the standard output.",
)
@click.option("--history", is_flag=True, help="One row for each checkpoint (tables only).")
def command(file: Path, output: Path, history: bool) -> None:
    """Write the sweep in FILE, a store or netCDF, as netCDF or as a table of networks."""
    from ..sweeps.result_files import check_output, read_dataset, write_dataset

    with usage_errors():
        check_output(output)
        write_dataset(read_dataset(file), output, history=history)
    if output != STANDARD_OUTPUT:
        click.echo(f"wrote {output}")
