"""The ridge with the lowest test loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Floats
from ..broadcasting import amounts, sizes, together
from .closed_form import Points, loss_at, population
from .renormalised_ridge import solve
from .spectral_sums import shortfall, sums
from .spectrum import Spectrum, checked_spectrum

_COARSE = 32
_REFINEMENTS = 28  # golden section: 0.618^28 = 1e-6 of two coarse steps, 1e-12 of the loss
_GOLDEN = 0.5 * (5**0.5 - 1)


@dataclass(frozen=True, eq=False)
class BestRidge:
    """The best ridge and what it gives, in the shape N, T and noise broadcast to.

    Attributes
    ----------
    ridge : float64
        0 where any ridge hurts.
    test_loss : float64
    z : float64
        Modes learned.
    """

    ridge: Any
    test_loss: Any
    z: Any


def optimal_ridge(
    spectrum: Spectrum, *, N: ArrayLike, T: ArrayLike, noise: ArrayLike = 0.0
) -> BestRidge:
    """Return the ridge of the lowest closed-form test loss.

    Minimised over Delta, not the ridge: the ridge follows from Delta without solving anything
    (`Asymptotics.optimal_ridge` is the closed form for M to infinity, Zhang 2024). A coarse grid
    finds the basin, golden section its bottom.

    Parameters
    ----------
    spectrum : Spectrum
    N, T, noise : float or array
        As in `theory`, but finite.

    Returns
    -------
    BestRidge

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, out of range, or the shapes do not broadcast.

    Examples
    --------
    >>> best = optimal_ridge(Spectrum.power_law(1.0, M=100_000), N=200, T=200)
    >>> float((best.ridge * 100_000).round(2))  # the closed form for M to infinity: 2.467
    2.46
    """
    checked_spectrum(spectrum)
    arrays = {"N": sizes(N, "N"), "T": sizes(T, "T"), "noise": amounts(noise, "noise")}
    for name in ("N", "T"):
        if np.isinf(arrays[name]).any():
            raise ValueError(f"{name} holds inf, but must be finite to have a best ridge.")
    broadcast = together(arrays)
    shape = broadcast[0].shape
    n, t, sigma = (np.ravel(array) for array in broadcast)
    problem = _LossOverRidge(spectrum, n, t, sigma)
    ridge, loss, z = problem.minimise()
    return BestRidge(*(array.reshape(shape)[()] for array in (ridge, loss, z)))


class _LossOverRidge:
    """The test loss as a function of log Delta, at P points (N, T, noise)."""

    def __init__(self, spectrum: Spectrum, N: Floats, T: Floats, noise: Floats) -> None:
        self.eigenvalues, self.target, self.unit = population(spectrum)
        self.M, self.N, self.T = spectrum.M, N, T
        self.points = Points(N, T, np.zeros_like(N), noise)
        self.ridgeless, self.gap = solve(self.eigenvalues, N, T, np.zeros_like(N))

    def loss(self, x: Floats) -> Floats:
        """Return the loss at log Delta = x, infinite where no ridge gives that Delta."""
        delta = np.exp(x)
        found = sums(self.eigenvalues, self.target, delta)
        gap = np.minimum(self.N, self.T) - found.z
        with np.errstate(divide="ignore", invalid="ignore"):
            parts = loss_at(found, self.points, gap, delta, len(self.eigenvalues))
        return np.where(gap > 0, parts[0] + parts[1], np.inf)

    def minimise(self) -> tuple[Floats, Floats, Floats]:
        """Return ridge, loss and z at the minimum over Delta, or without ridge if that is lower."""
        low, high = self._range()
        steps = np.linspace(0, 1, _COARSE)
        grid = low + (high - low) * steps[:, None]
        losses = np.stack([self.loss(x) for x in grid])
        best = np.argmin(losses, axis=0)
        columns = np.arange(len(low))
        x = self._golden(
            grid[np.maximum(best - 1, 0), columns], grid[np.minimum(best + 1, _COARSE - 1), columns]
        )
        loss, delta = self.loss(x), np.exp(x)
        without = self._loss_without_ridge()
        delta = np.where(without <= loss, self.ridgeless, delta)
        gap = shortfall(self.eigenvalues, np.minimum(self.N, self.T), delta)[0]
        gap = np.where(without <= loss, self.gap, gap)
        gamma = delta * gap * (gap + np.abs(self.N - self.T))
        gamma = np.where(without <= loss, 0.0, gamma * (self.unit / self.M))
        return gamma, np.minimum(loss, without), np.minimum(self.N, self.T) - gap

    def _range(self) -> tuple[Floats, Floats]:
        """Return log Delta from just above the ridgeless one to far above any use.

        The noise asks for a ridge of about N noise^2, so for Delta of about M noise^2 / T.
        """
        tiny = self.eigenvalues[-1] * 1e-3
        low = np.maximum(self.ridgeless, tiny)
        high = 1e3 * np.maximum(1.0, self.M / self.unit * self.points.noise**2 / self.T)
        return np.log(low), np.log(high)

    def _golden(self, a: Floats, b: Floats) -> Floats:
        """Return the minimum of the loss between a and b by golden section, all points at once."""
        left, right = b - _GOLDEN * (b - a), a + _GOLDEN * (b - a)
        f_left, f_right = self.loss(left), self.loss(right)
        for _ in range(_REFINEMENTS):
            to_left = f_left <= f_right
            a, b = np.where(to_left, a, left), np.where(to_left, right, b)
            new = np.where(to_left, b - _GOLDEN * (b - a), a + _GOLDEN * (b - a))
            f_new = self.loss(new)
            left, right, f_left, f_right = (
                np.where(to_left, new, right),
                np.where(to_left, left, new),
                np.where(to_left, f_new, f_right),
                np.where(to_left, f_left, f_new),
            )
        return 0.5 * (a + b)

    def _loss_without_ridge(self) -> Floats:
        found = sums(self.eigenvalues, self.target, self.ridgeless)
        with np.errstate(divide="ignore", invalid="ignore"):
            signal, noise = loss_at(
                found, self.points, self.gap, self.ridgeless, len(self.eigenvalues)
            )
        return np.asarray(signal + noise)
