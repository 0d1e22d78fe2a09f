"""A task of one's own data in a file of NumPy arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..npz_files import read_npz, text_of
from ..training.task import Task

_WHAT = "file of data with arrays x, y and, if wanted, weights and loss (numpy.savez)"


def read_task(path: Path) -> Task:
    """Return the task of an .npz file with x, y and, if wanted, weights and loss.

    Parameters
    ----------
    path : Path
        Its name is what results call the task.

    Raises
    ------
    ValueError
        If the file cannot be read, or its arrays are no task.
    MemoryError
        If they do not fit into memory.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mine.npz"
    ...     np.savez(path, x=[0.0, 1.0, 2.0], y=[0.0, 1.0, 4.0])
    ...     read_task(path)
    Task(mine.npz, samples=3, dimension=1, domain=(0, 2))
    """
    try:
        found: dict[str, Any] = read_npz(path, ("x", "y"), ("weights", "loss"), what=_WHAT)
    except FileNotFoundError as error:
        raise ValueError(f"task is {path}, but there is no such file.") from error
    try:
        if "loss" in found and (loss := text_of(found.pop("loss"))) != "mse":  # the default
            found["loss"] = loss
        return Task(**found, name=path.name)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path} holds no task: {str(error).rstrip('.')}.") from error
