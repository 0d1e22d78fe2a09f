"""``ltens plot``."""

from __future__ import annotations

from pathlib import Path

import click

from .errors import usage_errors
from .files import NEW, READABLE, use_agg
from .loss_files import Choice, file_options
from .surface_options import SurfaceChoice, surface_options


@click.command("plot", short_help="Draw loss against size.")
@click.argument("file", type=READABLE)
@click.option(
    "-o", "--output", type=NEW, required=True, help="The picture; its suffix gives the format."
)
@click.option("--fits/--no-fits", default=True, show_default=True, help="Draw the fitted laws.")
@surface_options
@file_options
def command(
    file: Path, *, choice: Choice, surface: SurfaceChoice, output: Path, fits: bool
) -> None:
    """Draw loss against size of FILE: a sweep, or anyone's table; - is the standard input.

    With several --size the pictures of the fitted surface are drawn on one page: loss against each
    size, residuals, and the sizes of lowest loss against compute. Several curves (--by) make a page
    each, with the curve's name before the suffix: fig-c4.png, fig-pile.png.
    """
    from ..sweeps.result_files import check_figure, write_figure

    use_agg()
    from ..plot import scaling

    with usage_errors():
        check_figure(output, "output")
        if surface.wanted(choice):
            for path in surface.draw(file, choice, output):
                click.echo(f"wrote {path}")
            return
        surface.refuse()
        tables, _ = choice.losses(file)
        write_figure(scaling(tables, fits=fits), output)
    click.echo(f"wrote {output}")
