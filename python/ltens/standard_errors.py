"""Standard errors of means over draws."""

from __future__ import annotations

import numpy as np

from ._typing import Floats


def standard_error(losses: Floats) -> float:
    """Return the standard error of the mean, NaN for one value.

    Examples
    --------
    >>> standard_error(np.array([1.0, 3.0]))
    1.0
    """
    if len(losses) < 2:
        return float("nan")
    return float(losses.std(ddof=1) / np.sqrt(len(losses)))


def standard_errors(values: Floats, axis: int = -1) -> Floats:
    """Return the standard errors of the means over an axis of at least two draws.

    Examples
    --------
    >>> standard_errors(np.array([[1.0, 3.0], [2.0, 2.0]]))
    array([1., 0.])
    """
    return np.asarray(values.std(axis=axis, ddof=1) / np.sqrt(values.shape[axis]))
