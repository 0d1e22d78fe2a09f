"""The power law: a straight line through (log size, log loss) by least squares."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def fit_power_law(
    sizes: NDArray[np.float64], losses: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return exponent and amplitude of loss = amplitude * size^(-exponent).

    Least squares of log loss on log size, each size with the same weight.

    Parameters
    ----------
    sizes : (W,) float64
        Positive, at least two different ones.
    losses : (..., W) float64
        Positive.

    Returns
    -------
    exponent, amplitude : (...) float64

    Examples
    --------
    >>> exponent, amplitude = fit_power_law(np.array([1.0, 2.0, 4.0]), np.array([8.0, 4.0, 2.0]))
    >>> float(exponent.round(9)), float(amplitude.round(9))
    (1.0, 8.0)
    """
    log_size = np.log(sizes)
    log_loss = np.log(losses)
    centred = log_size - log_size.mean()
    slope = log_loss @ centred / (centred @ centred)
    intercept = log_loss.mean(axis=-1) - slope * log_size.mean()
    return np.asarray(-slope), np.asarray(np.exp(intercept))
