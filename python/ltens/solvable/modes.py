"""The resolvent of drawn features and samples at complex ridges, for inverse Laplace transforms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Complexes
from ..broadcasting import ENDLESS
from .closed_form import population
from .complex_ridge import complex_sums, follow
from .spectral_sums import blocks
from .spectrum import Spectrum


@dataclass(frozen=True, eq=False)
class OnePoint:
    """One-point functions at complex omega.

    Attributes
    ----------
    delta : complex128
        Delta, in the units of the eigenvalues.
    z, b : complex128
        Sums of lambda/(lambda + Delta) and of v^2 Delta/(lambda + Delta).
    features, samples : complex128
        1 - z/N and 1 - z/T, free of cancellation.
    """

    delta: Complexes
    z: Complexes
    b: Complexes
    features: Complexes
    samples: Complexes


class Modes:
    """A spectrum seen through N features and T samples, the features of variance 1/N.

    Examples
    --------
    >>> modes = Modes(Spectrum([1.0, 0.5]), 1e60, 1e60)  # endless: Delta is omega itself
    >>> complex(modes.at(np.array([1.0 + 1.0j])).delta[0].round(9))
    (1+1j)
    """

    def __init__(self, spectrum: Spectrum, N: float, T: float) -> None:
        self.eigenvalues, target, self.unit = population(spectrum)
        self.target = self.eigenvalues * target if isinstance(target, float) else target
        self.N, self.T = min(N, ENDLESS), min(T, ENDLESS)

    def at(self, omega: Complexes) -> OnePoint:
        """Return the one-point functions at omega, any shape, above the real axis."""
        flat = omega.ravel() / self.unit
        delta = follow(self.eigenvalues, self.N, self.T, flat * self.N * self.T)
        z, _ = complex_sums(self.eigenvalues, delta)
        b = np.empty_like(delta)
        for part in blocks(len(delta), len(self.eigenvalues)):
            d = delta[part, None]
            b[part] = np.einsum("j,ij->i", self.target, d / (self.eigenvalues + d))
        gap = self._gap(flat / delta, z)
        n = min(self.N, self.T)
        features, samples = ((gap + (size - n)) / size for size in (self.N, self.T))
        parts = (delta * self.unit, z, b, features, samples)
        return OnePoint(*(array.reshape(omega.shape) for array in parts))

    def _gap(self, c: Complexes, z: Complexes) -> Complexes:
        """Return s = n - z, the root of s (s + d) = c N T near it; near 0 n - z has no digits."""
        n, d = min(self.N, self.T), abs(self.N - self.T)
        product = c * self.N * self.T
        root = np.sqrt(d**2 + 4 * product)
        root = np.where(
            np.abs(n - z + (d - root) / 2) <= np.abs(n - z + (d + root) / 2), root, -root
        )
        return np.asarray(2 * product / (d + root))
