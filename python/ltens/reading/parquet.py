"""Parquet files."""

from __future__ import annotations

import io
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from .cells import Cells

if TYPE_CHECKING:
    import pandas as pd


def parquet_cells(data: bytes, source: str) -> Cells:
    """Return the cells of a Parquet file; numbers keep every digit.

    Raises
    ------
    ModuleNotFoundError
        If pyarrow is not installed.
    ValueError
        If the file is damaged or empty.
    """
    if find_spec("pyarrow") is None:
        raise ModuleNotFoundError(
            f"{source} is a Parquet file, which needs pyarrow, but that is not installed: "
            "pip install 'ltens[parquet]'."
        )
    import pandas as pd

    try:
        frame: Any = pd.read_parquet(io.BytesIO(data), engine="pyarrow")
    except (OSError, ValueError, NotImplementedError) as error:
        reason = " ".join(str(error).split()).rstrip(".")
        raise ValueError(f"{source} cannot be read as Parquet: {reason:.200}.") from error
    return frame_cells(frame, source)


def frame_cells(frame: pd.DataFrame, source: str) -> Cells:
    """Return the cells of a DataFrame; an index with a name is a column.

    Examples
    --------
    >>> import pandas as pd
    >>> frame_cells(pd.DataFrame({"N": [1, 2], "loss": [0.5, None]}), "a").columns
    [('1', '2'), ('0.5', '')]
    """
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    if not len(frame):
        raise ValueError(f"{source} has no rows, but must hold a table of sizes and losses.")
    columns = [
        tuple(
            "" if gone else str(value).strip()
            for value, gone in zip(column.tolist(), column.isna(), strict=True)
        )
        for _, column in frame.items()
    ]
    names = tuple(str(name).strip() for name in frame.columns)
    return Cells(source, list(range(1, len(frame) + 1)), names, columns, row="row")
