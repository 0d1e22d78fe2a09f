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


def statistic_option(_: click.Context, __: click.Parameter, value: str) -> str | float:
    """Return the name of a statistic, or a number: that quantile."""
    try:
        return float(value)
    except ValueError:
        return value


@click.command("fit")
@click.argument("file", type=EXISTING)
@click.option("--model", default="auto", show_default=True, metavar="NAME", help="The law.")
@click.option(
    "--statistic",
    callback=statistic_option,
    default="median",
    show_default=True,
    metavar="NAME",
    help="Over the seeds: median, mean, geometric_mean or a number, that quantile.",
)
@click.option("--exponent", type=float, help="Of --model fixed_exponent.")
@click.option("--limit", type=float, help="Of --model known_limit: the loss at infinite size.")
@click.option("--huber", type=float, help="Count |log residuals| beyond this linearly.")
@click.option(
    "--diverged", default="exclude", show_default=True, help="Networks: exclude or infinite."
)
@click.option("--size", metavar="COLUMN", help="Column of the sizes, if FILE is CSV.")
@click.option("--loss", metavar="COLUMN", help="Column of the losses, if FILE is CSV.")
@click.option("--bootstrap", type=int, default=1000, show_default=True, help="Resamples.")
@click.option("--level", type=float, default=0.95, show_default=True, help="Of the interval.")
@click.option("--rng", type=int, default=0, show_default=True, help="Draws the resamples.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    file: Path, *, size: str | None, loss: str | None, level: float, as_json: bool, **options: Any
) -> None:
    """Print the scaling laws of FILE: a sweep, or anyone's CSV with --size and --loss.

    In a CSV file each line is one run; lines of the same size are its seeds.
    """
    with usage_errors():
        laws = _laws(file, size, loss, options)
        if as_json:
            text = json.dumps(laws_json(laws, level), indent=2)
        else:
            from ..sweeps import report

            text = report.law_table(laws, level)
    click.echo(text)


def _laws(
    file: Path, size: str | None, loss: str | None, options: dict[str, Any]
) -> dict[str, Law | None]:
    """Return the laws by activation; of a CSV file the one law, by the file's name."""
    if file.suffix.lower() in (".csv", ".tsv"):
        from ..fitting import fit
        from .csv_columns import read_columns

        sizes, losses = read_columns(file, size, loss)
        return {file.name: fit(sizes, losses, **options)}
    if size is not None or loss is not None:
        name = "size" if size is not None else "loss"
        raise ValueError(f"{name} is given, but {file} is no .csv file, which has such columns.")
    from ..sweeps import report
    from ..sweeps.result_files import read_dataset

    return report.laws(read_dataset(file), **options)


def laws_json(laws: dict[str, Law | None], level: float = 0.95) -> dict[str, Any]:
    """Return the laws in plain values."""
    return {name: law.to_dict(level) if law is not None else None for name, law in laws.items()}
