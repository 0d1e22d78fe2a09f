"""Curves of loss against size in a file: a sweep, or anyone's CSV."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from .fit import statistic_option


def curve_options(statistic: str) -> Callable[[Any], Any]:
    """Add the options that say which columns hold the curve, and which statistic of it counts."""
    added = (
        click.option(
            "--statistic",
            callback=statistic_option,
            default=statistic,
            show_default=True,
            metavar="NAME",
            help="Over the seeds: median, mean, geometric_mean or a number, that quantile.",
        ),
        click.option("--size", metavar="COLUMN", help="Column of the sizes, if FILE is CSV."),
        click.option("--loss", metavar="COLUMN", help="Column of the losses, if FILE is CSV."),
        click.option(
            "--level", type=float, default=0.95, show_default=True, help="Of the intervals."
        ),
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
    )

    def decorate(function: Any) -> Any:
        for option in reversed(added):
            function = option(function)
        return function

    return decorate


def curves(file: Path, size: str | None, loss: str | None) -> dict[str, tuple[Any, ...]]:
    """Return what `classify` and `compare` take, by activation; of a CSV file by its name.

    Raises
    ------
    ValueError
        If columns are named for another file, or the file cannot be read.
    """
    if file.suffix.lower() in (".csv", ".tsv"):
        from .csv_columns import read_columns

        return {file.name: read_columns(file, size, loss)}
    if size is not None or loss is not None:
        name = "size" if size is not None else "loss"
        raise ValueError(f"{name} is given, but {file} is no .csv file, which has such columns.")
    from ..sweeps.result_files import read_dataset
    from ..sweeps.selection import per_curve

    parts = per_curve(read_dataset(file))
    return {name: (part,) for name, part in parts.items()}
