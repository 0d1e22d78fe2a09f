"""Sizes that are almost equal: one size, written or read off with rounding errors."""

from __future__ import annotations

import numpy as np

from .._typing import Floats, Ints
from ..validation import real

TOLERANCE = 1e-6  # of sizes that are not all whole numbers: six digits that agree
NEAR = 1e-4  # sizes this close beside each other are worth a word


def tolerance_of(value: object) -> float | None:
    """Return a relative tolerance, checked.

    Examples
    --------
    >>> tolerance_of(-1)
    Traceback (most recent call last):
    ...
    ValueError: tolerance is -1, but must be at least 0 and below 1.
    """
    if value is None:
        return None
    number = real(value, "tolerance")
    if not 0 <= number < 1:
        raise ValueError(f"tolerance is {value}, but must be at least 0 and below 1.")
    return number


def grouped_sizes(sizes: Floats, tolerance: float | None = None) -> tuple[Floats, Ints, int]:
    """Return the sizes that differ, where each given one belongs, and how many were taken as fewer.

    A group holds what is within the tolerance of its smallest; its size is the geometric mean of
    the different numbers in it, so that neither order nor units matter.

    Parameters
    ----------
    sizes : (R,) float64
    tolerance : float, optional
        Relative; by default 0 if all are whole numbers, else `TOLERANCE`.

    Returns
    -------
    (W,) float64, (R,) int64, int

    Examples
    --------
    >>> grouped_sizes(np.array([2.5, 1.0, 1.0000001]))
    (array([1.00000005, 2.5       ]), array([1, 0, 0]), 2)
    >>> grouped_sizes(np.array([1.0, 2.0, 1.0]))
    (array([1., 2.]), array([0, 1, 0]), 0)
    """
    different, place = np.unique(sizes, return_inverse=True)
    if tolerance is None:
        tolerance = 0.0 if (different == np.floor(different)).all() else TOLERANCE
    close = (different[:-1] > 0) & (np.diff(different) <= tolerance * different[:-1])
    if tolerance == 0 or not close.any():
        return different, place, 0
    group = np.zeros(len(different), dtype=np.int64)
    first = 0
    for i in range(1, len(different)):
        if not close[i - 1] or different[i] - different[first] > tolerance * different[first]:
            first = i
        group[i] = group[i - 1] + (first == i)
    counts = np.bincount(group)
    alone = counts[group] == 1
    starts = different[np.searchsorted(group, np.arange(len(counts)))]
    ratios = np.log(different / starts[group])
    kept = starts * np.exp(np.bincount(group, weights=ratios) / counts)
    kept[group[alone]] = different[alone]
    return kept, group[place], int((~alone).sum())
