"""Sets of labels as a few ranges."""

from __future__ import annotations

import numpy as np

from .._typing import Ints


def to_ranges(labels: Ints) -> list[list[int]]:
    """Return [first, last] of every run of consecutive labels.

    Examples
    --------
    >>> to_ranges(np.array([7, 0, 1, 2]))
    [[0, 2], [7, 7]]
    """
    ordered = np.unique(labels)
    if ordered.size == 0:
        return []
    breaks = np.flatnonzero(np.diff(ordered) != 1)
    firsts = ordered[np.concatenate(([0], breaks + 1))]
    lasts = ordered[np.concatenate((breaks, [len(ordered) - 1]))]
    return [[int(a), int(b)] for a, b in zip(firsts, lasts, strict=True)]


def from_ranges(ranges: list[list[int]]) -> Ints:
    """Return the labels of all ranges, each once, increasing.

    Examples
    --------
    >>> from_ranges([[0, 2], [1, 3]])
    array([0, 1, 2, 3])
    """
    parts = [np.arange(first, last + 1, dtype=np.int64) for first, last in ranges]
    return np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int64)
