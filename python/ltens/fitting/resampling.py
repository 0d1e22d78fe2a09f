"""Bootstrap over seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Statistic = Callable[..., NDArray[np.float64]]
STATISTICS: dict[str, Statistic] = {"median": np.median, "mean": np.mean}
_CHUNK = 4_000_000  # values resampled at a time: 64 MB with their indices


def resample_statistic(
    losses: Sequence[NDArray[np.float64]],
    statistic: str,
    resamples: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Return the statistic of losses drawn with replacement, each size on its own.

    Parameters
    ----------
    losses : W arrays (S_w,) float64
    statistic : {"median", "mean"}
    resamples : int
        B.
    rng : Generator

    Returns
    -------
    (B, W) float64

    Examples
    --------
    >>> draws = [np.array([1.0, 1.0]), np.array([2.0])]
    >>> resample_statistic(draws, "median", 3, np.random.default_rng(0))
    array([[1., 2.],
           [1., 2.],
           [1., 2.]])
    """
    function = STATISTICS[statistic]
    out = np.empty((resamples, len(losses)))
    for column, values in enumerate(losses):
        rows = max(1, _CHUNK // len(values))
        for start in range(0, resamples, rows):
            stop = min(start + rows, resamples)
            chosen = rng.integers(0, len(values), size=(stop - start, len(values)))
            out[start:stop, column] = function(values[chosen], axis=1)
    return out
