"""Two small problems in which more data does not help as 1/D (Bahri et al., supplement C.3).

Theorem 1 of the paper makes the loss fall as 1/D towards its limit wherever training is smooth.
Each of these breaks one condition: a sample's loss that is not bounded below, for times that grow
with D; and a derivative that is not bounded, at any time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, xlogy

from ..._typing import Floats
from ...randomness import RandomSource, generator, root_entropy
from ...validation import integer, positive, real
from ..features.feature_simulation import Draws


@dataclass(frozen=True)
class NonConvexSamples:
    """Sample losses theta^2/2 with probability a, else -theta^2/2: Example 1.

    Gradient flow for a time T from theta_0 on D samples; the population's loss is
    (a - 1/2) theta^2.

    Parameters
    ----------
    a : float
        Above 1/2 and below 1.
    start : float
        theta_0.

    Raises
    ------
    TypeError, ValueError
        If `a` is out of range or `start` no finite number.

    Examples
    --------
    >>> example = NonConvexSamples(0.7)
    >>> round(example.coefficient(time=1.0), 3)  # of 1/D, relative to the limit
    1.68
    """

    a: float
    start: float = 1.0

    def __post_init__(self) -> None:
        if not 0.5 < real(self.a, "a") < 1:
            raise ValueError(f"a is {self.a}, but must be above 1/2 and below 1.")
        real(self.start, "start")

    def log_loss(self, D: ArrayLike, time: ArrayLike) -> Floats:
        """Return log L(D; T) = log{e^(2T) (a - 1/2) [1 - a (1 - e^(-4T/D))]^D theta_0^2}.

        Broadcasts; also where the loss itself is too large or small for a float.
        """
        D, T = np.asarray(D, dtype=np.float64), np.asarray(time, dtype=np.float64)
        mean = np.log1p(self.a * np.expm1(-4 * T / D))
        return np.asarray(2 * T + D * mean + math.log((self.a - 0.5) * self.start**2))

    def loss(self, D: ArrayLike, time: ArrayLike) -> Floats:
        """Return the loss averaged over data sets."""
        return np.exp(self.log_loss(D, time))

    def limit(self, time: ArrayLike) -> Floats:
        """Return the loss for endless data: (a - 1/2) e^(-4 (a - 1/2) T) theta_0^2."""
        T = np.asarray(time, dtype=np.float64)
        return np.asarray((self.a - 0.5) * self.start**2 * np.exp(-4 * (self.a - 0.5) * T))

    def coefficient(self, time: float) -> float:
        """Return 8 T^2 a (1 - a): L = limit (1 + coefficient / D + ...) at fixed T."""
        return 8 * real(time, "time") ** 2 * self.a * (1 - self.a)

    def rate(self, beta: float) -> float:
        """Return d log L / dD for training times T = beta D: exponential, not a power.

        2 beta + log(1 - a + a e^(-4 beta)), below 0 (the loss falls) for beta below
        `largest_beta` only.

        Examples
        --------
        >>> example = NonConvexSamples(0.7)
        >>> bool(example.rate(0.4) < 0 < example.rate(0.45))
        True
        """
        b = positive(beta, "beta")
        return 2 * b + math.log1p(self.a * math.expm1(-4 * b))

    @property
    def largest_beta(self) -> float:
        """Return 1/2 log[a / (1 - a)], where `rate` changes sign.

        (1 - a) x^2 - x + a = 0 at x = e^(2 beta). The condition beta < |log(1 - a)| / 2 that is
        found from the loss for T >> D is weaker, and not enough.
        """
        return 0.5 * math.log(self.a / (1 - self.a))

    def descend(
        self, D: int, time: float, *, lr: float = 0.01, draws: int = 1000, rng: RandomSource = 0
    ) -> Draws:
        """Run gradient descent on drawn data sets and return the population's losses.

        Parameters
        ----------
        D : int
            Samples in each data set.
        time : float
            T; round(T / lr) steps are taken.
        lr : float
            Learning rate; gradient flow as it goes to 0.
        draws : int
            Data sets.
        rng : int, SeedSequence or Generator

        Returns
        -------
        Draws
        """
        rate, steps = _steps(time, lr)
        signs, entropy = _signs(D, draws, self.a, rng)
        curvature = signs.mean(axis=1)
        theta = np.full(len(curvature), float(self.start))
        for _ in range(steps):
            theta -= rate * curvature * theta
        return Draws((self.a - 0.5) * theta**2, entropy)

    def discrete_loss(self, D: int, time: float, *, lr: float = 0.01) -> float:
        """Return the exact average of `descend` over all data sets, by the binomial sum."""
        rate, steps = _steps(time, lr)
        k, weight = _binomial(integer(D, "D", minimum=1), self.a)
        factor = (1 - rate * (2 * k / D - 1)) ** (2 * steps)
        return float((self.a - 0.5) * self.start**2 * (weight @ factor))


@dataclass(frozen=True)
class UnboundedDerivative:
    """Sample losses theta^2/2 +- |theta|^a / 2a, each with probability 1/2: Example 2.

    Two steps of gradient descent at learning rate 1 from theta = 1 end at |n/D - 1/2|^a, n of the
    D samples having the plus: L(D) ~ D^-a, whatever a is.

    Parameters
    ----------
    a : float
        Above 0.

    Raises
    ------
    TypeError, ValueError
        If `a` is not above 0.

    Examples
    --------
    >>> example = UnboundedDerivative(1.0)
    >>> round(float(example.asymptote(100)), 9), round(example.loss(100), 9)
    (0.00125, 0.00125)
    """

    a: float

    def __post_init__(self) -> None:
        positive(self.a, "a")

    def asymptote(self, D: ArrayLike) -> Floats:
        """Return Gamma(a + 1/2) / (2^(1+a) sqrt(pi)) D^-a: the loss for large D."""
        constant = gammaln(self.a + 0.5) - 0.5 * math.log(math.pi) - (1 + self.a) * math.log(2)
        return np.asarray(np.exp(constant) * np.asarray(D, dtype=np.float64) ** -self.a)

    def loss(self, D: int) -> float:
        """Return the loss averaged over all data sets: E |n/D - 1/2|^2a / 2, by binomial sum."""
        k, weight = _binomial(integer(D, "D", minimum=1), 0.5)
        return float(0.5 * weight @ np.abs(k / D - 0.5) ** (2 * self.a))

    def descend(self, D: int, *, draws: int = 1000, rng: RandomSource = 0) -> Draws:
        """Run the two steps on drawn data sets and return the population's losses, theta^2/2."""
        signs, entropy = _signs(D, draws, 0.5, rng)
        mean = signs.mean(axis=1)
        theta = np.ones(len(mean))
        for _ in range(2):
            size = np.abs(theta)
            kink = np.where(size > 0, np.where(size > 0, size, 1.0) ** (self.a - 1), 0.0)
            theta = theta - (theta + 0.5 * mean * kink * np.sign(theta))
        return Draws(0.5 * theta**2, entropy)


def _steps(time: float, lr: float) -> tuple[float, int]:
    rate, steps = positive(lr, "lr"), round(positive(time, "time") / lr)
    if steps < 1:
        raise ValueError(f"lr is {rate}, but must be at most time, {time}: there is no step.")
    return rate, steps


def _signs(D: int, draws: int, a: float, rng: RandomSource) -> tuple[NDArray[np.int8], int]:
    """Return the sign of each sample, (draws, D), +1 with probability a."""
    count, sets = integer(D, "D", minimum=1), integer(draws, "draws", minimum=1)
    entropy = root_entropy(rng)
    uniform = generator(entropy, count).random((sets, count), dtype=np.float32)
    return np.where(uniform < a, 1, -1).astype(np.int8), entropy


def _binomial(D: int, a: float) -> tuple[Floats, Floats]:
    """Return k = 0 ... D and the probabilities of k."""
    k = np.arange(D + 1, dtype=np.float64)
    ways = gammaln(D + 1) - gammaln(k + 1) - gammaln(D - k + 1)
    return k, np.exp(ways + xlogy(k, a) + xlogy(D - k, 1 - a))
