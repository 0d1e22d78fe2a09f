"""Variances estimated from few seeds, drawn towards what the other sizes say."""

from __future__ import annotations

import numpy as np

from .._typing import Floats

_TREND_SIZES = 5  # from so many on a trend of the variances can be told from their scatter


def moderated(variances: Floats, degrees: Floats, *, along: Floats | None = None) -> Floats:
    """Return variances shrunk towards their common value, as far as the data ask for it.

    The variances s_w^2 with d_w degrees of freedom are taken to scatter about true values that
    follow a scaled inverse chi-square law with d_0 degrees of freedom; d_0 and its scale s_0^2
    come from the moments of log s^2, and each is replaced by (d_0 s_0^2 + d_w s_w^2) / (d_0 + d_w)
    (Smyth 2004, "Linear models and empirical Bayes methods", eq. 2 and section 6.2).

    Parameters
    ----------
    variances, degrees : (B, W) float64
    along : (W,) float64, optional
        What the common value may change with, as a straight line of its logarithm: log size, from
        5 sizes on.

    Returns
    -------
    (B, W) float64
        Positive unless all of a row are zero.

    Examples
    --------
    >>> few = moderated(np.array([[1.0, 2.0, 0.5]]), np.full((1, 3), 4.0))
    >>> bool(few.max() / few.min() < 4.0)
    True
    >>> many = moderated(np.array([[1.0, 200.0, 0.5]]), np.full((1, 3), 1e4))
    >>> many.round(1)
    array([[  1. , 200. ,   0.5]])
    """
    from scipy.special import digamma, polygamma

    mean = variances.mean(axis=1, keepdims=True)
    positive = np.maximum(variances, 1e-6 * mean)
    positive = np.where(mean > 0, positive, 1.0)
    half = degrees / 2
    logs = np.log(positive) - digamma(half) + np.log(half)
    sizes = variances.shape[1]
    trend = along is not None and sizes >= _TREND_SIZES
    centre = _line(logs, along) if trend else logs.mean(axis=1, keepdims=True)
    spread = ((logs - centre) ** 2).sum(axis=1, keepdims=True) / (sizes - (2 if trend else 1))
    spread = spread - polygamma(1, half).mean(axis=1, keepdims=True)
    prior = 2 * inverse_trigamma(np.maximum(spread, 1e-6))
    common = np.exp(centre + digamma(prior / 2) - np.log(prior / 2))
    result = (prior * common + degrees * positive) / (prior + degrees)
    pooled = (degrees * positive).sum(axis=1, keepdims=True) / degrees.sum(axis=1, keepdims=True)
    result = np.where(spread <= 1e-6, np.exp(centre) if trend else pooled, result)
    return np.asarray(np.where(mean > 0, result, 0.0))


def _line(logs: Floats, along: Floats | None) -> Floats:
    """Return the least-squares line of each row of logs (B, W) along (W,)."""
    assert along is not None
    centred = along - along.mean()
    slope = logs @ centred / (centred @ centred)
    return np.asarray(logs.mean(axis=1, keepdims=True) + slope[:, None] * centred)


def inverse_trigamma(values: Floats) -> Floats:
    """Return x with trigamma(x) = value > 0, by Newton on 1 / trigamma (Smyth 2004, appendix).

    Examples
    --------
    >>> from scipy.special import polygamma
    >>> x = np.array([1e-2, 1.0, 1e4])
    >>> bool(np.allclose(inverse_trigamma(polygamma(1, x)), x, rtol=1e-9))
    True
    """
    from scipy.special import polygamma

    x = 0.5 + 1 / values
    for _ in range(20):
        trigamma = polygamma(1, x)
        x = x + trigamma * (1 - trigamma / values) / polygamma(2, x)
    return np.asarray(x)
