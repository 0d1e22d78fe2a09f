"""A surface as text, as HTML and as plain numbers, with no more digits than are known."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any

from ... import tables
from ...tables import number
from .published import ALLOCATION

if TYPE_CHECKING:
    from .law import SurfaceLaw

_HEADS = ("law", "coefficients", "dAICc", "left out", "beyond")
_MOST = 8  # significant digits
_FACTOR = 30  # between ends that are shown in two digits each


def text(law: SurfaceLaw, level: float = 0.95) -> str:
    """Return the law as a table for a terminal or an appendix."""
    lines = [
        f"loss = {law.equation}",
        tables.listing([("data", _data(law)), *_rows(law, level)], indent="  "),
        "",
        tables.text(_HEADS, _cells(law), indent="  "),
    ]
    if law.warnings:
        lines.append("")
    return "\n".join([*lines, *(f"  ! {warning}" for warning in law.warnings)])


def html(law: SurfaceLaw, level: float = 0.95) -> str:
    """Return the law as HTML, for notebooks."""
    facts = tables.html([("loss", law.equation), ("data", _data(law)), *_rows(law, level)])
    forms = tables.html(_cells(law), ("law", "coefficients", "ΔAICc", "left out", "beyond"))
    items = "".join(f"<li>{escape(warning)}</li>" for warning in law.warnings)
    return facts + forms + (f"<ul>{items}</ul>" if items else "")


def plain(law: SurfaceLaw, level: float = 0.95) -> dict[str, Any]:
    """Return the law as plain numbers; None where there is no number, as JSON has no infinity."""
    bootstrap = None
    if law.resamples:
        bootstrap = {name: law.interval(name, level, "bootstrap") for name in law.values}
    found = {
        "model": "surface",
        "equation": law.equation,
        "names": law.names,
        "coefficients": law.coefficients,
        "allocation": law.allocation,
        "intervals": law.intervals(level),
        "bootstrap": bootstrap,
        "level": level,
        "huber": law.huber,
        "objective": law.objective,
        "rows": len(law.losses),
        "diverged": law.table.diverged,
        "left_out": law.table.left_out,
        "trainings": len(law.table.training_names) or None,
        "groups": [label for label in law.table.labels if label],
        "limits": law.form.limits,
        "degrees": law.degrees,
        "converged": law.converged,
        "sizes": law.sizes,
        "losses": law.losses,
        "influence": [vars(each) for each in law.influence],
        "alternatives": [row.to_dict() for row in law.alternatives],
        "warnings": law.warnings,
    }
    return dict(tables.plain(found))


def shown(value: float, ends: tuple[float, float]) -> str:
    """Return a number with its interval, in digits that the interval's length deserves.

    Examples
    --------
    >>> shown(0.348712, (0.329871, 0.367712))
    '0.349  [0.330, 0.368]'
    >>> shown(488.6123, (327.123, 731.9))
    '490  [330, 730]'
    >>> shown(312.0, (0.0002, 1704.0))
    '3.1e+02  [0.0002, 1.7e+03]'
    >>> shown(0.5, (0.21, float("inf")))
    'not determined, above 0.21'
    """
    low, high = ends
    if math.isnan(low) or math.isnan(high):
        return "not determined"
    if math.isinf(low) or math.isinf(high):
        if math.isfinite(high):
            return f"not determined, below {high:.2g}"
        return f"not determined, above {low:.2g}" if low > 0 else "not determined"
    if low > 0 and high > _FACTOR * low:
        return f"{value:.2g}  [{low:.2g}, {high:.2g}]"
    digits = _digits(high - low)
    return f"{_rounded(value, digits)}  [{_rounded(low, digits)}, {_rounded(high, digits)}]"


def _digits(length: float) -> int:
    """Return the decimals (negative: tens) that show an interval's length to a twentieth."""
    return 1 - math.floor(math.log10(length)) if length > 0 else _MOST


def _rounded(value: float, digits: int) -> str:
    rounded = round(value, digits)
    if abs(rounded) >= 1e6 or 0 < abs(rounded) < 1e-4:
        significant = digits + 1 + math.floor(math.log10(abs(rounded)))
        return f"{rounded:.{min(max(significant, 1), _MOST)}g}"
    return f"{rounded:.{min(max(digits, 0), _MOST)}f}"


def _rows(law: SurfaceLaw, level: float) -> list[tuple[str, str]]:
    ends = law.intervals(level)
    rows = [
        (name, "not determined")
        if name.startswith(ALLOCATION) and ends[name] == (0.0, 1.0)
        else (name, f"{shown(value, ends[name])}{_note(ends[name], level)}")
        for name, value in law.values.items()
    ]
    for label, limit in zip(law.table.labels, law.form.limits or (), strict=False):
        rows.append((f"E[{label}]" if label else "E", f"{limit:g} (given)"))
    return rows


def _note(ends: tuple[float, float], level: float) -> str:
    return f"  {100 * level:g} %" if all(map(math.isfinite, ends)) else ""


def _data(law: SurfaceLaw) -> str:
    rows = len(law.losses)
    found = f"{rows} runs"
    if law.table.trainings is not None:
        found = f"{rows} rows of {len(law.table.training_names)} trainings"
    if len(law.table.labels) > 1:
        found += f", {len(law.table.labels)} groups"
    if law.table.diverged:
        found += f", {law.table.diverged} diverged left out"
    if law.table.left_out:
        found += f", {law.table.left_out} without a size or loss left out"
    kind = "least squares of logs" if law.huber is None else f"Huber {law.huber:g}"
    scatter = float((law.residuals**2).mean() ** 0.5) / math.log(10)
    return f"{found}, {kind}, scatter {scatter:.2g} dex, profile likelihood"


def _cells(law: SurfaceLaw) -> list[list[str]]:
    """Return the alternatives; errors of prediction are in dex."""
    return [
        [
            row.form,
            str(row.parameters),
            number(row.difference, ".1f"),
            number(row.left_out, ".2g"),
            number(row.extrapolation, ".2g"),
        ]
        for row in law.alternatives
    ]
