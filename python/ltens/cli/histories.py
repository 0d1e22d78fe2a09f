"""``ltens histories``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .curve_options import json_option, level_option
from .errors import usage_errors
from .files import NEW, READABLE, use_agg
from .loss_files import is_sweep, shown_name

if TYPE_CHECKING:
    from ..fitting import Collapse, HistoryLaw


@click.command("histories", short_help="Fit loss against size and training steps together.")
@click.argument("file", type=READABLE)
@click.option(
    "--size",
    "sizes",
    multiple=True,
    metavar="COLUMN",
    help="What a training has one value of; of a sweep an axis  [width].",
)
@click.option("--loss", default="loss", show_default=True, metavar="COLUMN", help="Of a table.")
@click.option("--time", default="step", show_default=True, metavar="COLUMN", help="The steps.")
@click.option("--runs", default="run", show_default=True, metavar="COLUMN", help="The trainings.")
@click.option("--activation", metavar="NAME", help="Of a sweep: the one to take.")
@click.option("--where", multiple=True, metavar="CONDITION", help='Rows: "step > 100".')
@click.option("--missing", metavar="error|drop", default="error", help="Rows without a number.")
@click.option(
    "--discard",
    default="stable",
    show_default=True,
    metavar="SHARE",
    help="Of each training's log steps, from the beginning; stable: till no exponent moves.",
)
@click.option("--warmup", type=float, help="Leave out checkpoints up to this step.")
@click.option("--limit", type=float, help="The known E.")
@click.option("--huber", type=float, help="Count |log residuals| beyond this linearly.")
@click.option("--collapse", is_flag=True, help="Say how alike the normalised curves are.")
@click.option("--plot", type=NEW, help="Draw the histories and the law; one curve only.")
@level_option
@json_option
def command(
    file: Path,
    *,
    level: float,
    collapse: bool,
    plot: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Print the law of loss against sizes and steps of FILE: a sweep with checkpoints, or a table.

    In a table each row is one checkpoint; - is the standard input.
    """
    with usage_errors():
        if plot is not None:
            _check_plot(plot)
        laws = _laws(file, **options)
        found = {name: law.collapse(level=level) for name, law in laws.items() if collapse}
        text = _json(laws, found, level) if as_json else _text(laws, found, level)
        if plot is not None:
            _draw(laws, plot)
    click.echo(text)


def _laws(file: Path, *, discard: str, activation: str | None, **options: Any) -> dict[str, Any]:
    """Return the law of each curve."""
    from ..fitting import fit_histories
    from ..reading import read_table

    sizes, time = tuple(options.pop("sizes")), options["time"]
    loss, runs, where = (options.pop(name) for name in ("loss", "runs", "where"))
    missing = options.pop("missing")
    options |= {"discard": _share(discard), "bootstrap": 0}
    if is_sweep(file):
        parts = _curves(file, activation, sizes)
        return {name: fit_histories(ds, sizes=sizes or None, **options) for name, ds in parts}
    if not sizes:
        raise ValueError(f"size is missing, but {shown_name(file)} is a table: --size params.")
    table = read_table(
        file, sizes[0], loss, columns=[*sizes[1:], time], by=runs, where=where, missing=missing
    )
    return {shown_name(file): fit_histories(table, **options)}


def _curves(file: Path, activation: str | None, sizes: tuple[str, ...]) -> list[tuple[str, Any]]:
    from ..sweeps.result_files import read_dataset
    from ..sweeps.selection import per_curve
    from ..validation import one_of

    ds = read_dataset(file)
    if len(sizes) < 2:
        parts = per_curve(ds, *sizes)
    else:
        parts = {str(each): ds.sel(activation=each) for each in ds["activation"].values.ravel()}
    if activation is not None:
        name = one_of(activation, tuple(parts), "activation")
        return [(name, parts[name])]
    return list(parts.items())


def _share(discard: str) -> float | str:
    try:
        return float(discard)
    except ValueError:
        return discard


def _text(laws: dict[str, HistoryLaw], found: dict[str, Collapse], level: float) -> str:
    parts = []
    for name, law in laws.items():
        lines = [name, law.summary(level)]
        if name in found:
            lines += ["", f"  {found[name]}"]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _json(laws: dict[str, HistoryLaw], found: dict[str, Collapse], level: float) -> str:
    records = {name: law.to_dict(level) for name, law in laws.items()}
    for name, each in found.items():
        records[name]["collapse"] = each.to_dict()
    return json.dumps(records, indent=2)


def _check_plot(path: Path) -> None:
    from ..sweeps.result_files import check_figure

    use_agg()
    check_figure(path)


def _draw(laws: dict[str, HistoryLaw], path: Path) -> None:
    from ..plot import histories
    from ..sweeps.result_files import write_figure

    if len(laws) > 1:
        raise ValueError(f"plot is one picture, but there are the curves {', '.join(laws)}.")
    write_figure(histories(next(iter(laws.values()))), path)
