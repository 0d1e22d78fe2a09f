"""Files a command reads and writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..whole_files import STANDARD_OUTPUT

if TYPE_CHECKING:
    import xarray as xr

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
READABLE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)  # or "-"
NEW = click.Path(dir_okay=False, allow_dash=True, path_type=Path)


def as_path(value: object, name: str) -> Path | None:
    """Return the path of an option that may come from a TOML file.

    Examples
    --------
    >>> as_path(3, "output")
    Traceback (most recent call last):
    ...
    TypeError: output is 3, but must be a file name.
    """
    if value is None or isinstance(value, Path):
        return value
    if not isinstance(value, str):
        raise TypeError(f"{name} is {value!r}, but must be a file name.")
    return Path(value)


def check_outputs(output: Path | None, picture: Path | None) -> None:
    """Raise before any work if a result could not be written after it."""
    from ..sweeps.result_files import check_figure, check_output

    if output is not None:
        check_output(output)
    if picture is not None:
        use_agg()
        check_figure(picture)


def check_alone(output: Path | None, as_json: bool) -> None:
    """Raise ValueError if the standard output would get two things.

    Examples
    --------
    >>> check_alone(Path("a.csv"), as_json=True)
    """
    if output == STANDARD_OUTPUT and as_json:
        raise ValueError("output is - and json is asked for, but stdout can hold only one of them.")


def use_agg() -> None:
    """Draw into files only, also where there is no display."""
    import matplotlib

    matplotlib.use("agg")


def write_results(ds: xr.Dataset, output: Path | None, picture: Path | None) -> list[str]:
    """Write what was asked for and return the names."""
    from ..sweeps.result_files import write_dataset, write_figure

    if output is not None:
        write_dataset(ds, output)
    if picture is not None:
        from ..plot import scaling
        from ..sweeps.selection import natural_size

        write_figure(scaling(ds, x=natural_size(ds)), picture)
    return [str(path) for path in (output, picture) if path not in (None, STANDARD_OUTPUT)]
