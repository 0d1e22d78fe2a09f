"""Power laws: what the closed form becomes for eigenvalues far from both ends of the spectrum.

With eigenvalue_I = largest * I^-(1 + alpha) and smallest << Delta << largest the sum over modes is
an integral, z = rho (largest / Delta)^(1/(1+alpha)), rho = [pi/(1+alpha)] / sin[pi/(1+alpha)].
Ridgeless: Maloney, Roberts & Sully (2022). With a ridge, and the best one: the content of
Zhang (2024), derived anew here. Sizes must be far below M; how far is seen beside `theory`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..broadcasting import amounts, sizes, together
from ..validation import integer, positive


@dataclass(frozen=True)
class Asymptotics:
    """The laws of a power-law spectrum with an isotropic target, for 1 << N, T << M.

    Parameters
    ----------
    alpha : float
        The spectrum falls as I^-(1 + alpha); above 0.
    M : int
        Dimension of the latent space.
    largest : float
        The largest eigenvalue.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> law = Asymptotics(alpha=1.0, M=1500)
    >>> float(law.optimal_z(100, 300)), float(law.optimal_ridge(100, 300) * 1500 / math.pi**2)
    (75.0, 0.25)
    """

    alpha: float
    M: int
    largest: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "alpha", positive(self.alpha, "alpha"))
        object.__setattr__(self, "M", integer(self.M, "M", minimum=1))
        object.__setattr__(self, "largest", positive(self.largest, "largest"))

    @property
    def rho(self) -> float:
        """The integral of 1 / (1 + u^(1+alpha)) over u > 0."""
        angle = math.pi / (1 + self.alpha)
        return angle / math.sin(angle)

    def delta(self, z: ArrayLike) -> Any:
        """Return Delta at which z modes are learned: largest * (rho / z)^(1 + alpha).

        Examples
        --------
        >>> float(Asymptotics(1.0, M=10**6).delta(100.0).round(6))
        0.000247
        """
        return self.largest * (self.rho / sizes(z, "z")) ** (1 + self.alpha)

    def ridgeless_loss(self, N: ArrayLike, T: ArrayLike) -> Any:
        """Return the test loss without ridge and noise: (7) of docs/guide/solvable.md.

        With n the smaller and m the larger of N and T, amplitude * n^-alpha / (1 - n/m): the
        exponent alpha in whichever of the two limits.

        Examples
        --------
        >>> law = Asymptotics(1.0, M=10**6)
        >>> float((law.ridgeless_loss(100, np.inf) / law.ridgeless_loss(200, np.inf)).round(9))
        2.0
        """
        n, t = together({"N": sizes(N, "N"), "T": sizes(T, "T")})
        low, high = np.minimum(n, t), np.maximum(n, t)
        with np.errstate(divide="ignore"):
            return (self.amplitude * low**-self.alpha / (1 - low / high))[()]

    def ridge_at(self, z: ArrayLike, N: ArrayLike, T: ArrayLike) -> Any:
        """Return the ridge at which z modes are learned: Delta (N - z)(T - z) / M.

        Examples
        --------
        >>> float(Asymptotics(1.0, M=10**6).ridge_at(100.0, 100, 400))
        0.0
        """
        modes = sizes(z, "z")
        return self.delta(modes) * (sizes(N, "N") - modes) * (sizes(T, "T") - modes) / self.M

    def loss_at(self, z: ArrayLike, N: ArrayLike, T: ArrayLike) -> Any:
        """Return the test loss without noise for z modes learned: (8) of docs/guide/solvable.md.

        Together with `ridge_at` this draws the loss against the ridge without solving anything.

        Examples
        --------
        >>> law = Asymptotics(1.0, M=10**6)
        >>> bool(np.isclose(law.loss_at(100.0, 100, 400), law.ridgeless_loss(100, 400)))
        True
        """
        modes, n, t = sizes(z, "z"), sizes(N, "N"), sizes(T, "T")
        jacobian = (1 + self.alpha) * (n - modes) * (t - modes) + modes * (n + t - 2 * modes)
        return self.amplitude * n * t * modes**-self.alpha / jacobian

    def optimal_z(self, N: ArrayLike, T: ArrayLike) -> Any:
        """Return the modes learned at the best ridge, without noise.

        The root below min(N, T) of (N - z)(T - z) = 2 z^2 / [alpha (1 + alpha)].

        Examples
        --------
        >>> float(Asymptotics(2.0, M=10**6).optimal_z(100, 100).round(3))
        63.397
        """
        n, t = together({"N": sizes(N, "N"), "T": sizes(T, "T")})
        b = self.alpha * (1 + self.alpha)
        root = np.sqrt((b * (n + t)) ** 2 - 4 * b * (b - 2) * n * t)
        return (2 * b * n * t / (b * (n + t) + root))[()]

    def optimal_ridge(self, N: ArrayLike, T: ArrayLike, noise: ArrayLike = 0.0) -> Any:
        """Return the best ridge: (9) of docs/guide/solvable.md, plus N noise^2.

        For alpha = 1 and no noise pi^2 largest / (4 M), whatever the sizes. The noise term is exact
        as N goes to infinity (the Bayes ridge) and was verified for alpha = 1 only.

        Examples
        --------
        >>> law = Asymptotics(1.0, M=1000)
        >>> float((law.optimal_ridge(100, 400, noise=0.01) - law.optimal_ridge(7, 7)).round(9))
        0.01
        """
        b = self.alpha * (1 + self.alpha)
        z = self.optimal_z(N, T)
        ridge = self.largest / self.M * self.rho ** (1 + self.alpha) * 2 * z ** (1 - self.alpha) / b
        return ridge + sizes(N, "N") * amounts(noise, "noise") ** 2

    def optimal_loss(self, N: ArrayLike, T: ArrayLike) -> Any:
        """Return the test loss at the best ridge, without noise.

        For alpha = 1 exactly amplitude * (1/N + 1/T): (10) of docs/guide/solvable.md.

        Examples
        --------
        >>> law = Asymptotics(1.0, M=1000)
        >>> float((law.optimal_loss(100, 300) / law.phenomenological_loss(100, 300)).round(12))
        1.0
        """
        return self.loss_at(self.optimal_z(N, T), N, T)

    def phenomenological_loss(self, N: ArrayLike, T: ArrayLike) -> Any:
        """Return amplitude * (1/N + 1/T)^alpha, the form fitted to data at the best ridge.

        Equal to `optimal_loss` for alpha = 1 or far from N = T; at N = T it is 10 % low for
        alpha = 1/2 and 39 % high for alpha = 2.

        Examples
        --------
        >>> law = Asymptotics(2.0, M=1000)
        >>> float((law.phenomenological_loss(100, 100) / law.optimal_loss(100, 100)).round(2))
        1.39
        """
        n, t = together({"N": sizes(N, "N"), "T": sizes(T, "T")})
        return (self.amplitude * (1 / n + 1 / t) ** self.alpha)[()]

    @property
    def amplitude(self) -> float:
        """The factor before n^-alpha of the ridgeless loss far from its peak."""
        return float(self.largest / (2 * self.M) * self.rho ** (1 + self.alpha))

    @property
    def ridgeless_ratio(self) -> float:
        """The ratio of the larger to the smaller of N and T that is best at ridge 0 and fixed NT.

        (2 + alpha) / alpha: the peak at N = T pushes it away from 1, where the best ridge has it.
        """
        return (2 + self.alpha) / self.alpha
