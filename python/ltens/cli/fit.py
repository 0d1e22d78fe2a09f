"""``ltens fit``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .curve_options import json_option, level_option, statistic_option
from .errors import usage_errors
from .files import NEW, READABLE
from .loss_files import Choice, file_options
from .surface_options import SurfaceChoice, refuse_options, surface_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..fitting import Law, SurfaceLaw


@click.command("fit", short_help="Print the scaling laws of a sweep or a table.")
@click.argument("file", type=READABLE)
@click.option("--model", default="auto", show_default=True, metavar="NAME", help="The law.")
@statistic_option("median")
@click.option("--exponent", type=float, help="Of --model fixed_exponent.")
@click.option(
    "--limit", type=float, help="Of --model known_limit and of surfaces: the loss at infinite size."
)
@click.option(
    "--huber",
    type=float,
    help="Count |log residuals| beyond this linearly  [of surfaces: 0.001; inf for squares].",
)
@click.option("--bootstrap", type=int, default=1000, show_default=True, help="Resamples.")
@level_option
@click.option("--rng", type=int, default=0, show_default=True, help="Draws the resamples.")
@click.option("-o", "--output", type=NEW, help="Write the law to this JSON file.")
@json_option
@surface_options
@file_options
@click.pass_context
def command(
    context: click.Context,
    /,
    file: Path,
    *,
    choice: Choice,
    surface: SurfaceChoice,
    level: float,
    as_json: bool,
    output: Path | None,
    **options: Any,
) -> None:
    """Print the scaling laws of FILE: a sweep, or anyone's table; - is the standard input.

    In a table each row is one run; rows of the same size are its seeds. With several --size the law
    is a surface: loss = E + A / x^alpha + B / y^beta + ...
    """
    with usage_errors():
        if surface.wanted(choice):
            refuse_options(context, ("model", "exponent", "statistic"))
            surfaces = surface.laws(file, choice, **options)
            if output is not None:
                save_only(surfaces, output)
            click.echo(surface.json(surfaces, level) if as_json else surface.text(surfaces, level))
            return
        surface.refuse()
        found = laws(file, choice, **options)
        if output is not None:
            save_only(found, output)
        if as_json:
            text = json.dumps(laws_json(found, level), indent=2)
        else:
            from ..sweeps import report

            text = report.law_table(found, level)
    click.echo(text)


def laws(file: Path, choice: Choice, **options: Any) -> dict[str, Law | None]:
    """Return the law of each curve, None where one of several has too few sizes."""
    from ..fitting import fit
    from ..fitting.observations import FEWEST_SIZES
    from .loss_files import is_sweep

    tables, _ = choice.losses(file)
    alone = len(tables) == 1 and not is_sweep(file)
    return {
        name: fit(table, diverged=choice.counted_as, **options)
        if alone or table.finite_sizes() >= FEWEST_SIZES
        else None
        for name, table in tables.items()
    }


def save_only(laws: Mapping[str, Law | SurfaceLaw | None], output: Path) -> None:
    """Write the law of the only curve."""
    if len(laws) > 1:
        raise ValueError(
            f"output is {output}, which holds one law, but there are {len(laws)} curves: "
            f"{', '.join(laws)}; choose one with --activation or --where."
        )
    (law,) = laws.values()
    if law is not None:
        law.save(output)


def laws_json(laws: dict[str, Law | None], level: float = 0.95) -> dict[str, Any]:
    """Return the laws in plain values."""
    return {name: law.to_dict(level) if law is not None else None for name, law in laws.items()}
