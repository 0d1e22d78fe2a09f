"""The lines of Python that train the runs of a design."""

from __future__ import annotations

from collections.abc import Iterable

from ...words import exact
from ..law import Law
from .design import PlannedRuns


def sweep_call(law: Law, rows: Iterable[PlannedRuns]) -> str:
    """Return calls of `ltens.sweep`, one for the sizes of as many seeds; "" for runs of others.

    Seeds that were trained already are not trained again: further ones have higher numbers.
    """
    table = law.observations.table
    if table.label == "size":
        return ""
    groups: dict[str, list[str]] = {}
    for row in rows:
        (size,) = row.sizes.values()
        first = row.measured
        seeds = f"range({first}, {first + row.runs})" if first else str(row.runs)
        groups.setdefault(seeds, []).append(exact(size))
    return "\n".join(_call(table.label, sizes, seeds) for seeds, sizes in groups.items())


def _call(label: str, sizes: list[str], seeds: str) -> str:
    values = f"[{', '.join(sizes)}]"
    if label == "width":
        return f"ltens.sweep(widths={values}, seeds={seeds}, ...)"
    return f'ltens.sweep(over={{"{label}": {values}}}, seeds={seeds}, ...)'
