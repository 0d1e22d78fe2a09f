"""alpha_K: the exponent of a kernel's spectrum, lambda_i ~ i^-(1 + alpha_K), with an interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import linalg, stats

from ..._typing import Floats
from ...fitting import fit
from ...randomness import RandomSource, generator, root_entropy
from ...tables import estimate
from ...validation import float64_array, integer, share
from .populations import checked_gram, one_blas_thread

_ROUNDING = 1e-14  # part of the largest eigenvalue
_POINTS = 40  # ranks that are fitted, evenly spaced in the logarithm


@dataclass(frozen=True, eq=False)
class KernelExponent:
    """alpha_K over a window of ranks.

    Attributes
    ----------
    exponent : float
        Minus the slope of log eigenvalue against log rank, less 1.
    interval : (low, high)
        From halves of the samples: sampling alone, not the choice of window. Both ends are the
        exponent where the spectrum is exact.
    ranks : (first, last)
    eigenvalues : (last,) float64
        Of the kernel operator: of the Gram matrix over the number of samples.
    drift : float
        Exponent from half of the samples less that from all: where it is beyond the interval, the
        window reaches too far for the number of samples.
    scatter : float
        Root mean square of log10(eigenvalue / law): how far the spectrum is from a power law.
    """

    exponent: float
    interval: tuple[float, float]
    ranks: tuple[int, int]
    eigenvalues: Floats
    drift: float
    scatter: float

    def __str__(self) -> str:
        return estimate(self.exponent, self.interval, ".2f")


def spectrum_exponent(eigenvalues: ArrayLike, *, ranks: tuple[int, int]) -> KernelExponent:
    """Return alpha_K of a known spectrum.

    Parameters
    ----------
    eigenvalues : (R,) array
        Descending, above 0 within the window.
    ranks : (first, last)
        The window, counted from 1, both included; at least a factor 2. Take the ranks that match
        the numbers of samples (features) whose exponent is to be compared: n samples resolve about
        n modes.

    Returns
    -------
    KernelExponent

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or the window does not fit.

    Examples
    --------
    >>> round(spectrum_exponent(np.arange(1.0, 301.0) ** -1.5, ranks=(10, 200)).exponent, 6)
    0.5
    """
    values = float64_array(eigenvalues, "eigenvalues", (1,))
    first, last = _window(ranks, len(values), f"the number of eigenvalues, {len(values)}")
    if values[:last].min() <= 0:
        raise ValueError(
            f"eigenvalues holds {values[:last].min()} within the ranks, but every one there must "
            "be above 0."
        )
    exponent, scatter = _fitted(values, first, last)
    return KernelExponent(
        exponent, (exponent, exponent), (first, last), values[:last].copy(), 0.0, scatter
    )


def kernel_exponent(
    gram: ArrayLike,
    *,
    ranks: tuple[int, int],
    halves: int = 10,
    level: float = 0.95,
    rng: RandomSource = 0,
) -> KernelExponent:
    """Estimate alpha_K from the Gram matrix of a kernel on samples.

    The eigenvalues over n are those of the kernel operator, for ranks well below n. The interval is
    the delete-half jackknife: the spread of the exponent over random halves of the samples, drawn
    without replacement, is the standard error of the whole.

    Parameters
    ----------
    gram : (n, n) array
        K(x_a, x_b); of features it is F F^T.
    ranks : (first, last)
        The window, counted from 1; `last` at most n / 4, so that halves have twice the ranks that
        are used. See `spectrum_exponent` for the choice.
    halves : int
        How many, at least 4.
    level : float
        Nominal coverage of the interval.
    rng : int, SeedSequence or Generator
        Draws the halves.

    Returns
    -------
    KernelExponent

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, the matrix is not symmetric or the window does not fit.

    Examples
    --------
    >>> from ltens.regimes import torus_kernel
    >>> x = np.random.default_rng(0).uniform(0, 2 * np.pi, (400, 1))
    >>> found = kernel_exponent(torus_kernel(x, smoothness=1.0, S=2000), ranks=(4, 40))
    >>> bool(abs(found.exponent - 1.0) < 0.1)
    True
    """
    K = checked_gram(gram)
    count = len(K)
    first, last = _window(ranks, count // 4, f"a quarter of the {count} samples, {count // 4}")
    times = integer(halves, "halves", minimum=4)
    wanted = share(level, "level")
    entropy = root_entropy(rng)
    found = []
    with one_blas_thread():
        values = _largest(K, last)
        for k in range(times):
            half = np.sort(generator(entropy, count, k).permutation(count)[: count // 2])
            found.append(_fitted(_largest(K[np.ix_(half, half)], last), first, last)[0])
    exponent, scatter = _fitted(values, first, last)
    step = float(stats.t.ppf(0.5 + wanted / 2, times - 1) * np.std(found, ddof=1))
    interval = (exponent - step, exponent + step)
    drift = float(np.mean(found)) - exponent
    return KernelExponent(exponent, interval, (first, last), values, drift, scatter)


def _largest(K: Floats, count: int) -> Floats:
    """Return the largest eigenvalues of the operator, descending."""
    size = len(K)
    found = linalg.eigh(
        K, eigvals_only=True, subset_by_index=(size - count, size - 1), check_finite=False
    )
    return np.asarray(found[::-1] / size)


def _fitted(values: Floats, first: int, last: int) -> tuple[float, float]:
    """Return alpha_K and the scatter, ranks evenly spaced in the logarithm."""
    rank = np.unique(np.geomspace(first, last, _POINTS).round().astype(np.int64))
    chosen = values[rank - 1]
    if chosen.min() <= _ROUNDING * values[0]:
        raise ValueError(
            f"the kernel has an eigenvalue {chosen.min():.3g} within the ranks {first} to {last}, "
            "but every one there must be above rounding: lower the last rank."
        )
    law = fit(rank, chosen / chosen[0], model="power_law", bootstrap=0)
    return law.exponent - 1, law.scatter


def _window(ranks: tuple[int, int], most: int, what: str) -> tuple[int, int]:
    try:
        low, high = ranks
    except (TypeError, ValueError):
        raise TypeError(f"ranks is {ranks!r}, but must be a pair (first, last).") from None
    first, last = integer(low, "ranks[0]", minimum=1), integer(high, "ranks[1]", minimum=2)
    if last < 2 * first or last > most:
        raise ValueError(
            f"ranks is ({first}, {last}), but the last must be at least twice the first and at "
            f"most {what}."
        )
    return first, last
