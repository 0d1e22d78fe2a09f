"""How to split a budget between features and samples."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .._typing import Floats
from ..broadcasting import positive_ridge
from ..validation import one_of, positive
from .closed_form import theory
from .ridge_choice import optimal_ridge
from .spectrum import Spectrum, checked_spectrum

_COARSE = 33
_REFINEMENTS = 4  # each narrows the range of log(T/N) 16-fold, in all to 3e-4


@dataclass(frozen=True)
class Split:
    """The best N and T of a budget.

    Attributes
    ----------
    N, T : float
        Real numbers: round them.
    ridge : float
    test_loss : float
    """

    N: float
    T: float
    ridge: float
    test_loss: float

    @property
    def ratio(self) -> float:
        """T / N."""
        return self.T / self.N


def optimal_split(
    spectrum: Spectrum,
    *,
    budget: float,
    of: str = "product",
    ridge: float | str = "optimal",
    noise: float = 0.0,
) -> Split:
    """Return the N and T of the lowest test loss under a budget.

    With the best ridge and no noise the answer is N = T (equiparameterisation, Maloney, Roberts &
    Sully 2022). Without a ridge the peak at N = T splits the optimum in two, at ratios
    (2 + alpha) / alpha and its inverse for a power law; they are equally good if the target is
    isotropic and there is no noise, and the one with T > N is then returned.

    Parameters
    ----------
    spectrum : Spectrum
    budget : float
        N T (the cost of one pass over the data) or N + T.
    of : {"product", "sum"}
    ridge : float or "optimal"
    noise : float

    Returns
    -------
    Split

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, unknown or out of range.

    Examples
    --------
    >>> split = optimal_split(Spectrum.power_law(1.0, M=5000), budget=10_000)
    >>> round(split.ratio, 2)
    1.0
    """
    checked_spectrum(spectrum)
    total = positive(budget, "budget")
    one_of(of, ("product", "sum"), "of")
    if isinstance(ridge, str):
        one_of(ridge, ("optimal",), "ridge")
    else:
        positive_ridge(ridge)
    positive_ridge(noise, "noise")
    low, high = -math.log(1e4), math.log(1e4)
    for _ in range(1 + _REFINEMENTS):
        x = np.linspace(high, low, _COARSE)  # T > N first: it wins ties
        N, T = _sizes(x, total, of)
        loss, gamma = _losses(spectrum, N, T, ridge, noise)
        best = int(np.argmin(np.where(loss <= loss.min() * (1 + 1e-12), -1.0, loss)))
        high, low = x[max(best - 1, 0)], x[min(best + 1, _COARSE - 1)]
    return Split(float(N[best]), float(T[best]), float(gamma[best]), float(loss[best]))


def _sizes(log_ratio: Floats, budget: float, of: str) -> tuple[Floats, Floats]:
    """Return N and T of the budget with T / N = exp(log_ratio)."""
    ratio = np.exp(log_ratio)
    N = np.sqrt(budget / ratio) if of == "product" else budget / (1 + ratio)
    return N, N * ratio


def _losses(
    spectrum: Spectrum,
    N: Floats,
    T: Floats,
    ridge: float | str,
    noise: float,
) -> tuple[Floats, Floats]:
    if isinstance(ridge, str):
        best = optimal_ridge(spectrum, N=N, T=T, noise=noise)
        return best.test_loss, best.ridge
    found = theory(spectrum, N=N, T=T, ridge=ridge, noise=noise)
    return found.test_loss, np.full_like(N, ridge)
