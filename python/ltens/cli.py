"""The command line: ``ltens sweep``, ``fit``, ``plot``, ``info`` and ``bench``.

Results go to stdout, progress and messages to stderr. Exit codes: 0 done, 1 some networks diverged,
2 usage or configuration, 130 and 143 interrupted (Ctrl-C, SIGTERM).
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    import xarray as xr

    from .fitting import Law

_Command = TypeVar("_Command", bound=Callable[..., Any])
_EXIT_DIVERGED, _EXIT_INTERRUPTED, _EXIT_TERMINATED = 1, 130, 143
_LIST_OPTIONS = ("--widths", "--seeds", "--activations", "--checkpoints", "--domain")


class ListCommand(click.Command):
    """A command whose list options also take their values as separate words: --widths 1 2 5."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Join the words after a list option, then parse as usual."""
        return super().parse_args(ctx, join_lists(args))


def join_lists(args: list[str]) -> list[str]:
    """Return the arguments with the values of each list option joined into one word.

    Examples
    --------
    >>> join_lists(["--domain", "-1", "1", "--steps", "10"])
    ['--domain=-1 1', '--steps', '10']
    """
    joined: list[str] = []
    rest = list(args)
    while rest:
        word = rest.pop(0)
        if word not in _LIST_OPTIONS:
            joined.append(word)
            continue
        values: list[str] = []
        while rest and re.match(r"-?[\w.]", rest[0]) and not re.match(r"-[A-Za-z]", rest[0]):
            values.append(rest.pop(0))
        joined.append(f"{word}={' '.join(values)}" if values else word)
    return joined


@contextmanager
def usage_errors() -> Iterator[None]:
    """Turn errors in what the user gave into a message and exit code 2."""
    try:
        yield
    except (TypeError, ValueError, MemoryError, NotImplementedError, ModuleNotFoundError) as error:
        raise click.UsageError(str(error)) from error


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="ltens")
def main() -> None:
    """Measure neural scaling laws on networks that are really trained."""


