"""A design of runs: which sizes, how many at each, and what the interval is expected to be."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

from ... import tables
from ...words import exact


@dataclass(frozen=True)
class PlannedRuns:
    """Runs at one size, or one combination of sizes.

    Attributes
    ----------
    sizes : dict of str to float
        By name.
    measured : int
        Runs there that count already.
    runs : int
        To be trained: seeds.
    cost : float
        Of all of them.
    """

    sizes: dict[str, float]
    measured: int
    runs: int
    cost: float


@dataclass(frozen=True)
class Design:
    """What to train next, and what it is expected to tell; ``print`` shows it.

    Attributes
    ----------
    rows : tuple of PlannedRuns
        Those with runs to be trained.
    target : str
        What the interval is of, in words.
    unit : str
        Of the lengths: "" for an exponent, "decades of loss" for a prediction.
    level : float
    cost : float
        Of all runs together.
    length : float
        Expected length of the interval, from its lower to its upper end.
    now : float
        By the same formula without these runs; infinite where they are all there would be.
    equal : float
        Of log-equal sizes with equal seeds at the same cost; infinite where it pays no such runs.
    notes : tuple of str
        Reservations in plain sentences.
    call : str
        The lines that train the runs, for a law from a sweep; "" otherwise.
    """

    rows: tuple[PlannedRuns, ...]
    target: str
    unit: str
    level: float
    cost: float
    length: float
    now: float
    equal: float
    notes: tuple[str, ...] = ()
    call: str = ""

    @property
    def runs(self) -> int:
        """Return the number of runs to be trained."""
        return sum(row.runs for row in self.rows)

    def summary(self) -> str:
        """Return the table and what is expected as text."""
        parts = [
            tables.text(*self._table(), indent="  "),
            tables.listing(self._facts(), indent="  "),
        ]
        if self.call:
            parts.append("\n".join(f"  {line}" for line in self.call.splitlines()))
        if self.notes:
            parts.append("\n".join(f"  ! {note}" for note in self.notes))
        return "\n\n".join([self._title(), *parts])

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain numbers, ready for JSON."""
        return dict(tables.plain(asdict(self)))

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        return f"<Design: {self._title()}, expected length {self.length:.3g}>"

    def _repr_html_(self) -> str:
        heads, rows = self._table()
        call = f"<pre>{escape(self.call)}</pre>" if self.call else ""
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        return (
            f"<p><b>{escape(self._title())}</b></p>"
            + tables.html(rows, heads)
            + tables.html(self._facts())
            + call
            + (f"<ul>{notes}</ul>" if notes else "")
        )

    def _title(self) -> str:
        return f"{self.runs} {'run' if self.runs == 1 else 'runs'} for {self.target}"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        names = list(self.rows[0].sizes) if self.rows else []
        several = [row.measured for row in self.rows]
        heads = [*names, *(["measured"] if any(several) else []), "runs", "cost"]
        rows = [
            [
                *(_size(value) for value in row.sizes.values()),
                *([str(row.measured)] if any(several) else []),
                str(row.runs),
                f"{row.cost:.4g}",
            ]
            for row in self.rows
        ]
        return heads, rows

    def _facts(self) -> list[tuple[str, str]]:
        unit = f" {self.unit}" if self.unit else ""
        facts = [
            ("cost", f"{self.cost:.4g}"),
            ("length", f"{self.length:.3g}{unit} expected of the {100 * self.level:g} % interval"),
        ]
        if math.isfinite(self.now):
            facts.append(("now", f"{self.now:.3g}{unit}"))
        if math.isfinite(self.equal):
            facts.append(("equal", f"{self.equal:.3g}{unit} with log-equal sizes and equal seeds"))
        return facts


def _size(value: float) -> str:
    return exact(value) if value == round(value, 3) else f"{value:.4g}"
