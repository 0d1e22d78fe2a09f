"""The steps at which a training records its loss."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ..validation import distinct_integers, integer


def checkpoint_steps(checkpoints: int | Iterable[int] | None, steps: int) -> NDArray[np.uint64]:
    """Return the steps of the checkpoints, increasing.

    Parameters
    ----------
    checkpoints : int, sequence of int or None
        A number k: at most k different integers, evenly spaced in the logarithm from 1 to `steps`.
        A sequence: these steps, each in [0, steps] (0 is before the first update). None: none.
    steps : int
        The length of the training.

    Returns
    -------
    (K,) uint64

    Raises
    ------
    TypeError, ValueError
        If `checkpoints` is neither, or a step lies outside the training.

    Examples
    --------
    >>> checkpoint_steps(4, 1000)
    array([   1,   10,  100, 1000], dtype=uint64)
    >>> checkpoint_steps([0, 500], 1000)
    array([  0, 500], dtype=uint64)
    """
    if checkpoints is None:
        return np.empty(0, dtype=np.uint64)
    if isinstance(checkpoints, Iterable):
        return _explicit(list(checkpoints), steps)
    count = integer(checkpoints, "checkpoints", minimum=0, maximum=10_000_000)
    if count <= 1 or steps == 0:
        return np.full(min(count, 1), steps, dtype=np.uint64)
    spaced = np.rint(np.geomspace(1, steps, count)).astype(np.uint64)
    spaced[-1] = steps
    return np.unique(spaced)


def _explicit(given: list[int], steps: int) -> NDArray[np.uint64]:
    if not given:
        return np.empty(0, dtype=np.uint64)
    chosen = np.sort(distinct_integers(given, "checkpoints", minimum=0))
    if chosen[-1] > steps:
        raise ValueError(
            f"checkpoints holds {chosen[-1]}, but the training ends after {steps} steps."
        )
    return chosen.astype(np.uint64)
