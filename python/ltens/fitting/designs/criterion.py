"""What a design is judged by: the variance of one number, whatever runs there are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..._typing import Floats

_RIDGE = 1e-12  # of the diagonal: what the runs do not tell apart has a huge variance, not none


class Criterion(ABC):
    """The variance of a number by the runs (K,) at K candidates, measured ones among them."""

    @abstractmethod
    def variance(self, runs: Floats) -> float:
        """Return the variance; infinite where the runs cannot tell."""

    @abstractmethod
    def gains(self, runs: Floats) -> Floats:
        """Return by how much the variance falls with one more run at each candidate (K,)."""

    @abstractmethod
    def quantile(self, runs: Floats, level: float) -> float:
        """Return the half-length of the interval over the standard error."""

    def length(self, runs: Floats, level: float) -> float:
        """Return the expected length of the interval."""
        variance = self.variance(runs)
        if not np.isfinite(variance):
            return float("inf")
        return 2 * self.quantile(runs, level) * float(np.sqrt(variance))


@dataclass(frozen=True, eq=False)
class LinearCriterion(Criterion):
    """The variance c^T M^-1 c of a smooth function of a law's coefficients (c-optimality).

    M = base + sum_k s_k s_k^T / (v_k / n_k + excess) is the information of n_k runs at candidate k,
    s_k the derivatives of its log loss (Silvey 1980, "Optimal Design", section 3; Chernoff 1953
    for a law that is not linear: at the coefficients fitted).

    Attributes
    ----------
    slopes : (K, p) float64
        d log loss / d theta at the candidates.
    noise : (K,) float64
        The variance v of log loss of one run.
    excess : float
        Variance about the law that more runs at the same size do not lower.
    along : (p,) float64
        c, the derivatives of the number that is wanted.
    base : (p, p) float64
        Information of runs that stand at no candidate.
    degrees : function of runs (K,)
        Degrees of freedom of the interval.
    """

    slopes: Floats
    noise: Floats
    excess: float
    along: Floats
    base: Floats
    degrees: Callable[[Floats], float]

    def variance(self, runs: Floats) -> float:
        """Return c^T M^-1 c."""
        direction = self._direction(runs)
        return float(self.along @ direction) if np.isfinite(direction).all() else np.inf

    def gains(self, runs: Floats) -> Floats:
        """Return (s_k^T M^-1 c)^2 times the change of n / (v + n excess)."""
        toward = self.slopes @ self._direction(runs)
        return np.asarray(toward**2 * self.noise / (self.noise + runs * self.excess) ** 2)

    def quantile(self, runs: Floats, level: float) -> float:
        """Return Student's quantile; infinite without degrees of freedom."""
        return student(self.degrees(runs), level)

    def _direction(self, runs: Floats) -> Floats:
        weights = runs / (self.noise + runs * self.excess)
        matrix = self.base + (self.slopes.T * weights) @ self.slopes
        root = np.sqrt(np.diag(matrix))
        if not (root > 0).all():
            return np.full(len(root), np.inf)
        scaled = matrix / root[:, None] / root + _RIDGE * np.eye(len(root))
        return np.asarray(np.linalg.solve(scaled, self.along / root) / root)


@dataclass(frozen=True, eq=False)
class EndCriterion(Criterion):
    """The variance of the exponent at the large end: of the line through the log statistics there.

    Attributes
    ----------
    u : (K,) float64
        Log sizes, all of them within the large end.
    noise : (K,) float64
    half : float
        The half-length of the interval over the standard error.
    """

    u: Floats
    noise: Floats
    half: float

    def variance(self, runs: Floats) -> float:
        """Return sum_k a_k^2 v_k / n_k, a the weights of least squares."""
        weights, used = self._weights(runs)
        if used.sum() < 3:
            return float("inf")
        return float((weights[used] ** 2 * self.noise[used] / runs[used]).sum())

    def gains(self, runs: Floats) -> Floats:
        """Return a_k^2 v_k / n_k^2; 0 at sizes without runs, which would change the line."""
        weights, used = self._weights(runs)
        return np.where(used, weights**2 * self.noise / np.where(used, runs, 1.0) ** 2, 0.0)

    def quantile(self, runs: Floats, level: float) -> float:
        """Return the quantile of the studentised bootstrap, as it was measured."""
        return self.half

    def _weights(self, runs: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        used = runs > 0
        centred = np.where(used, self.u - self.u[used].mean(), 0.0) if used.any() else 0 * self.u
        return -centred / max(float(centred @ centred), 1e-300), used


def student(degrees: float, level: float) -> float:
    """Return Student's two-sided quantile; infinite without degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, (1 + level) / 2)) if degrees > 0 else float("inf")
