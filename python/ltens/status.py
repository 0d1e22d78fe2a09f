"""What became of a network in training: the numbers in a status array, and their names."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

STATUS = ("ok", "diverged", "cancelled")
"""What the numbers in a status array mean: STATUS[status]."""

OK, DIVERGED, CANCELLED = range(len(STATUS))


def is_ok(status: ArrayLike) -> NDArray[np.bool_]:
    """Return which networks were trained to their end and stayed finite.

    Examples
    --------
    >>> is_ok([OK, DIVERGED, CANCELLED])
    array([ True, False, False])
    """
    return np.equal(status, OK)


def flags() -> dict[str, object]:
    """Return the attributes of a status array in a Dataset, by the CF convention.

    Examples
    --------
    >>> flags()["flag_meanings"]
    'ok diverged cancelled'
    """
    return {
        "flag_values": np.arange(len(STATUS), dtype=np.int8),
        "flag_meanings": " ".join(STATUS),
    }
