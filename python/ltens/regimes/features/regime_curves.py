"""The four curves of the four regimes, measured on one population."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..._typing import Floats, Ints
from ...fitting import Law
from ...fitting.fit_losses import fit_mean_power_law
from ...randomness import RandomSource, root_entropy
from ...standard_errors import standard_errors
from ...validation import distinct_integers, integer
from .feature_simulation import simulate
from .gaussian_theory import finite_size_factor, replica
from .populations import Population, checked_population, require_modes


@dataclass(frozen=True, eq=False)
class RegimeCurve:
    """A loss, or an excess over a limit, against one size.

    Attributes
    ----------
    regime : {"variance", "resolution"}
    size : {"D", "P"}
        Which size it is plotted against.
    fixed : int or None
        The other size; None where it is infinite.
    sizes : (W,) int64
    losses : (W, draws) float64
        Variance-limited: each draw's excess over its own limit, never negative.
    theory : (W,) float64
        Of Gaussian features and projections with the same spectrum.
    null_loss : float
    limits : (draws,) float64 or None
        Of the draws, variance-limited only.
    limit_theory : float or None
        The theory's limit.
    """

    regime: str
    size: str
    fixed: int | None
    sizes: Ints
    losses: Floats
    theory: Floats
    null_loss: float
    limits: Floats | None = None
    limit_theory: float | None = None

    @property
    def unit(self) -> tuple[float, float]:
        """Return units for losses and theory: the limit where there is one, else the null loss."""
        if self.limits is None or self.limit_theory is None:
            return self.null_loss, self.null_loss
        return float(self.limits.mean()), self.limit_theory

    @property
    def mean(self) -> Floats:
        """(W,)."""
        return np.asarray(self.losses.mean(axis=1))

    @property
    def standard_error(self) -> Floats:
        """(W,)."""
        return standard_errors(self.losses)

    @property
    def distances(self) -> Floats:
        """The sizes; variance-limited, |D - P| - 1, in which the theory falls as a power of 1."""
        shift = 0 if self.fixed is None else self.fixed + 1
        return self.sizes.astype(np.float64) - shift

    def law(self, *, against: str = "sizes") -> Law:
        """Return the power law of the mean over draws.

        Parameters
        ----------
        against : {"sizes", "distances"}
        """
        x = self.distances if against == "distances" else self.sizes
        return fit_mean_power_law(x, self.losses)

    @property
    def coefficients(self) -> tuple[Floats, Floats]:
        """Excess times distance over fixed size times limit, and its standard error: 1 in theory.

        The ratio of means; its error is that of the draws' own ratios to the common limit.
        """
        if self.limits is None or self.fixed is None:
            raise ValueError(
                f"the curve is {self.regime}-limited, but only a variance-limited one has a "
                "coefficient."
            )
        scale = self.distances / (self.fixed * self.limits.mean())
        # mean of excess - ratio * limit, draw by draw: the delta method for a ratio of means
        ratio = self.mean * scale
        left = self.losses * scale[:, None] - np.outer(ratio, self.limits / self.limits.mean())
        return ratio, standard_errors(left)


@dataclass(frozen=True, eq=False)
class RegimeCurves:
    """All four.

    Attributes
    ----------
    variance_data, variance_features, resolution_data, resolution_features : RegimeCurve
    """

    variance_data: RegimeCurve
    variance_features: RegimeCurve
    resolution_data: RegimeCurve
    resolution_features: RegimeCurve


def measure_regimes(
    population: Population,
    *,
    sizes: ArrayLike,
    fixed: int,
    large_sizes: ArrayLike,
    projection: str = "gaussian",
    draws: int = 8,
    rng: RandomSource = 0,
    threads: int | None = None,
) -> RegimeCurves:
    """Measure both resolution-limited and both variance-limited curves.

    Parameters
    ----------
    population : Population
    sizes : (W,) integers
        Of L(D) and L(P), the other size infinite.
    fixed : int
        The fixed size of the variance-limited curves.
    large_sizes : (V,) integers
        Their other size, above ``fixed + 1``; several times `fixed`, or the curves bend.
    projection : {"gaussian", "selection"}
    draws : int
        At least 2.
    rng : int, SeedSequence or Generator
    threads : int, optional

    Returns
    -------
    RegimeCurves

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> from ltens.regimes import gaussian_features
    >>> from ltens.solvable import Spectrum
    >>> population = gaussian_features(Spectrum.power_law(1.0, M=300))
    >>> curves = measure_regimes(population, sizes=[4, 8, 16], fixed=4, large_sizes=[16, 32, 64])
    >>> bool(abs(curves.variance_data.law(against="distances").exponent - 1) < 0.2)
    True
    """
    checked_population(population)
    n = distinct_integers(sizes, "sizes", minimum=1)
    few = integer(fixed, "fixed", minimum=1)
    require_modes(population, int(n.max()), "sizes")
    require_modes(population, few, "fixed")
    large = distinct_integers(large_sizes, "large_sizes", minimum=1)
    if large.min() < few + 2:
        raise ValueError(
            f"large_sizes holds {large.min()}, but every one must be above fixed + 1 = {few + 1}."
        )
    integer(draws, "draws", minimum=2)
    shared = {"draws": draws, "rng": root_entropy(rng), "threads": threads}

    def losses(**sizes: int) -> Floats:
        features = {"projection": projection} if "P" in sizes else {}
        return simulate(population, **sizes, **features, **shared).losses  # type: ignore[arg-type]

    null = population.null_loss

    def resolution(size: str) -> RegimeCurve:
        found = np.stack([losses(**{size: int(k)}) for k in n])
        return RegimeCurve("resolution", size, None, n, found, replica(population, n), null)

    def variance(size: str, other: str) -> RegimeCurve:
        limits = losses(**{other: few})
        found = np.stack([losses(**{size: int(k), other: few}) - limits for k in large])
        limit = float(replica(population, few))
        theory = limit * (finite_size_factor(large, few) - 1)
        return RegimeCurve("variance", size, few, large, found, theory, null, limits, limit)

    return RegimeCurves(variance("D", "P"), variance("P", "D"), resolution("D"), resolution("P"))
