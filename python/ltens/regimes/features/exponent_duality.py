"""alpha_D, alpha_P and alpha_K of one population, with intervals: the duality of data and model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..._typing import Floats
from ...fitting import Law
from ...fitting.fit_losses import fit_mean_power_law
from ...randomness import RandomSource
from ...tables import estimate
from ...validation import distinct_integers, integer
from .feature_simulation import simulate
from .gaussian_theory import replica
from .populations import Population, checked_population, require_modes
from .spectrum_exponents import KernelExponent, kernel_exponent, spectrum_exponent


@dataclass(frozen=True, eq=False)
class Duality:
    """The exponents, and the curves they come from.

    Attributes
    ----------
    data, features : Law
        L(D) and L(P), as power laws of the mean over draws.
    kernel : KernelExponent
    theory : (W,) float64
        The replica curve of the spectrum at the sizes.
    theory_exponent : float
        Its own exponent over the sizes; this, not alpha_K, is what Gaussian features should show.
    """

    data: Law
    features: Law
    kernel: KernelExponent
    theory: Floats
    theory_exponent: float

    @property
    def ratio(self) -> tuple[Floats, Floats]:
        """L(D = n) / L(P = n) and its standard error, both (W,)."""
        error = np.hypot(self.data.standard_errors, self.features.standard_errors)
        ratio = self.data.losses / self.features.losses
        return ratio, ratio * error

    def cells(self, name: str) -> list[str]:
        """Return the cells under `HEADS`; the last one is the mean ratio."""
        cells = [name, str(self.kernel), exponent_text(self.data), exponent_text(self.features)]
        return [*cells, f"{self.theory_exponent:.3f}", f"{self.ratio[0].mean():.3f}"]


HEADS = ("population", "alpha_K", "alpha_D", "alpha_P", "replica curve", "L_D / L_P")


def duality(
    population: Population,
    sizes: ArrayLike,
    *,
    ranks: tuple[int, int],
    projection: str = "gaussian",
    draws: int = 8,
    rng: RandomSource = 0,
    threads: int | None = None,
) -> Duality:
    """Measure alpha_D and alpha_P over the same sizes, and alpha_K over ranks.

    Parameters
    ----------
    population : Population
        From `gaussian_features`, `feature_rows` or `torus_features`.
    sizes : (W,) integers
        Numbers of samples, and of features; at least 3, far below the population's S.
    ranks : (first, last)
        Window of the spectrum: those that match the sizes.
    projection : {"gaussian", "selection"}
        As in `simulate`.
    draws : int
        At least 2.
    rng : int, SeedSequence or Generator
    threads : int, optional

    Returns
    -------
    Duality

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> from ltens.regimes import gaussian_features
    >>> from ltens.solvable import Spectrum
    >>> population = gaussian_features(Spectrum.power_law(1.0, M=1000))
    >>> found = duality(population, [8, 16, 32, 64], ranks=(8, 64), draws=8)
    >>> round(found.kernel.exponent, 6), bool(abs(found.data.exponent - 1) < 0.15)
    (1.0, True)
    """
    checked_population(population)
    n = np.sort(distinct_integers(sizes, "sizes", minimum=1))
    require_modes(population, int(n[-1]), "sizes")
    count = integer(draws, "draws", minimum=2)
    if population.rows is None:
        kernel = spectrum_exponent(population.eigenvalues, ranks=ranks)
    else:
        kernel = kernel_exponent(population.rows.T @ population.rows, ranks=ranks)
    data, features = (
        [
            simulate(population, draws=count, rng=rng, threads=threads, **each).losses
            for each in cases
        ]
        for cases in (
            [{"D": int(k)} for k in n],
            [{"P": int(k), "projection": projection} for k in n],
        )
    )
    theory = np.asarray(replica(population, n))
    curve = fit_mean_power_law(n, theory[:, None])
    return Duality(
        fit_mean_power_law(n, data), fit_mean_power_law(n, features), kernel, theory, curve.exponent
    )


def exponent_text(law: Law) -> str:
    """Return the exponent and its 95 % interval, if it has one.

    Examples
    --------
    >>> exponent_text(fit_mean_power_law([1, 2, 4], np.array([[4.0], [2.0], [1.0]])))
    '1.000'
    """
    if not law.has_interval:
        return f"{law.exponent:.3f}"
    return estimate(law.exponent, law.interval(), ".3f")
