"""``ltens design``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .curve_options import json_option, level_option, statistic_option
from .errors import usage_errors
from .files import READABLE
from .loss_files import Choice, file_options, shown_name

if TYPE_CHECKING:
    from ..fitting import Law, SurfaceLaw

_LAW = b'"ltens law"'
_HEAD = 64  # bytes in which a saved law says what it is


@click.command("design", short_help="Say which sizes and how many seeds to train next.")
@click.argument("file", type=READABLE)
@click.option("--budget", type=float, help="What may be spent, in the unit of --cost.")
@click.option("--length", type=float, help="Instead: how long the interval may be.")
@click.option(
    "--target",
    default="exponent",
    show_default=True,
    metavar="exponent|end|SIZE",
    help="Of the law, at the large end, or the loss at a size; of a surface a coefficient.",
)
@click.option("--from", "smallest_new", type=float, help="Smallest size to train.")
@click.option("--to", "largest_new", type=float, help="Largest size to train.")
@click.option("--cost", metavar="size|seconds|POWER", help="Of a run: size to this power  [1].")
@click.option("--most", type=int, help="Runs at one size.")
@click.option("--scratch", is_flag=True, help="The runs in FILE only show the noise.")
@click.option("--model", default="auto", show_default=True, metavar="NAME", help="The law.")
@statistic_option("median")
@level_option
@json_option
@file_options
def command(
    file: Path, *, choice: Choice, level: float, model: str, as_json: bool, **options: Any
) -> None:
    """Say which sizes to train next, and how many seeds, for a shorter interval.

    FILE is a sweep, anyone's table, or a law that was saved.
    """
    with usage_errors():
        from ..sweeps.designing import design

        statistic = options.pop("statistic")
        law = _saved(file) or _fitted(file, choice, model=model, statistic=statistic)
        found = design(law, level=level, **_arguments(law, **options))
    click.echo(json.dumps(found.to_dict(), indent=2) if as_json else str(found))


def _saved(file: Path) -> Law | SurfaceLaw | None:
    """Return the law in a file of `Law.save`; None for any other file."""
    from ..fitting import Law, SurfaceLaw, load_law

    if str(file) == "-":
        return None
    with file.open("rb") as opened:
        if _LAW not in opened.read(_HEAD):
            return None
    law = load_law(file)
    if not isinstance(law, Law | SurfaceLaw):
        raise ValueError(f"{file} holds a {type(law).__name__}, but a design needs one law.")
    return law


def _fitted(file: Path, choice: Choice, **options: Any) -> Law:
    """Return the law of the only curve of a file."""
    from ..fitting import fit

    tables, _ = choice.losses(file)
    if len(tables) > 1:
        raise ValueError(
            f"{shown_name(file)} has the curves {', '.join(tables)}, but a design is made for one: "
            "choose it with --activation or --where."
        )
    (table,) = tables.values()
    return fit(table, **options)


def _arguments(
    law: Law | SurfaceLaw,
    *,
    target: str,
    smallest_new: float | None,
    largest_new: float | None,
    cost: str | None,
    scratch: bool,
    **rest: Any,
) -> dict[str, Any]:
    """Return the arguments of `ltens.design`."""
    from ..fitting import Law
    from ..validation import positive

    found: dict[str, Any] = {**rest, "extend": not scratch, "target": _number_or_word(target)}
    if smallest_new is not None or largest_new is not None:
        if not isinstance(law, Law):
            raise ValueError("from and to are given, but the law is of several sizes.")
        ends = law.sizes[[0, -1]].tolist()
        low = ends[0] if smallest_new is None else positive(smallest_new, "from")
        high = ends[1] if largest_new is None else positive(largest_new, "to")
        if low >= high:
            raise ValueError(f"from is {low:g}, but must be below to, {high:g}.")
        found["sizes"] = (low, high)
    if cost in ("size", "seconds", None):
        return {**found, "cost": cost}
    power = _number_or_word(cost)
    if isinstance(power, str):
        raise ValueError(f"cost is {cost!r}, but must be size, seconds or a power of the size.")
    return {**found, "cost": lambda sizes: sizes**power}


def _number_or_word(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