def _sweep_options(command: _Command) -> _Command:
    """Add one option for every argument of a sweep, its task and its training."""
    path = click.Path(dir_okay=False, path_type=Path)
    existing = click.Path(exists=True, dir_okay=False, path_type=Path)
    options = [
        click.option("--widths", metavar="N...", help="Numbers of neurons [1 2 3 5 10 20 50 100]."),
        click.option("--seeds", metavar="S...", help="Networks per width, or their labels [100]."),
        click.option("--activations", metavar="NAME...", help="Activations [relu silu]."),
        click.option("--function", metavar="NAME", help="Target function [square]."),
        click.option("--domain", metavar="LOW HIGH", help="Interval of each coordinate [-2 2]."),
        click.option("--samples", type=int, help="Number of samples D [1000]."),
        click.option("--sampling", metavar="NAME", help="grid or random [grid]."),
        click.option("--dimension", type=int, help="Dimension d of the input [1]."),
        click.option("--steps", type=int, help="Updates of each network [50000]."),
        click.option("--lr", type=float, help="Learning rate [0.01]."),
        click.option("--lr-decay", type=float, help="Factor of the step decay [0.2]."),
        click.option("--lr-decay-every", type=int, help="Updates between decays [10000]."),
        click.option("--beta1", type=float, help="Adam's first decay [0.9]."),
        click.option("--beta2", type=float, help="Adam's second decay [0.999]."),
        click.option("--epsilon", type=float, help="Adam's epsilon [1e-8]."),
        click.option("--init", metavar="NAME", help="Initialisation scheme [torch]."),
        click.option("--init-scale", type=float, help="Factor of its spread [1]."),
        click.option("--dtype", metavar="NAME", help="float32 or float64 [float32]."),
        click.option("--engine", metavar="NAME", help="How gradients are computed [auto]."),
        click.option("--threads", type=int, help="Threads [what the machine leaves us]."),
        click.option("--checkpoints", metavar="K...", help="Record the loss at K steps, or these."),
        click.option(
            "--keep-networks/--drop-networks", default=None, help="Store the parameters too [drop]."
        ),
        click.option("--rng", metavar="INTEGER", help="Root entropy [0]."),
        click.option("--config", type=existing, help="TOML file with any of these; flags win."),
        click.option("-o", "--output", type=path, help="Write the Dataset here (netCDF)."),
        click.option("--plot", type=path, help="Draw the picture here."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables."),
        click.option("--no-progress", is_flag=True, help="No progress bar."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@main.command(cls=ListCommand)
@_sweep_options
def sweep(config: Path | None, as_json: bool, no_progress: bool, **flags: Any) -> None:
    """Train networks of every width and activation; print median losses and exponents."""
    from .config_file import FILE_KEYS, read_config, sweep_arguments

    with usage_errors():
        options = read_config(config) if config is not None else {}
        options.update({name: value for name, value in flags.items() if value is not None})
        output, picture = (_path(options.get(name), name) for name in FILE_KEYS)
        _check_outputs(output, picture)
        arguments = sweep_arguments(options)
    ds, code = _run_sweep(arguments, progress=not no_progress)
    files = _write(ds, output, picture if code == 0 else None)
    _print_sweep(ds, files, as_json)
    if code:
        written = f", in {output}" if output else "; give -o FILE to keep it"
        click.echo(f"interrupted: what was finished is above{written}", err=True)
    elif (diverged := int((ds["status"].values == 1).sum())) > 0:
        click.echo(f"{diverged} network(s) diverged and were left out", err=True)
        code = _EXIT_DIVERGED
    sys.exit(code)


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@main.command()
@click.argument("file", type=_FILE)
@click.option("--statistic", default="median", show_default=True, help="median or mean.")
@click.option("--bootstrap", type=int, default=1000, show_default=True, help="Resamples.")
@click.option("--level", type=float, default=0.95, show_default=True, help="Of the interval.")
@click.option("--rng", type=int, default=0, show_default=True, help="Draws the resamples.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def fit(
    file: Path, *, statistic: str, bootstrap: int, level: float, rng: int, as_json: bool
) -> None:
    """Print the exponents of the sweep in FILE."""
    from . import report
    from .output_files import read_dataset

    with usage_errors():
        laws = report.laws(read_dataset(file), statistic=statistic, bootstrap=bootstrap, rng=rng)
        if as_json:
            text = json.dumps(_laws_json(laws, level), indent=2)
        else:
            text = report.exponent_table(laws, level)
    click.echo(text)


@main.command()
@click.argument("file", type=_FILE)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The picture; its suffix gives the format.",
)
@click.option("--fits/--no-fits", default=True, show_default=True, help="Draw the fitted laws.")
def plot(file: Path, output: Path, fits: bool) -> None:
    """Draw the sweep in FILE."""
    from .output_files import check_figure, read_dataset, write_figure

    _use_agg()
    from .plot import scaling

    with usage_errors():
        check_figure(output, "output")
        write_figure(scaling(read_dataset(file), fits=fits), output)
    click.echo(f"wrote {output}")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def info(as_json: bool) -> None:
    """Print version, compiler, instruction sets and threads."""
    with usage_errors():
        from .build import build_info

        build = build_info()
    if as_json:
        click.echo(json.dumps(build, indent=2))
        return
    size = max(map(len, build))
    for name, value in build.items():
        shown = " ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
        click.echo(f"{name:<{size}}  {shown}")


@main.command(context_settings={"ignore_unknown_options": True})
@click.option(
    "--bench-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("bench"),
    show_default=True,
    help="The folder bench/ of a source tree.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(bench_dir: Path, arguments: tuple[str, ...]) -> None:
    """Compare speed with other libraries; ARGUMENTS go to bench/peers."""
    script = bench_dir / "peers" / "__main__.py"
    if not script.is_file():
        raise click.UsageError(
            f"bench-dir is {bench_dir}, but {script} does not exist: run this in a source tree of "
            "ltens or give --bench-dir."
        )
    command = [sys.executable, "-m", f"{bench_dir.resolve().name}.peers", *arguments]
    parent = str(bench_dir.resolve().parent)
    paths = [parent, os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    sys.exit(subprocess.run(command, env=environment, check=False).returncode)


def _run_sweep(arguments: dict[str, Any], *, progress: bool) -> tuple[xr.Dataset, int]:
    """Return the Dataset and the exit code: 0, or why it was interrupted."""
    from .sweeps import Interrupted
    from .sweeps import sweep as run

    with usage_errors(), _terminable() as terminated:
        try:
            return run(**arguments, progress=progress), 0
        except Interrupted as error:
            return error.dataset, _EXIT_TERMINATED if terminated else _EXIT_INTERRUPTED


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


def _path(value: object, name: str) -> Path | None:
    if value is None or isinstance(value, Path):
        return value
    if not isinstance(value, str):
        raise TypeError(f"{name} is {value!r}, but must be a file name.")
    return Path(value)


def _check_outputs(output: Path | None, picture: Path | None) -> None:
    """Raise before any work if a result could not be written after it."""
    from .output_files import check_figure, check_netcdf_available, check_writable

    if output is not None:
        check_netcdf_available()
        check_writable(output, "output")
    if picture is not None:
        _use_agg()
        check_figure(picture)


def _use_agg() -> None:
    """Draw into files only, also where there is no display."""
    import matplotlib

    matplotlib.use("agg")


def _write(ds: xr.Dataset, output: Path | None, picture: Path | None) -> list[str]:
    """Write what was asked for and return the names."""
    from .output_files import write_dataset, write_figure

    if output is not None:
        write_dataset(ds, output)
    if picture is not None:
        from .plot import scaling

        write_figure(scaling(ds), picture)
    return [str(path) for path in (output, picture) if path is not None]


def _print_sweep(ds: xr.Dataset, files: list[str], as_json: bool) -> None:
    """Print medians, exponents and files on stdout."""
    from . import report

    laws = report.laws(ds)
    if as_json:
        result = {
            "medians": report.medians(ds),
            "laws": _laws_json(laws),
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


def _laws_json(laws: dict[str, Law | None], level: float = 0.95) -> dict[str, Any]:
    return {name: law.to_dict(level) if law is not None else None for name, law in laws.items()}


if __name__ == "__main__":
    main()
