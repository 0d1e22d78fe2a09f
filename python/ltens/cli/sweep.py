"""``ltens sweep``."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from . import exit_codes
from .errors import usage_errors
from .files import as_path, check_outputs, write_results
from .fit import laws_json
from .lists import ListCommand
from .sweep_options import sweep_options

if TYPE_CHECKING:
    import xarray as xr


@click.command("sweep", cls=ListCommand)
@sweep_options
def command(config: Path | None, as_json: bool, no_progress: bool, **flags: Any) -> None:
    """Train networks of every width and activation; print median losses and exponents."""
    from ..config_file import FILE_KEYS, read_config, sweep_arguments

    with usage_errors():
        options = read_config(config) if config is not None else {}
        options.update({name: value for name, value in flags.items() if value is not None})
        output, picture = (as_path(options.get(name), name) for name in FILE_KEYS)
        check_outputs(output, picture)
        arguments = sweep_arguments(options)
    ds, code = _run_sweep(arguments, progress=not no_progress)
    files = write_results(ds, output, picture if code == exit_codes.DONE else None)
    _print_sweep(ds, files, as_json)
    if code:
        written = f", in {output}" if output else "; give -o FILE to keep it"
        click.echo(f"interrupted: what was finished is above{written}", err=True)
    elif (diverged := int((ds["status"].values == 1).sum())) > 0:
        click.echo(f"{diverged} network(s) diverged and were left out", err=True)
        code = exit_codes.DIVERGED
    sys.exit(code)


def _run_sweep(arguments: dict[str, Any], *, progress: bool) -> tuple[xr.Dataset, int]:
    """Return the Dataset and the exit code: 0, or why it was interrupted."""
    from ..sweeps import Interrupted
    from ..sweeps import sweep as run

    with usage_errors(), _terminable() as terminated:
        try:
            return run(**arguments, progress=progress), exit_codes.DONE
        except Interrupted as error:
            code = exit_codes.TERMINATED if terminated else exit_codes.INTERRUPTED
            return error.dataset, code


@contextmanager
def _terminable() -> Iterator[list[int]]:
    """Let SIGTERM end a sweep as Ctrl-C does; the list holds the signal once it came."""
    received: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        received.append(number)
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGTERM, stop)
    try:
        yield received
    finally:
        signal.signal(signal.SIGTERM, previous)


def _print_sweep(ds: xr.Dataset, files: list[str], as_json: bool) -> None:
    """Print medians, exponents and files on stdout."""
    from .. import report

    laws = report.laws(ds)
    if as_json:
        result = {
            "medians": report.medians(ds),
            "laws": laws_json(laws),
            "networks": report.counts(ds),
            "configuration": json.loads(ds.attrs["configuration"]),
            "files": files,
        }
        click.echo(json.dumps(result, indent=2))
        return
    click.echo(report.median_table(ds))
    click.echo()
    click.echo(report.exponent_table(laws))
    for name in files:
        click.echo(f"wrote {name}")
