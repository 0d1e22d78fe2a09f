"""One SQLite file that holds a sweep: configuration, and one row for every finished block.

Opening a store runs no code of its author: rows hold plain arrays (`payload`) and JSON.
`docs/guide/store.md` has the schema and what is promised.
"""

from __future__ import annotations

from .reading import Stored, is_store, read_store
from .store_errors import StoreError
from .writing import Store

__all__ = ["Store", "StoreError", "Stored", "is_store", "read_store"]
