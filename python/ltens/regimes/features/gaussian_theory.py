"""Gaussian features: the replica curve, and one closed form that holds in all four regimes.

With m = max(D, P), n = min(D, P) and l(n) = L(D = n, P = infinity) = L(D = infinity, P = n),

    L(D, P) = l(n) (m - 1) / (m - n - 1),     infinite for m - n <= 1

Exact in m: for D > P it is the mean loss of least squares with Gaussian residual, for P > D that of
the Gaussian projections outside the span of the data (for any data), both by the mean of an inverse
Wishart matrix. l(n) is the replica curve of Bordelon, Canatar & Pehlevan (2020),

    1 = sum_i lambda_i / (kappa + n lambda_i),  gamma = sum_i n lambda_i^2 / (kappa + n lambda_i)^2
    l(n) = kappa^2 / (1 - gamma) sum_i (lambda_i / 2S) / (kappa + n lambda_i)^2

which is the closed form of `ltens.solvable` for N to infinity, kappa = n Delta; it is exact as n
grows. Four regimes follow: l(n) falls as n^-alpha_K (resolution-limited, in D and in P), and
L(D, P) - L(P) = L(P) P / (D - P - 1), L(D, P) - L(D) = L(D) D / (P - D - 1) (variance-limited).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ...broadcasting import sizes, together
from ...solvable.closed_form import theory
from ...solvable.spectrum import Spectrum
from .populations import Population


def replica(spectrum: Spectrum | Population, n: ArrayLike) -> Any:
    """Return l(n), the loss of n samples with endless features, or of n features.

    Parameters
    ----------
    spectrum : Spectrum or Population
        A Spectrum's target is not used: the teacher is isotropic, 1/S.
    n : float or array
        Numbers of samples, or of features; real, above 0.

    Returns
    -------
    float64, of the shape of `n`

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> from ltens.solvable import Spectrum
    >>> spectrum = Spectrum.power_law(1.0, M=100_000)
    >>> (replica(spectrum, [100, 200]) * 2e5 * [100, 200]).round(3)  # to pi^2/4 = 2.467
    array([2.441, 2.451])
    """
    return theory(_isotropic(spectrum), N=np.inf, T=sizes(n, "n")).test_loss


def finite_size_factor(D: ArrayLike, P: ArrayLike) -> Any:
    """Return (m - 1) / (m - n - 1), by which L(D, P) is above the loss of the smaller size alone.

    Parameters
    ----------
    D, P : float or array
        Above 0, infinity allowed; they broadcast.

    Returns
    -------
    float64
        Infinite where the sizes differ by 1 or less.

    Raises
    ------
    TypeError, ValueError
        If a size is not above 0 or the shapes do not broadcast.

    Examples
    --------
    >>> finite_size_factor([11, 12, 16, float("inf")], 10)
    array([inf, 11.,  3.,  1.])
    """
    samples, features = together({"D": sizes(D, "D"), "P": sizes(P, "P")})
    large, small = np.maximum(samples, features), np.minimum(samples, features)
    endless = np.isinf(large)
    gap = np.where(endless, 1.0, large) - np.where(endless, 0.0, small) - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(gap > 0, (large - 1) / gap, np.inf)
    return np.where(endless, 1.0, factor)[()]


def closed_form(spectrum: Spectrum | Population, *, D: ArrayLike, P: ArrayLike) -> Any:
    """Return L(D, P) of Gaussian features and projections, in all four regimes.

    Parameters
    ----------
    spectrum : Spectrum or Population
    D, P : float or array
        Samples and features, above 0, infinity allowed; they broadcast.

    Returns
    -------
    float64
        Averaged over teachers, data and projections; infinite where D and P differ by 1 or less.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> from ltens.solvable import Spectrum
    >>> spectrum = Spectrum.power_law(1.0, M=1000)
    >>> loss = closed_form(spectrum, D=[40, 160, float("inf")], P=20)
    >>> (loss / replica(spectrum, 20)).round(3)
    array([2.053, 1.144, 1.   ])
    """
    samples, features = together({"D": sizes(D, "D"), "P": sizes(P, "P")})
    limit = theory(_isotropic(spectrum), N=np.inf, T=np.minimum(samples, features)).test_loss
    factor = np.asarray(finite_size_factor(samples, features))
    # Where the smaller size spans every mode the loss is 0, also next to the peak.
    return np.where(limit > 0, limit * np.where(limit > 0, factor, 1.0), 0.0)[()]


def _isotropic(spectrum: Spectrum | Population) -> Spectrum:
    """Return the spectrum with its target lambda_I / S."""
    if isinstance(spectrum, Population):
        return spectrum.spectrum
    if isinstance(spectrum, Spectrum):
        return spectrum if spectrum.target is None else Spectrum(spectrum.eigenvalues)
    raise TypeError(
        f"spectrum is {spectrum!r}, but must be a ltens.solvable.Spectrum or a Population."
    )
