"""What the commands that look at curves have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


def statistic_named(_: click.Context, __: click.Parameter, value: str) -> str | float:
    """Return the name of a statistic, or a number: that quantile."""
    try:
        return float(value)
    except ValueError:
        return value


def statistic_option(default: str) -> Callable[[Any], Any]:
    """Return the option that says which statistic over the seeds counts."""
    return click.option(
        "--statistic",
        callback=statistic_named,
        default=default,
        show_default=True,
        metavar="NAME",
        help="Over the seeds: median, mean, geometric_mean or a number, that quantile."
        + (" auto: the mean, or the median if tails are heavy." if default == "auto" else ""),
    )


level_option = click.option(
    "--level", type=float, default=0.95, show_default=True, help="Of the intervals."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
