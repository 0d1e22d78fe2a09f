"""``ltens reproduce``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..tables import listing
from .errors import usage_errors
from .files import NEW, use_agg

if TYPE_CHECKING:
    from ..reproduce.registry import Product


@click.command("reproduce", short_help="Compute a figure or table of a paper anew.")
@click.argument("name", required=False)
@click.option(
    "-o",
    "--output",
    type=NEW,
    help="The picture [NAME.png], or the table.",
)
@click.option("--quick", is_flag=True, help="Smaller sizes, fewer draws: seconds, no verdict.")
@click.option("--threads", type=int, help="Threads to use [all].")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="Keep trained networks and tables (CSV) here; the same call resumes. For tickets-*.",
)
@click.option(
    "--dpi", type=click.IntRange(20, 600), default=200, show_default=True, help="Of the picture."
)
@click.option("--list", "listed", is_flag=True, help="List the names.")
def command(
    name: str | None, output: Path | None, *, dpi: int, listed: bool, **options: Any
) -> None:
    """Compute the figure or table NAME of a paper anew."""
    use_agg()
    from ..reproduce import draw, item, names
    from ..sweeps.result_files import check_figure
    from ..whole_files import check_writable

    if listed or name is None:
        click.echo(listing((known, item(known).title) for known in names()))
        return
    with usage_errors():
        table = item(name).is_table
        if output is not None or not table:
            output = output or Path(f"{name}.png")
            (check_writable if table else check_figure)(output, "output")
        product = draw(name, **options)
    _write(product, output, dpi)


def _write(product: Product, output: Path | None, dpi: int) -> None:
    """Write a picture to its file, a table to its file or stdout."""
    if output is None:
        click.echo(product, nl=False)
        return
    if isinstance(product, str):
        output.write_text(product, encoding="utf-8")
    else:
        product.savefig(output, dpi=dpi)
    click.echo(f"wrote {output}")
