"""Losses of anyone's runs, one row for each run: what a table in a file holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from .._typing import Floats
from ..validation import real_values


@dataclass(frozen=True, eq=False, repr=False)
class RunTable:
    """Runs, of one curve or several: what `ltens.read_table` returns and `ltens.fit` takes.

    Attributes
    ----------
    sizes : (R,) float64
    losses : (R,) float64
        NaN or infinite only where a run diverged.
    diverged : (R,) bool
        Runs that count as diverged, as networks of a sweep do.
    names : (R,) str
        The curve that each run belongs to; "" if there is one curve only.
    columns : mapping of str to (R,) float64
        Further sizes of the runs, by name.
    size, loss : str
        The names of the two columns.
    by : tuple of str
        The columns whose values name the curves.
    source : str
        The file.
    left_out : mapping of str to int
        Runs without a size or a loss that were left out, by curve.
    tolerance : float or None
        Sizes that differ relatively by no more are one; None as for `ltens.fit`.
    groups, runs : (R,) str
        Which data set or family each run belongs to, and which training it is a checkpoint of, for
        `ltens.fit_surface`; empty if the table does not say.

    Examples
    --------
    >>> table = RunTable([1, 2, 4], [4.0, 2.0, 1.0], size="params")
    >>> table
    RunTable(3 runs, loss against params from 1 to 4)
    >>> list(table.curves)
    ['']
    """

    sizes: Floats
    losses: Floats
    diverged: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    names: NDArray[np.str_] = field(default_factory=lambda: np.zeros(0, np.str_))
    columns: Mapping[str, Floats] = field(default_factory=dict)
    size: str = "size"
    loss: str = "loss"
    by: tuple[str, ...] = ()
    source: str = ""
    left_out: Mapping[str, int] = field(default_factory=dict)
    tolerance: float | None = None
    groups: NDArray[np.str_] = field(default_factory=lambda: np.zeros(0, np.str_))
    runs: NDArray[np.str_] = field(default_factory=lambda: np.zeros(0, np.str_))

    def __post_init__(self) -> None:
        count = len(self.sizes)
        for name, kind, default in (
            ("sizes", np.float64, None),
            ("losses", np.float64, None),
            ("diverged", np.bool_, False),
            ("names", np.str_, ""),
        ):
            given = getattr(self, name)
            array = (
                real_values(given, name) if kind is np.float64 else np.asarray(given, dtype=kind)
            )
            if default is not None and not array.size:
                array = np.full(count, default)
            if array.shape != (count,):
                raise ValueError(
                    f"{name} has shape {array.shape}, but must have shape ({count},) to go with "
                    "sizes."
                )
            object.__setattr__(self, name, array)
        for name in ("groups", "runs"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.str_))

    def __len__(self) -> int:
        """Return the number of runs."""
        return len(self.sizes)

    def __repr__(self) -> str:
        curves = "" if len(self.curves) == 1 else f", {len(self.curves)} curves"
        span = f" from {self.sizes.min():g} to {self.sizes.max():g}" if len(self) else ""
        more = "".join(f", {name}" for name in self.columns)
        return f"RunTable({len(self)} runs{curves}, {self.loss} against {self.size}{span}{more})"

    @property
    def curves(self) -> dict[str, RunTable]:
        """Return each curve by its name, in the order of the file."""
        return {str(name): self._curve(name) for name in dict.fromkeys(self.names)}

    def _curve(self, name: np.str_) -> RunTable:
        own = self.names == name
        left_out = {str(name): self.left_out[name]} if name in self.left_out else {}
        return replace(
            self,
            sizes=self.sizes[own],
            losses=self.losses[own],
            diverged=self.diverged[own],
            names=self.names[own],
            columns={name: column[own] for name, column in self.columns.items()},
            left_out=left_out,
            groups=self.groups[own] if self.groups.size else self.groups,
            runs=self.runs[own] if self.runs.size else self.runs,
        )
