"""Rows as plain text."""

from __future__ import annotations

from collections.abc import Sequence

from ltens import tables


def cell(value: object) -> str:
    """Three digits that matter."""
    if not isinstance(value, float):
        return str(value)
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.{0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2}f}"


def text(title: str, rows: Sequence[dict[str, object]]) -> str:
    """A heading and one line for each row, columns as wide as they need."""
    names = list(rows[0])
    lines = [[cell(row[name]) for name in names] for row in rows]
    return f"{title}\n{tables.text(names, lines)}"
