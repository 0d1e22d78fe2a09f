"""``ltens plot``."""

from __future__ import annotations

from pathlib import Path

import click

from .errors import usage_errors
from .files import EXISTING, NEW, use_agg


@click.command("plot")
@click.argument("file", type=EXISTING)
@click.option(
    "-o", "--output", type=NEW, required=True, help="The picture; its suffix gives the format."
)
@click.option("--fits/--no-fits", default=True, show_default=True, help="Draw the fitted laws.")
def command(file: Path, output: Path, fits: bool) -> None:
    """Draw the sweep in FILE."""
    from ..sweeps.result_files import check_figure, read_dataset, write_figure

    use_agg()
    from ..plot import scaling

    with usage_errors():
        check_figure(output, "output")
        write_figure(scaling(read_dataset(file), fits=fits), output)
    click.echo(f"wrote {output}")
