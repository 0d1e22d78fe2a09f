"""``ltens sweep``."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..status import DIVERGED
from ..whole_files import STANDARD_OUTPUT
from . import exit_codes
from .errors import usage_errors
from .files import as_path, check_alone, check_outputs, write_results
from .fit import laws_json
from .lists import ListCommand
from .signals import stoppable
from .sweep_options import sweep_options

if TYPE_CHECKING:
    import xarray as xr

    from ..sweeps.sweeping import Interrupted


@click.command(
    "sweep",
    short_help="Train networks over widths, seeds and more; print their laws.",
    cls=ListCommand,
)
@sweep_options
def command(
    config: Path | None,
    *,
    as_json: bool,
    no_progress: bool,
    dry_run: bool,
    calibrate: bool,
    **flags: Any,
) -> None:
    """Train networks of every width and activation; print median losses and exponents.

    With --store, every finished block is on the disk at once: after a crash, Ctrl-C or SIGTERM the
    same command goes on, and other widths, seeds, activations and values extend the sweep.
    """
    from ..sweeps.config_file import FILE_KEYS, OVER, parse_over, read_config, sweep_arguments

    with usage_errors():
        options = read_config(config) if config is not None else {}
        axes = parse_over(flags.pop(OVER))
        options.update({name: value for name, value in flags.items() if value is not None})
        options[OVER] = {**options.get(OVER, {}), **axes}
        output, picture = (as_path(options.get(name), name) for name in FILE_KEYS)
        check_outputs(output, picture)
        check_alone(output, as_json)
        arguments = sweep_arguments(options)
    if dry_run or calibrate:
        _print_plan(arguments, calibrate, as_json)
        return
    from ..sweeps.sweeping import Interrupted
    from ..sweeps.sweeping import sweep as run

    with stoppable() as stopping:
        try:
            with usage_errors():
                ds = run(**arguments, progress=not no_progress)
        except Interrupted as error:
            stopping.answered = True
            _leave(error, arguments.get("store"), output, as_json)
            sys.exit(stopping.exit_code)
        files = write_results(ds, output, picture)
        _print_sweep(ds, files, as_json, to_stderr=output == STANDARD_OUTPUT)
    if (diverged := int((ds["status"].values == DIVERGED).sum())) > 0:
        click.echo(f"{diverged} network(s) diverged and were left out", err=True)
        sys.exit(exit_codes.DIVERGED)


def _leave(interrupted: Interrupted, store: object, output: Path | None, as_json: bool) -> None:
    """Keep what is finished; the last line says how to go on."""
    finished = f"{interrupted.finished} of {interrupted.blocks} blocks are finished"
    same = shlex.join(["ltens", *sys.argv[1:]])
    if store is not None and output is None:
        click.echo(f"interrupted: {finished}, in {store}; resume with: {same}", err=True)
        return
    click.echo(f"interrupted: {finished}", err=True)
    files = write_results(interrupted.dataset, output, None)
    _print_sweep(interrupted.dataset, files, as_json, to_stderr=output == STANDARD_OUTPUT)
    if store is not None:
        click.echo(f"what was finished is above and in {store}; resume with: {same}", err=True)
    else:
        kept = f", in {output}" if output else ""
        advice = "to be able to resume, add --store FILE"
        click.echo(f"interrupted: what was finished is above{kept}; {advice}", err=True)


def _print_plan(arguments: dict[str, Any], calibrate: bool, as_json: bool) -> None:
    """Print what the sweep will take."""
    from ..sweeps.planning import plan

    with usage_errors():
        planned = plan(**arguments, calibrate=calibrate)
    click.echo(json.dumps(planned.to_dict(), indent=2) if as_json else planned)


def _print_sweep(
    ds: xr.Dataset, files: list[str], as_json: bool, *, to_stderr: bool = False
) -> None:
    """Print medians, exponents and files; on stdout, unless the results themselves stand there."""
    from ..sweeps import report
    from ..sweeps.selection import natural_size

    size = natural_size(ds)
    if as_json:
        result = {
            "medians": report.medians(ds, size),
            **({"error_medians": report.medians(ds, size, "error")} if "error" in ds else {}),
            "laws": laws_json(report.laws(ds, size=size)),
            "networks": report.counts(ds),
            "configuration": json.loads(ds.attrs["configuration"]),
            "files": files,
        }
        click.echo(json.dumps(result, indent=2))
        return
    parts = []
    for loss in ("loss", "error") if "error" in ds else ("loss",):
        parts += [report.median_table(ds, size, loss), ""]
    if report.too_many_curves(ds, size):
        parts.append("too many combinations to print a law of each: fit those of interest, such as")
        parts.append("ltens.fit(ds.sel(...)), or add --json")
    else:
        parts.append(report.exponent_table(report.laws(ds, size=size)))
    click.echo("\n".join([*parts, *(f"wrote {name}" for name in files)]), err=to_stderr)
