"""The quantisation model: skills learned in the order of how often they are needed.

    p_k = k^-(1 + alpha) / zeta(1 + alpha)          use of quantum k = 1, 2, ...
    L_n = a + (b - a) sum_{k > n} p_k               n quanta learned

Michaud, Liu, Girit & Tegmark, arXiv 2303.13506, section 2 and appendix A.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..._typing import Floats
from ...randomness import RandomSource, root_entropy
from ...validation import distinct_integers, float64_array, integer, positive, real


@dataclass(frozen=True)
class Quanta:
    """The model.

    Attributes
    ----------
    alpha : float
        Of the use frequencies k^-(1 + alpha); the exponent in parameters.
    known, unknown : float
        a and b: the loss on a sample whose quantum is learned, and is not.

    Examples
    --------
    >>> model = Quanta(0.4)
    >>> model.parameters_exponent, round(model.data_exponent, 4), round(model.steps_exponent, 4)
    (0.4, 0.2857, 0.2857)
    """

    alpha: float
    known: float = 0.0
    unknown: float = 1.0

    def __post_init__(self) -> None:
        positive(self.alpha, "alpha")
        a, b = real(self.known, "known"), real(self.unknown, "unknown")
        if not 0 <= a < b:
            raise ValueError(
                f"known is {a} and unknown {b}, but known must be at least 0 and below unknown."
            )

    @property
    def parameters_exponent(self) -> float:
        """The exponent in parameters, n proportional to N: alpha."""
        return float(self.alpha)

    @property
    def data_exponent(self) -> float:
        """The exponent in samples, n proportional to D^(1/(1 + alpha)): alpha / (1 + alpha)."""
        return float(self.alpha / (1 + self.alpha))

    @property
    def steps_exponent(self) -> float:
        """The exponent in steps of one epoch, the same."""
        return self.data_exponent

    def frequency(self, k: ArrayLike) -> Floats:
        """Return p_k."""
        from scipy.special import zeta

        return np.asarray(
            _checked(k, "k", positive=True) ** -(1 + self.alpha) / zeta(1 + self.alpha)
        )

    def loss(self, n: ArrayLike) -> Floats:
        """Return L_n: exactly, by Hurwitz's zeta.

        Examples
        --------
        >>> Quanta(1.0).loss([0.0, 1.0]).round(4)  # sum over all k; 1 - 6/pi^2
        array([1.    , 0.3921])
        """
        from scipy.special import zeta

        learned = _checked(n, "n")
        rest = zeta(1 + self.alpha, learned + 1) / zeta(1 + self.alpha)
        return np.asarray(self.known + (self.unknown - self.known) * rest)

    def asymptote(self, n: ArrayLike) -> Floats:
        """Return a + (b - a) n^(-alpha) / (alpha zeta(1 + alpha)), for large n."""
        from scipy.special import zeta

        part = _checked(n, "n", positive=True) ** -self.alpha / (self.alpha * zeta(1 + self.alpha))
        return np.asarray(self.known + (self.unknown - self.known) * part)

    def data_loss(self, D: ArrayLike, threshold: float = 1.0) -> Floats:
        """Return the loss if quantum k is learned where D p_k >= threshold.

        Examples
        --------
        >>> bool(Quanta(0.5).data_loss(1e6) < Quanta(0.5).data_loss(1e4))
        True
        """
        from scipy.special import zeta

        tau = positive(threshold, "threshold")
        samples = _checked(D, "D")
        n = (samples / tau / zeta(1 + self.alpha)) ** (1 / (1 + self.alpha))
        return self.loss(np.floor(n))

    def step_loss(self, steps: ArrayLike) -> Floats:
        """Return the loss after gradient flow, quantum k unlearned as exp(-p_k t): one epoch.

        The sum over k is exact up to 10^5; beyond it is an integral with a relative error below
        10^-4.
        """
        t = _checked(steps, "steps")
        k = np.arange(1.0, 1e5 + 1)
        p = self.frequency(k)
        head = np.array([float(p @ np.exp(-p * s)) for s in t.ravel()])
        edges = np.geomspace(1e5 + 0.5, 1e5 * 1e5, 4000)
        middle = np.sqrt(edges[1:] * edges[:-1])
        weight = self.loss_difference(edges)
        tail = np.array([float(weight @ np.exp(-self.frequency(middle) * s)) for s in t.ravel()])
        last = float((self.loss(edges[-1]) - self.known) / (self.unknown - self.known))
        rest = (head + tail + last).reshape(t.shape)
        return np.asarray(self.known + (self.unknown - self.known) * rest)

    def loss_difference(self, edges: Floats) -> Floats:
        """Return sum of p_k between neighbouring half-integer edges (E,), (E - 1,)."""
        from scipy.special import zeta

        rest = zeta(1 + self.alpha, edges + 0.5) / zeta(1 + self.alpha)
        return np.asarray(-np.diff(rest))

    def simulate_data(
        self,
        D: object,
        *,
        threshold: int = 1,
        quanta: int = 1_000_000,
        draws: int = 5,
        rng: RandomSource = 0,
    ) -> Floats:
        """Return losses (K, draws) with D samples drawn: learned is what was seen often enough.

        Parameters
        ----------
        D : sequence of int
        threshold : int
            Times a quantum must be seen.
        quanta : int
            Quanta that can be learned; the rest never are.
        draws : int
        rng : int, SeedSequence or Generator

        Examples
        --------
        >>> Quanta(0.5).simulate_data([100, 1000], quanta=1000, draws=3).shape
        (2, 3)
        """
        sizes = distinct_integers(D, "D", minimum=1)
        tau, most = integer(threshold, "threshold", minimum=1), integer(quanta, "quanta", minimum=1)
        count, entropy = integer(draws, "draws", minimum=1), root_entropy(rng)
        p = self.frequency(np.arange(1, most + 1))
        out = np.empty((len(sizes), count))
        for i, n in enumerate(sizes):
            for r in range(count):
                seen = np.random.default_rng([entropy, n, r]).poisson(n * p)
                out[i, r] = 1.0 - float(p[seen >= tau].sum())
        return np.asarray(self.known + (self.unknown - self.known) * out)


def _checked(value: ArrayLike, argument: str, *, positive: bool = False) -> Floats:
    """Return float64 numbers of any shape, at least 0 or above 0."""
    array = np.asarray(value, dtype=np.float64)
    good = array > 0 if positive else array >= 0
    if not good.all():
        bad = array[~good].ravel()[0]
        bound = "above 0" if positive else "at least 0"
        raise ValueError(f"{argument} holds {bad}, but must be {bound}.")
    return array


def data_exponent(alpha_N: float) -> float:
    """Return alpha_D = alpha_N / (1 + alpha_N), what the model expects of a data scan.

    Examples
    --------
    >>> round(data_exponent(0.34), 3)
    0.254
    """
    value = positive(alpha_N, "alpha_N")
    return value / (1 + value)


def local_slope(sizes: ArrayLike, losses: ArrayLike) -> float:
    """Return the exponent of a least-squares line through the logarithms.

    Examples
    --------
    >>> round(local_slope([1, 10, 100], [1.0, 0.1, 0.01]), 6)
    1.0
    """
    x, y = float64_array(sizes, "sizes", (1,)), float64_array(losses, "losses", (1,))
    return -float(np.polyfit(np.log(x), np.log(y), 1)[0])
