"""An exponent with its interval from values that carry standard errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from .._typing import Floats


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
    chi2 : float
        Mean square of log(value / law) in units of its standard error, per degree of freedom:
        about 1 where the law holds; far above 1 the values follow no power, whatever the interval.
        NaN if a value has no error.
    """

    exponent: float
    interval: tuple[float, float]
    sizes: int
    scatter: float
    chi2: float

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
    chi2 = _chi2(np.log(n), np.log(v), e / v)
    return Slope(exponent, (exponent - half, exponent + half), len(n), scatter, chi2)


def _chi2(x: Floats, y: Floats, error: Floats) -> float:
    """Return chi^2 per degree of freedom of the line that the errors weight; NaN without errors."""
    if not (error > 0).all():
        return float("nan")
    fitted = np.polyval(np.polyfit(x, y, 1, w=1 / error), x)
    return float(np.sum(((y - fitted) / error) ** 2) / (len(x) - 2))
