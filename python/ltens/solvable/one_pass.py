"""One-pass stochastic gradient descent on the same model (Paquette et al. 2024, 2405.15074).

Every step sees a fresh sample: theta <- theta - eta (theta phi - y) phi. The population risk obeys
a Volterra equation, in continuous time (small eta * largest eigenvalue)

    L(r) = F(r) + int_0^r K(r - s) [L(s) + sigma^2/2] ds
    F(r) = 1/2 sum c_i e^(-2 eta s_i r),    K(r) = eta^2 Tr[K^2 e^(-2 eta K r)]

over the eigenvalues s_i of the features' kernel. Its Laplace transform is algebraic in the
resolvent, so in Delta(omega), omega = p / (2 eta), Delta (1 - z/N) = omega:

    F^(p) = b(Delta) / (2p),   K^(p) = (eta/2) (Tr Lambda - omega z)
    L^(p) = [F^ + K^ sigma^2 / (2p)] / (1 - K^)

and Talbot's contour gives L(r) without stepping through time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Floats, Ints
from ..broadcasting import moments, one_size, positive_ridge
from ..randomness import RandomSource, generator, root_entropy
from ..validation import integer, positive
from .contour import talbot
from .modes import Modes
from .spectrum import Spectrum, checked_spectrum

_MOST_LR = 2.0  # the Volterra kernel's integral, lr/2, must stay below 1


def one_pass_sgd(
    spectrum: Spectrum,
    steps: ArrayLike,
    *,
    N: float = np.inf,
    lr: float = 0.5,
    noise: float = 0.0,
) -> Floats:
    """Return the test loss after given numbers of steps of one-pass SGD, in closed form.

    Parameters
    ----------
    spectrum : Spectrum
    steps : (P,) array
        Above 0; real numbers will do.
    N : float
        Number of features, infinity allowed.
    lr : float
        The step size times the sum of the eigenvalues; below 2, where the loss would diverge.
    noise : float
        Standard deviation of the label noise.

    Returns
    -------
    (P,) float64
        The clean test loss, in the units of `theory`, averaged over samples.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> spectrum = Spectrum.source_capacity(2.0, 3.0, M=1000)
    >>> loss = one_pass_sgd(spectrum, [1e-6, 1e3, 1e12], N=50)
    >>> bool(np.isclose(loss[0], spectrum.null_loss, rtol=1e-4)), bool(loss[1] > loss[2])
    (True, True)
    """
    checked_spectrum(spectrum)
    r = moments(steps, "steps")
    features = one_size(N, "N")
    eta = _step_size(spectrum, lr)
    sigma = positive_ridge(noise, "noise")
    p, weight = talbot(r)
    omega = p / (2 * eta)
    at = Modes(spectrum, features, np.inf).at(omega)
    kernel = 0.5 * eta * (spectrum.eigenvalues.sum() - omega * at.z)
    transform = 0.5 * (at.b + kernel * sigma**2) / p / (1 - kernel)
    return np.asarray((weight * transform).sum(axis=1).real)


def simulate_one_pass_sgd(
    spectrum: Spectrum,
    steps: ArrayLike,
    *,
    N: int,
    lr: float = 0.5,
    noise: float = 0.0,
    draws: int = 16,
    rng: RandomSource = 0,
) -> Floats:
    """Run one-pass SGD, sample by sample, and return the population loss.

    Each draw has its own features, teacher (a random sign for each mode) and stream of samples.

    Parameters
    ----------
    spectrum : Spectrum
    steps : (P,) array of int
        Rising; the losses are taken after so many steps.
    N : int
    lr, noise : float
        As in `one_pass_sgd`.
    draws : int
    rng : int, SeedSequence or Generator

    Returns
    -------
    (draws, P) float64

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> spectrum = Spectrum.source_capacity(2.0, 3.0, M=50)
    >>> simulate_one_pass_sgd(spectrum, [1, 10], N=5, draws=3).shape
    (3, 2)
    """
    checked_spectrum(spectrum)
    r = _whole_steps(steps)
    features = integer(N, "N", minimum=1)
    eta = _step_size(spectrum, lr)
    sigma = positive_ridge(noise, "noise")
    count = integer(draws, "draws", minimum=1)
    random = generator(root_entropy(rng), features, count)
    root = np.sqrt(spectrum.eigenvalues)
    u = random.standard_normal((count, features, spectrum.M)) * (root / np.sqrt(features))
    v = np.sqrt(spectrum.v_squared) * random.choice([-1.0, 1.0], size=(count, spectrum.M))
    theta, losses, done = np.zeros((count, features)), np.empty((count, len(r))), 0
    for column, until in enumerate(r.tolist()):
        for _ in range(until - done):
            xi = random.standard_normal((count, spectrum.M))
            phi = (u @ xi[:, :, None])[:, :, 0]
            y = np.einsum("ij,ij->i", v, xi) + sigma * random.standard_normal(count)
            theta -= eta * (np.einsum("ij,ij->i", theta, phi) - y)[:, None] * phi
        done = until
        losses[:, column] = 0.5 * (((theta[:, None] @ u)[:, 0] - v) ** 2).sum(axis=1)
    return losses


@dataclass(frozen=True)
class SgdPhase:
    """Where (alpha, beta) of Paquette et al. lie, and the compute-optimal laws there.

    eigenvalue_j = j^(-2 alpha), target v_j^2 = j^(-2 alpha - 2 beta):
    ``Spectrum.source_capacity(2 * alpha, 2 * (alpha + beta), M)``. With f = N r (compute), the best
    number of features is f^width and the loss then f^-loss.

    Attributes
    ----------
    name : str
        "Ia", "Ib", "II" or "III"; see the paper for Ic and IV, which are not in here.
    width, loss : float

    Examples
    --------
    >>> SgdPhase.of(1.0, 0.0)
    SgdPhase(name='Ia', width=0.3333333333333333, loss=0.3333333333333333)
    """

    name: str
    width: float
    loss: float

    @classmethod
    def of(cls, alpha: float, beta: float) -> SgdPhase:
        """Return the phase of the exponents, by balancing the terms of the loss.

        Bias r^-(2 alpha + 2 beta - 1)/(2 alpha), capacity N^-(2 alpha - max(0, 1 - 2 beta)),
        features' spread r^(-1 + 1/(2 alpha)) / N and SGD noise r^(-2 + 1/(2 alpha)).

        Raises
        ------
        ValueError
            If the phase is not one of the four.

        Examples
        --------
        >>> SgdPhase.of(0.8, 1.2).name
        'III'
        """
        a, b = positive(alpha, "alpha"), float(beta)
        decay = 2 * a + 2 * b - 1
        if a > 0.5 and b < 0.5 and decay > 0:
            return cls("Ia", 1 / (2 * a + 1), decay / (2 * a + 1))
        if a > 0.5 and 0.5 < b < a:
            return cls("II", (b / a) / (1 + b / a), decay / (2 * (a + b)))
        if 0.5 < a < b:
            return cls("III", 0.5, 1 - 1 / (4 * a))
        if a < 0.5 and b < 0.5 and decay > 0:
            return cls("Ib", 0.5, a + b - 0.5)
        raise ValueError(
            f"alpha is {alpha} and beta is {beta}, but must lie inside phase Ia, Ib, II or III: "
            "alpha + beta above 1/2, and alpha above 1/2 or beta below 1/2."
        )


def _step_size(spectrum: Spectrum, lr: float) -> float:
    rate = positive(lr, "lr")
    if rate >= _MOST_LR:
        raise ValueError(f"lr is {lr}, but must be below {_MOST_LR:g}, where the loss diverges.")
    return rate / float(spectrum.eigenvalues.sum())


def _whole_steps(steps: ArrayLike) -> Ints:
    r = moments(steps, "steps")
    if (r != np.round(r)).any() or (np.diff(r) <= 0).any():
        raise ValueError(f"steps is {np.asarray(steps).tolist()}, but must be rising integers.")
    return r.astype(np.int64)
