"""An exponent with its interval from values that carry standard errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats


@dataclass(frozen=True)
class Slope:
    """value = amplitude * size^exponent.

    Attributes
    ----------
    exponent : float
        Negative where the value falls with size.
    interval : (low, high)
        95 %, from the standard errors of the values alone: it does not cover a law that is wrong.
    sizes : int
        How many sizes there were.
    scatter : float
        Root mean square of log10(value / law).
    """

    exponent: float
    interval: tuple[float, float]
    sizes: int
    scatter: float

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.exponent:+.2f} [{low:+.2f}, {high:+.2f}]"


def slope(sizes: ArrayLike, values: ArrayLike, errors: ArrayLike) -> Slope:
    """Fit log value against log size by least squares and propagate the errors.

    Each size has the same weight: log value = sum_i k_i log value_i, whose variance is
    sum_i k_i^2 (error_i / value_i)^2.

    Parameters
    ----------
    sizes : (W,)
        Positive, at least 3 different ones.
    values : (W,)
        Positive.
    errors : (W,)
        Standard errors of the values.

    Returns
    -------
    Slope

    Raises
    ------
    ValueError
        If shapes do not match, there are fewer than 3 sizes or a value is not positive.

    Examples
    --------
    >>> slope([1, 10, 100], [3.0, 0.3, 0.03], [0.3, 0.03, 0.003]).exponent.__round__(6)
    -1.0
    """
    n, v, e = (np.asarray(part, dtype=np.float64) for part in (sizes, values, errors))
    if n.ndim != 1 or v.shape != n.shape or e.shape != n.shape:
        raise ValueError(
            f"sizes, values and errors have shapes {n.shape}, {v.shape}, {e.shape}, but must all "
            "have the shape (W,)."
        )
    if len(np.unique(n)) < 3:
        raise ValueError(f"sizes has {len(np.unique(n))} size(s), but must have at least 3.")
    if not (v > 0).all():
        raise ValueError(f"values holds {v[~(v > 0)][0]}, but every value must be positive.")
    x = np.log(n) - np.log(n).mean()
    k = x / (x @ x)
    exponent = float(k @ np.log(v))
    half = float(stats.norm.ppf(0.975) * np.sqrt(np.sum((k * e / v) ** 2)))
    residual = np.log10(v) - np.log10(v).mean() - exponent * x / np.log(10)
    scatter = float(np.sqrt(np.mean(residual**2)))
    return Slope(exponent, (exponent - half, exponent + half), len(n), scatter)
