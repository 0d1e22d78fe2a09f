"""Tables of losses in files, as people have them: text of any kind, compressed, or Parquet."""

from .table_reading import read_table

__all__ = ["read_table"]
