"""The eigenvalues of the features' second-moment matrix Phi Phi^T, in the limit of large sizes.

Tr (Phi Phi^T + gamma)^-1 = (N - z)/gamma, so the density of eigenvalues is
rho(s) = (1/pi) Im[(N - z)/gamma] at gamma = -s - i0. The number of eigenvalues above s needs no
integration: d log det(Phi Phi^T + gamma) = (N - z) d log gamma integrates to

    log det = N log gamma~ + sum_I log(1 + lambda_I/Delta) - 2z - N log(1 - z/N) - T log(1 - z/T)

up to a constant, whose imaginary part at gamma = -s + i0 is pi times the number below s.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Complexes, Floats
from ..validation import float64_array, integer, positive
from .closed_form import population
from .complex_ridge import complex_sums, follow
from .spectral_sums import blocks
from .spectrum import Spectrum, checked_spectrum

_ANGLE = 1e-7  # off the negative axis: smears an edge over this part of its s
_GRID = 257
_REFINEMENTS = 4  # of the interpolation between the points of the grid


def feature_density(spectrum: Spectrum, s: ArrayLike, *, N: float, T: float) -> Floats:
    """Return the density of the eigenvalues of Phi Phi^T at s.

    Phi = u X are N features of T samples, u ~ N(0, 1/M). The density integrates to the rank,
    min(N, T, M); eigenvalues 0 are not in it.

    Parameters
    ----------
    spectrum : Spectrum
    s : (P,) array
        Above 0.
    N, T : float
        Numbers of features and samples.

    Returns
    -------
    (P,) float64
        Eigenvalues per unit of s.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> spectrum = Spectrum(np.full(4000, 1.0))  # Marchenko-Pastur in this limit: M >> N, T
    >>> bool(feature_density(spectrum, [200.0], N=100, T=200)[0] > 0)
    True
    """
    points, N, T = _checked(spectrum, s, N, T)
    delta = _near_axis(spectrum, points, N, T)
    z, _ = complex_sums(population(spectrum)[0], delta)
    # gamma above the cut: Im[(N - z)/(-s)] = Im z / s is -pi rho there.
    return np.maximum(-z.imag, 0) / (math.pi * points)


def count_above(spectrum: Spectrum, s: ArrayLike, *, N: float, T: float) -> Floats:
    """Return the expected number of eigenvalues of Phi Phi^T above s.

    Parameters
    ----------
    spectrum : Spectrum
    s : (P,) array
        Above 0.
    N, T : float

    Returns
    -------
    (P,) float64

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> spectrum = Spectrum.power_law(1.0, M=1500)
    >>> count_above(spectrum, [1e-7, 1e9], N=200, T=400).round(3)
    array([200.,   0.])
    """
    points, N, T = _checked(spectrum, s, N, T)
    eigenvalues = population(spectrum)[0]
    delta = _near_axis(spectrum, points, N, T)
    z, _ = complex_sums(eigenvalues, delta)
    total = -2 * z - N * np.log(1 - z / N) - T * np.log(1 - z / T)
    for part in blocks(len(points), len(eigenvalues)):
        total[part] += np.log(1 + eigenvalues / delta[part, None]).sum(axis=1)
    return -total.imag / math.pi  # N log gamma~ holds pi for each eigenvalue


def feature_eigenvalues(spectrum: Spectrum, *, N: int, T: int) -> Floats:
    """Return the typical i-th eigenvalue of Phi Phi^T, i = 1 ... min(N, T, rank), descending.

    Where `count_above` is i - 1/2. They follow T N / M times the spectrum, then fall off at
    i = min(N, T): the kink of Maloney, Roberts & Sully (2022).

    Parameters
    ----------
    spectrum : Spectrum
    N, T : int

    Returns
    -------
    (min(N, T, rank),) float64

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> s = feature_eigenvalues(Spectrum.power_law(1.0, M=300), N=10, T=40)
    >>> s.shape, bool((np.diff(s) < 0).all())
    ((10,), True)
    """
    checked_spectrum(spectrum)
    n, t = integer(N, "N", minimum=1), integer(T, "T", minimum=1)
    count = min(n, t, spectrum.rank)
    wanted = np.arange(count, dtype=np.float64) + 0.5
    scale = n * t / spectrum.M
    high = math.log(8 * scale * float(spectrum.eigenvalues.sum()))
    low = math.log(scale * float(spectrum.eigenvalues[spectrum.rank - 1]) * 1e-8)
    return np.exp(_invert(spectrum, wanted, low, high, N=n, T=t))


def _invert(
    spectrum: Spectrum, wanted: Floats, low: float, high: float, *, N: int, T: int
) -> Floats:
    """Return log s where `count_above` is as wanted, by false position between points of a grid."""
    grid = np.linspace(low, high, _GRID, dtype=np.float64)
    above = count_above(spectrum, np.exp(grid), N=N, T=T)
    right = np.clip(np.searchsorted(-above, -wanted), 1, _GRID - 1)
    a, b, f_a, f_b = grid[right - 1], grid[right], above[right - 1], above[right]
    x = 0.5 * (a + b)
    for _ in range(_REFINEMENTS):
        part = (f_a - wanted) / np.maximum(f_a - f_b, 1e-12)
        x = a + (b - a) * np.clip(part, 0.02, 0.98)  # off the ends, so that both close in
        f = count_above(spectrum, np.exp(x), N=N, T=T)
        more = f > wanted
        a, f_a = np.where(more, x, a), np.where(more, f, f_a)
        b, f_b = np.where(more, b, x), np.where(more, f_b, f)
    return a + (b - a) * (f_a - wanted) / np.maximum(f_a - f_b, 1e-12)


def _checked(spectrum: Spectrum, s: ArrayLike, N: float, T: float) -> tuple[Floats, float, float]:
    checked_spectrum(spectrum)
    points = float64_array(s, "s", (1,))
    if points.size and points.min() <= 0:
        raise ValueError(f"s holds {points.min()}, but every one must be above 0.")
    return points, positive(N, "N"), positive(T, "T")


def _near_axis(spectrum: Spectrum, s: Floats, N: float, T: float) -> Complexes:
    """Return Delta just above the negative axis, gamma~ = s M exp(i (pi - angle))."""
    eigenvalues, _, unit = population(spectrum)
    ridges = s * (spectrum.M / unit) * np.exp(1j * (math.pi - _ANGLE))
    return follow(eigenvalues, N, T, ridges)
