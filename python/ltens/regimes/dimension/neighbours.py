"""Distances to the nearest neighbours, and groups of points that lie together."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ..._typing import Floats, Ints
from ...validation import float64_array, one_of

DUPLICATES = ("error", "drop")


def distinct_points(points: ArrayLike, duplicates: str = "error") -> Floats:
    """Return points (n, D) without duplicates.

    Raises
    ------
    TypeError, ValueError
        If the points are not finite numbers in two dimensions, or some are equal and `duplicates`
        is "error": their distance 0 has no logarithm.

    Examples
    --------
    >>> distinct_points([[0.0], [1.0], [0.0]], "drop")
    array([[0.],
           [1.]])
    """
    x = float64_array(points, "points", (2,))
    one_of(duplicates, DUPLICATES, "duplicates")
    unique, first = np.unique(x, axis=0, return_index=True)
    if len(unique) == len(x):
        return x
    if duplicates == "error":
        later = np.setdiff1d(np.arange(len(x)), first)
        raise ValueError(
            f"points holds {len(later)} duplicate(s){named(later)}, but distances must be above "
            "0: leave them out with duplicates='drop'."
        )
    return np.asarray(x[np.sort(first)])


def named(indices: Ints) -> str:
    """Return up to five indices in brackets."""
    shown = ", ".join(map(str, indices[:5]))
    return f" (indices {shown}{', ...' if len(indices) > 5 else ''})"


def neighbour_distances(points: Floats, count: int) -> Floats:
    """Return the distances (n, count) of each point to its nearest others, ascending.

    Raises
    ------
    ValueError
        As `nearest`.

    Examples
    --------
    >>> neighbour_distances(np.array([[0.0], [1.0], [3.0]]), 2)
    array([[1., 3.],
           [1., 2.],
           [2., 3.]])
    """
    return nearest(points, count)[0]


def nearest(points: Floats, count: int) -> tuple[Floats, Ints]:
    """Return the distances (n, count) to the nearest others, ascending, and their indices.

    Raises
    ------
    ValueError
        If there are too few points, or a distance is lost in rounding.

    Examples
    --------
    >>> nearest(np.array([[0.0], [1.0], [3.0]]), 1)[1].tolist()
    [[1], [0], [1]]
    """
    from scipy.spatial import cKDTree

    if len(points) <= count:
        raise ValueError(
            f"points has {len(points)} different point(s), but must have more than the {count} "
            "neighbours asked for."
        )
    distances, index = cKDTree(points).query(points, k=count + 1)
    distances, index = np.asarray(distances)[:, 1:], np.asarray(index)[:, 1:]
    if not np.isfinite(distances).all():
        raise ValueError("points are so far apart that distances overflow float64: scale them.")
    if distances[:, 0].min() <= 0:
        raise ValueError(
            "points holds two whose distance is 0 in float64: scale them, or leave one out."
        )
    return distances, index


def spatial_groups(points: Floats, count: int) -> Ints:
    """Return the group (n,) of each point, 0 ... count - 1: halves of halves of the widest axis.

    `count` is a power of two. Points of a group are close together, so that the
    neighbours they have in common stay within it.

    Examples
    --------
    >>> spatial_groups(np.array([[3.0], [0.0], [1.0], [2.0]]), 2)
    array([1, 0, 0, 1])
    """
    label = np.zeros(len(points), dtype=np.int64)
    parts = [np.arange(len(points))]
    while len(parts) < count:
        halves = []
        for part in parts:
            axis = int(np.argmax(np.ptp(points[part], axis=0)))
            order = part[np.argsort(points[part, axis], kind="stable")]
            halves += [order[: len(order) // 2], order[len(order) // 2 :]]
        parts = halves
    for number, part in enumerate(parts):
        label[part] = number
    return label
