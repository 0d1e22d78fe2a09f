"""``ltens export``."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .errors import usage_errors
from .files import EXISTING, NEW

if TYPE_CHECKING:
    import xarray as xr

_SUFFIXES = (".nc", ".csv", ".parquet")


@click.command("export")
@click.argument("file", type=EXISTING)
@click.option(
    "-o", "--output", type=NEW, required=True, help="Its suffix, .nc, .csv or .parquet, decides."
)
@click.option("--history", is_flag=True, help="One row for each checkpoint (tables only).")
def command(file: Path, output: Path, history: bool) -> None:
    """Write the sweep in FILE, a store or netCDF, as netCDF or as a table of networks."""
    from ..sweeps.result_files import check_writable, read_dataset, write_dataset

    with usage_errors():
        if output.suffix not in _SUFFIXES:
            raise ValueError(
                f"output is {output}, but its suffix must be one of: .nc .csv .parquet"
            )
        check_writable(output, "output")
        if output.suffix == ".parquet" and find_spec("pyarrow") is None:
            raise ModuleNotFoundError(
                "Parquet files need pyarrow, which is not installed: pip install 'ltens[parquet]', "
                "or export to .csv."
            )
        ds = read_dataset(file)
        if output.suffix == ".nc":
            write_dataset(ds, output)
        else:
            _write_table(ds, output, history)
    click.echo(f"wrote {output}")


def _write_table(ds: xr.Dataset, output: Path, history: bool) -> None:
    """Write the table, whole or not at all."""
    from ..sweeps.dataframe import to_dataframe

    frame = to_dataframe(ds, history=history)
    partial = output.with_name(f".{output.name}.partial")
    try:
        if output.suffix == ".csv":
            frame.to_csv(partial, index=False)
        else:
            frame.to_parquet(partial, index=False)
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)
