"""Losses in a file, whatever kind it is: a sweep in a store or netCDF, or anyone's table."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..fitting.fit_losses import DIVERGED
from ..validation import one_of

if TYPE_CHECKING:
    import xarray as xr

    from ..fitting.loss_table import LossTable
    from ..fitting.run_table import RunTable

Found = tuple[dict[str, "LossTable"], dict[str, Any]]  # by curve; attributes of a sweep
_SWEEPS = (b"\x89HDF", b"CDF")  # netCDF
_SUFFIXES = (".nc", ".ltens")

_OPTIONS = (
    click.option(
        "--size",
        multiple=True,
        metavar="COLUMN",
        help="Sizes, by name or number; several make a surface.",
    ),
    click.option(
        "--loss",
        metavar="COLUMN",
        help="Of a table, or a variable of a sweep: error, held_out_loss.",
    ),
    click.option("--smallest", type=float, help="Size to begin with."),
    click.option("--largest", type=float, help="Size to end with."),
    click.option("--activation", metavar="NAME", help="The one curve to take."),
    click.option("--by", multiple=True, metavar="COLUMN", help="Of a table: names the curves."),
    click.option("--pool", is_flag=True, help="Of a table: one curve although words differ."),
    click.option(
        "--missing", metavar="error|drop", help="Rows of a table without size or loss  [error]."
    ),
    click.option("--where", multiple=True, metavar="CONDITION", help='Rows: "params < 1e9".'),
    click.option(
        "--diverged",
        multiple=True,
        metavar="CONDITION|exclude|infinite",
        help='Rows of a table that count as diverged: "loss > 10"; what diverged counts as.',
    ),
    click.option("--header/--no-header", default=None, help="Whether line 1 of a table is one."),
    click.option("--separator", metavar="SIGN", help="Between the cells of a table."),
    click.option("--decimal", metavar="SIGN", help="In the numbers of a table: . or ,"),
    click.option("--encoding", metavar="NAME", help="Of a table that is text."),
    click.option("--tolerance", type=float, help="Sizes of a table this close are one."),
)


def file_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose losses in a file; the function gets them as one `choice`."""

    @wraps(function)
    def collected(**given: Any) -> Any:
        choice = Choice(**{field.name: given.pop(field.name) for field in fields(Choice)})
        return function(choice=choice, **given)

    for option in reversed(_OPTIONS):
        collected = option(collected)
    return collected


