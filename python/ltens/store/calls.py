"""The table of calls: who asked for which labels."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from .._typing import Ints
from .guarding import require_plausible, size_of
from .payload import checksum
from .ranges import from_ranges, to_ranges

_MARK = "labels_checksum"  # in the record; calls of the first stores have none


def now() -> str:
    """Return the time, for people."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def note_call(connection: sqlite3.Connection, labels: Ints, record: Mapping[str, Any]) -> None:
    """Write what a call asks for, and drop what is damaged of others."""
    damaged = [(row,) for row in damaged_calls(connection)]
    connection.executemany("DELETE FROM calls WHERE id = ?", damaged)
    text = json.dumps(to_ranges(labels))
    marked = {**record, _MARK: checksum(text.encode()).hex()}
    connection.execute(
        "INSERT INTO calls (made, labels, record) VALUES (?, ?, ?)",
        (now(), text, json.dumps(marked)),
    )


def damaged_calls(connection: sqlite3.Connection) -> list[int]:
    """Return the ids of calls whose labels fail their checksum."""
    rows = connection.execute("SELECT id, labels, record FROM calls").fetchall()
    return [row for row, text, record in rows if not _is_intact(text, record)]


def labels_asked_for(connection: sqlite3.Connection) -> Ints:
    """Return every label that an intact call asked for, increasing."""
    ranges: list[list[int]] = []
    for text, record in connection.execute("SELECT labels, record FROM calls"):
        if _is_intact(text, record):
            ranges += json.loads(text)
    asked = sum(max(0, last - first + 1) for first, last in ranges)
    require_plausible(asked, size_of(connection), "its calls")
    return from_ranges(ranges)


def _is_intact(text: str, record: str) -> bool:
    try:
        mark = json.loads(record).get(_MARK)
        return mark is None or mark == checksum(text.encode()).hex()
    except (ValueError, AttributeError, TypeError, RecursionError):
        return False
