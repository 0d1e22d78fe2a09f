"""The keys of cells, which stand in the file twice: in their table and in its index."""

from __future__ import annotations

import json
import sqlite3

from .rows import is_intact

_TABLE = "SELECT id, key FROM cells NOT INDEXED"
_INDEX = "SELECT id, key FROM cells INDEXED BY sqlite_autoindex_cells_1 ORDER BY key"
_BLOCKS = """
SELECT first, last, count, labels, seconds, payload, checksum FROM blocks NOT INDEXED
WHERE cell = ? LIMIT 1
"""


def cell_keys(connection: sqlite3.Connection) -> dict[int, str]:
    """Return the key of every cell by its id; where one copy is damaged, the other one."""
    table, index = (dict(connection.execute(query)) for query in (_TABLE, _INDEX))
    return {
        cell: key
        if index.get(cell) in (key, None)
        else _right(connection, cell, [key, index[cell]])
        for cell, key in table.items()
    }


def mend_cells(connection: sqlite3.Connection) -> None:
    """Write the right keys where a copy is damaged; does nothing else."""
    table, index = (dict(connection.execute(query)) for query in (_TABLE, _INDEX))
    if table == index:
        return
    right = cell_keys(connection)
    connection.execute("REINDEX cells")  # else what is in the table is not found for a change
    changed = [(key, cell) for cell, key in right.items() if table[cell] != key]
    connection.executemany("UPDATE cells SET key = ? WHERE id = ?", changed)


def _right(connection: sqlite3.Connection, cell: int, keys: list[str]) -> str:
    """Return the key that a block of the cell was written with, else one that is a key at all."""
    block = connection.execute(_BLOCKS, (cell,)).fetchone()
    if block is not None:
        keys = [key for key in keys if is_intact(key, block)] or keys
    return next((key for key in keys if _is_key(key)), keys[0])


def _is_key(text: object) -> bool:
    """Whether a text is what `Cell.key` makes of coordinates."""
    try:
        found = json.loads(text)  # type: ignore[arg-type]
    except (ValueError, TypeError, RecursionError):
        return False
    return isinstance(found, dict) and text == json.dumps(
        found, sort_keys=True, separators=(",", ":")
    )