@dataclass(frozen=True)
class Choice:
    """What is chosen in a file: the options of every command that reads losses."""

    size: tuple[str, ...]
    loss: str | None
    smallest: float | None
    largest: float | None
    activation: str | None
    by: tuple[str, ...]
    pool: bool
    missing: str | None
    where: tuple[str, ...]
    diverged: tuple[str, ...]
    header: bool | None
    separator: str | None
    decimal: str | None
    encoding: str | None
    tolerance: float | None

    @property
    def counted_as(self) -> str:
        """Return what diverged runs count as."""
        return next((word for word in reversed(self.diverged) if word in DIVERGED), DIVERGED[0])

    def losses(self, file: Path, *, whole: bool = False) -> Found:
        """Return the losses of each curve by its name, and the attributes of a sweep.

        Parameters
        ----------
        file : Path
            "-" is the standard input.
        whole : bool
            All sizes, whatever the range.

        Raises
        ------
        ValueError
            If the file cannot be read, or has not what is chosen.
        """
        from ..fitting.loss_table import size_range

        if len(self.size) > 1:
            raise ValueError(
                f"size is given {len(self.size)} times ({', '.join(self.size)}), but this command "
                "takes one: ltens fit and ltens plot take several."
            )
        ends = None if whole else (self.smallest, self.largest)
        between = size_range(ends, "smallest, largest") or (-math.inf, math.inf)
        found = self._of_sweep(file, between) if is_sweep(file) else self._of_table(file, between)
        if ends not in (None, (None, None)) and not any(len(t.sizes) for t in found[0].values()):
            raise ValueError(
                f"{shown_name(file)} has no size from {between[0]:g} to {between[1]:g}."
            )
        return found

    def _of_sweep(self, file: Path, between: tuple[float, float]) -> Found:
        from ..fitting.loss_table import tables_of
        from ..sweeps.result_files import read_dataset
        from ..sweeps.selection import natural_size, per_curve

        self._refuse_columns(file)
        ds = read_dataset(file)
        loss = "loss" if self.loss is None else one_of(self.loss, _losses(ds), "loss")
        size = self.size[0] if self.size else natural_size(ds)
        parts = per_curve(ds, size)
        if self.activation is not None:
            name = one_of(self.activation, tuple(parts), "activation")
            parts = {name: parts[name]}
        found = {
            name: tables_of(
                part,
                None,
                call="",
                diverged=self.counted_as,
                between=between,
                variable=loss,
                size=size,
            )[""]
            for name, part in parts.items()
        }
        return found, dict(ds.attrs)

    def _of_table(self, file: Path, between: tuple[float, float]) -> Found:
        from ..fitting.loss_table import tables_of

        runs = self.table(file)
        found = tables_of(runs, None, call="", diverged=self.counted_as, between=between)
        return {name or shown_name(file): table for name, table in found.items()}, {}

    def table(self, file: Path, groups: str | None = None, runs: str | None = None) -> RunTable:
        """Return the runs of a table in a file, of one size or several, or those of a sweep.

        Parameters
        ----------
        file : Path
        groups, runs : str, optional
            Columns that say which data set and which training a row belongs to.
        """
        from ..reading import read_table

        if is_sweep(file):
            return self._runs_of_sweep(file, groups, runs)
        chosen = [f"activation == {self.activation}"] if self.activation is not None else []
        return read_table(
            file,
            self.size or None,
            self.loss,
            groups=groups,
            runs=runs,
            by=self.by or None,
            pool=self.pool,
            missing=self.missing or "error",
            where=[*self.where, *chosen],
            diverged=[text for text in self.diverged if text not in DIVERGED],
            header=self.header,
            separator=self.separator,
            decimal=self.decimal,
            encoding=self.encoding,
            tolerance=self.tolerance,
        )

    def _runs_of_sweep(self, file: Path, groups: str | None, runs: str | None) -> RunTable:
        from ..sweeps.result_files import read_dataset
        from .sweep_runs import runs_of_sweep

        self._refuse_columns(file)
        ds = read_dataset(file)
        if self.activation is not None:
            known = tuple(map(str, ds["activation"].values))
            ds = ds.sel(activation=[one_of(self.activation, known, "activation")])
        loss = "loss" if self.loss is None else one_of(self.loss, _losses(ds), "loss")
        return runs_of_sweep(ds, self.size, loss, groups=groups, runs=runs)

    def _refuse_columns(self, file: Path) -> None:
        """Raise ValueError if something is chosen that only a table has."""
        for word in self.diverged:
            one_of(word, DIVERGED, "diverged")
        for name in ("by", "pool", "missing", "where", "header", "separator", "decimal"):
            if getattr(self, name) not in (None, (), False):
                raise ValueError(
                    f"{name} is given, but {file} is a sweep, not a table, which it is for."
                )


def shown_name(file: Path) -> str:
    """Return what a file is called in an output."""
    return "standard input" if str(file) == "-" else file.name


def is_sweep(file: Path) -> bool:
    """Return whether a file is a store or netCDF, by its first bytes or its suffix."""
    from ..store import is_store

    if str(file) == "-":
        return False
    if file.suffix.lower() in _SUFFIXES or is_store(file):
        return True
    with file.open("rb") as opened:
        return opened.read(4).startswith(_SWEEPS)


def _losses(ds: xr.Dataset) -> tuple[str, ...]:
    """Return the variables of a sweep that may be fitted: numbers of each network."""
    dims = ds["loss"].dims
    return tuple(
        str(name)
        for name, each in ds.data_vars.items()
        if each.dims == dims and each.dtype.kind == "f"
    )
