"""Simulates the random-feature student: draws projections and samples, solves, averages."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..._typing import Floats, Ints
from ...randomness import RandomSource, generator, root_entropy
from ...solvable.one_draw import signal_error
from ...standard_errors import standard_error
from ...threads import in_threads, thread_count
from ...validation import float64_array, integer, one_of
from .populations import Drawn, Population, checked_population
from .random_features import RCOND, loss_beyond

PROJECTIONS = ("gaussian", "selection")
_SAMPLES, _FEATURES = 0, 1  # streams of random numbers


@dataclass(frozen=True, eq=False, repr=False)
class Draws:
    """Losses of drawn students.

    Attributes
    ----------
    losses : (draws,) float64
        Each averaged over teachers and test inputs exactly.
    entropy : int
        The root entropy.

    Examples
    --------
    >>> Draws(np.array([1.0, 3.0]), 0)
    <Draws of 2, loss 2 +- 1>
    """

    losses: Floats
    entropy: int

    @property
    def mean(self) -> float:
        """The mean over draws."""
        return float(self.losses.mean())

    @property
    def standard_error(self) -> float:
        """Of the mean; NaN for a single draw."""
        return standard_error(self.losses)

    def __repr__(self) -> str:
        return f"<Draws of {len(self.losses)}, loss {self.mean:.4g} +- {self.standard_error:.2g}>"


def simulate(
    population: Population,
    *,
    D: float = math.inf,
    P: float = math.inf,
    projection: str | ArrayLike = "gaussian",
    draws: int = 8,
    rng: RandomSource = 0,
    threads: int | None = None,
) -> Draws:
    """Fit P random features to D samples drawn from a population and return the losses.

    The samples of draw k depend on (root entropy, D, k) alone and the projections on (root
    entropy, P, k): ``simulate(population, D=D, P=P).losses - simulate(population, P=P).losses`` is
    the excess of each draw over its own limit, and much less noisy than the difference of means.

    Parameters
    ----------
    population : Population
    D, P : int, or infinity
        Samples and features; at most one is infinite.
    projection : {"gaussian", "selection"} or (P, S) array
        Features are Gaussian combinations of the teacher's, P of them chosen at random, or given.
    draws : int
    rng : int, SeedSequence or Generator
        The root entropy.
    threads : int, optional
        Draws at a time; the bits do not depend on it.

    Returns
    -------
    Draws

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range; before any work.

    Examples
    --------
    >>> from ltens.regimes import closed_form, gaussian_features
    >>> from ltens.solvable import Spectrum
    >>> population = gaussian_features(Spectrum.power_law(1.0, M=300))
    >>> run = simulate(population, D=60, P=15, draws=30)
    >>> bool(abs(run.mean / closed_form(population, D=60, P=15) - 1) < 0.1)
    True
    """
    checked_population(population)
    samples, features = _size(D, "D"), _size(P, "P")
    given = _checked_projection(projection, population, features)
    if samples is None and features is None:
        raise ValueError("D and P are both infinite, where the loss is 0: give at least one.")
    count, workers = integer(draws, "draws", minimum=1), thread_count(threads)
    entropy = root_entropy(rng)

    def loss(k: int) -> tuple[float]:
        u = None
        if features is not None:
            u = given
            if u is None:
                u = drawn_projection(population, str(projection), features, entropy, k)
        if samples is None:
            assert u is not None
            return (_without_samples(population, u),)
        return (_with_samples(population, u, *drawn_samples(population, samples, entropy, k)),)

    return Draws(in_threads(loss, range(count), workers)[:, 0].copy(), entropy)


def _without_samples(population: Population, u: Floats) -> float:
    """Return L(P), equation (1) of `random_features`."""
    lam = population.eigenvalues
    return loss_beyond(np.sqrt(lam)[:, None] * u.T, lam) / (2 * population.size)


def _with_samples(population: Population, u: Floats | None, X: Floats, distinct: Ints) -> float:
    """Return L(D) or L(D, P), equations (2) and (3).

    A student that can fit all distinct samples does, however often each of them was drawn.
    """
    lam = population.eigenvalues
    if u is None:
        return loss_beyond(X[:, distinct], lam) / (2 * population.size)
    if len(distinct) <= len(u):
        X = X[:, distinct]
    w_squared = np.full(len(lam), 1 / population.size)
    return 0.5 * signal_error(X @ _inverse(u @ X), u, (u * lam) @ u.T, lam, w_squared)


def _inverse(phi: Floats) -> Floats:
    """Return G (D, P) with theta = y G of least norm, for features phi (P, D) of the samples.

    By QR, at the condition number of phi; by SVD where features or samples are dependent, such as
    neurons that none of the samples activates.
    """
    P, D = phi.shape
    tall = phi.T if P <= D else phi
    Q, R = np.linalg.qr(tall)
    if np.abs(np.diag(R)).min() <= RCOND * np.linalg.norm(tall, axis=0).max():
        return np.asarray(np.linalg.pinv(phi, rcond=RCOND))
    found = np.linalg.solve(R, Q.T)
    return np.asarray(found.T if P <= D else found)


def drawn_samples(population: Population, D: int, entropy: int, draw: int) -> Drawn:
    """Return the samples (R, D) of a draw of `simulate`, and the places of the distinct ones.

    Examples
    --------
    >>> from ltens.regimes import torus_features
    >>> drawn_samples(torus_features(1, 1.0, S=6), 2, 0, 0)[0].shape
    (6, 2)
    """
    return population.draw(D, generator(entropy, _SAMPLES, D, draw))


def drawn_projection(population: Population, kind: str, P: int, entropy: int, draw: int) -> Floats:
    """Return the projection (P, R) of a draw of `simulate`, in the eigenbasis.

    Examples
    --------
    >>> from ltens.regimes import torus_features
    >>> drawn_projection(torus_features(1, 1.0, S=6), "gaussian", 2, 0, 0).shape
    (2, 6)
    """
    rng = generator(entropy, _FEATURES, P, draw)
    modes = len(population.eigenvalues)
    if kind == "gaussian":  # isotropic, so the same in every basis
        return rng.standard_normal((P, modes)) / math.sqrt(population.size)
    chosen = rng.choice(population.size, P, replace=False)
    if population.basis is None:
        return np.asarray(chosen[:, None] == np.arange(modes), dtype=np.float64)
    return np.asarray(population.basis[chosen])


def _size(value: object, argument: str) -> int | None:
    """Return a size, None for infinity."""
    if isinstance(value, (float, np.floating)) and value == math.inf:
        return None
    return integer(value, argument, minimum=1)


def _checked_projection(
    projection: str | ArrayLike, population: Population, P: int | None
) -> Floats | None:
    """Return a given projection in the eigenbasis, None for one to be drawn."""
    if isinstance(projection, str):
        one_of(projection, PROJECTIONS, "projection")
        if projection == "selection" and P is not None and population.size < P:
            raise ValueError(
                f"P is {P}, but must be at most {population.size}, the number of features to "
                "select from."
            )
        return None
    array = float64_array(projection, "projection", (2,))
    if array.shape != (P, population.size):
        raise ValueError(
            f"projection has shape {array.shape}, but must have shape ({P}, {population.size}): "
            "(P, S)."
        )
    return population.rotated(array)
