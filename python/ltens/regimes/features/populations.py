"""Where features come from: Gaussian ones, rows of a table, Fourier modes of a torus.

A teacher F(x) = omega . F(x) has S features with C = E F F^T and omega ~ N(0, 1/S) (Bahri et al.
2021, section 2.3). Everything the losses need stands in the eigenbasis of C: there the teacher is
still isotropic, and C is diagonal.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from ..._typing import Floats, Ints
from ...solvable.spectrum import Spectrum, checked_spectrum
from ...validation import float64_array, integer, positive

_ROUNDING = 1e-12  # part of the largest eigenvalue; eigh of a Gram matrix errs by about 1e-15
Drawn = tuple[Floats, Ints]


@dataclass(frozen=True, eq=False, repr=False)
class Population:
    """Features of a population of inputs, in the eigenbasis of their covariance.

    Made by `gaussian_features`, `feature_rows` or `torus_features`.

    Attributes
    ----------
    eigenvalues : (R,) float64
        Of C = E F F^T (the mean is not taken off), above 0, descending.
    size : int
        S, the number of the teacher's features; R is below it where C is singular.
    draw : callable
        Of (count, rng): features of count inputs drawn independently, (R, count), and the
        places of the distinct ones among them.
    basis : (S, R) float64 or None
        Eigenvectors, in columns; None where the features are given in the eigenbasis.
    rows : (R, n) float64 or None
        The whole population where it is finite.
    """

    eigenvalues: Floats
    size: int
    draw: Callable[[int, np.random.Generator], Drawn]
    basis: Floats | None = field(default=None)
    rows: Floats | None = field(default=None)

    @property
    def null_loss(self) -> float:
        """Loss of a model that always answers 0: Tr C / 2S."""
        return float(self.eigenvalues.sum()) / (2 * self.size)

    @property
    def spectrum(self) -> Spectrum:
        """The same as a `ltens.solvable.Spectrum`, its target lambda_I / S."""
        return Spectrum(self.eigenvalues, self.eigenvalues / self.size)

    def rotated(self, projection: Floats) -> Floats:
        """Return a projection (P, S) of the features as one of the eigenbasis, (P, R)."""
        return projection if self.basis is None else projection @ self.basis

    def __repr__(self) -> str:
        modes, high, low = len(self.eigenvalues), self.eigenvalues[0], self.eigenvalues[-1]
        kind = "" if self.rows is None else f", {self.rows.shape[1]} rows"
        return f"<Population S={self.size}{kind}, {modes} eigenvalues {high:.3g} ... {low:.3g}>"


def checked_population(value: object) -> Population:
    """Return `value` if it is a Population.

    Examples
    --------
    >>> checked_population(3)
    Traceback (most recent call last):
    ...
    TypeError: population is 3, but must be a Population: gaussian_features(spectrum), \
feature_rows(F) or torus_features(dimension, smoothness).
    """
    if isinstance(value, Population):
        return value
    raise TypeError(
        f"population is {value!r}, but must be a Population: gaussian_features(spectrum), "
        "feature_rows(F) or torus_features(dimension, smoothness)."
    )


def gaussian_features(spectrum: Spectrum) -> Population:
    """Return Gaussian features with the eigenvalues of a spectrum.

    Parameters
    ----------
    spectrum : Spectrum
        Its target is not used: the teacher is isotropic. Eigenvalues 0 count in S only.

    Returns
    -------
    Population

    Raises
    ------
    TypeError
        If it is not a Spectrum.

    Examples
    --------
    >>> from ltens.solvable import Spectrum
    >>> gaussian_features(Spectrum.power_law(1.0, M=100))
    <Population S=100, 100 eigenvalues 1 ... 0.0001>
    """
    values = checked_spectrum(spectrum).eigenvalues
    kept = values[values > 0]
    scale = np.sqrt(kept)[:, None]

    def draw(count: int, rng: np.random.Generator) -> Drawn:
        features = rng.standard_normal((len(kept), count))
        features *= scale
        return features, np.arange(count)

    return Population(kept, spectrum.M, draw)


def feature_rows(F: ArrayLike) -> Population:
    """Return the rows of a table of features, taken as the whole population.

    Inputs are drawn from the rows independently, so a row may come twice: then C is exactly
    F^T F / n and there is no end to the number of samples.

    Parameters
    ----------
    F : (n, S) array
        One input in each row; of any features: neurons, embeddings.

    Returns
    -------
    Population
        Its eigenvalues below 1e-12 of the largest are left out: they are rounding.

    Raises
    ------
    TypeError, ValueError
        If `F` is no finite table, or all of it is 0.

    Examples
    --------
    >>> F = np.random.default_rng(0).normal(size=(50, 3))
    >>> feature_rows(F).rows.shape
    (3, 50)
    """
    table = float64_array(F, "F", (2,))
    if not table.any():
        raise ValueError(f"F has shape {table.shape} and no value but 0: it must have some.")
    with one_blas_thread():
        eigenvalues, basis, rows = _principal(table)
    labels = np.unique(table, axis=0, return_inverse=True)[1].reshape(-1)

    def draw(count: int, rng: np.random.Generator) -> Drawn:
        chosen = rng.integers(0, len(table), count)
        first = np.unique(labels[chosen], return_index=True)[1]
        return rows[:, chosen], np.sort(first)

    return Population(eigenvalues, table.shape[1], draw, basis, rows)


def kernel_population(gram: ArrayLike) -> Population:
    """Return the features of a kernel on a finite population, from its Gram matrix.

    Parameters
    ----------
    gram : (n, n) array
        K(x_a, x_b) of different inputs, taken as the whole population. S = n, so that L(D) times n
        is in units of K.

    Returns
    -------
    Population

    Raises
    ------
    TypeError, ValueError
        If `gram` is not a symmetric matrix, or has no eigenvalue above 0.

    Examples
    --------
    >>> kernel_population([[2.0, 1.0], [1.0, 2.0]])
    <Population S=2, 2 rows, 2 eigenvalues 1.5 ... 0.5>
    """
    K = checked_gram(gram)
    with one_blas_thread():
        values, vectors = np.linalg.eigh(K)
    if values[-1] <= 0:
        raise ValueError(
            f"gram has the largest eigenvalue {values[-1]:g}, but must have one above 0."
        )
    if values[0] < -1e-7 * values[-1]:
        raise ValueError(
            f"gram has the eigenvalue {values[0]:.3g}, but that of a kernel has none below 0."
        )
    kept = np.flatnonzero(values > _ROUNDING * values[-1])[::-1]
    rows = np.ascontiguousarray((vectors[:, kept] * np.sqrt(values[kept])).T)

    def draw(count: int, rng: np.random.Generator) -> Drawn:
        chosen = rng.integers(0, len(K), count)
        return rows[:, chosen], np.sort(np.unique(chosen, return_index=True)[1])

    return Population(values[kept] / len(K), len(K), draw, None, rows)


def require_modes(population: Population, size: int, argument: str) -> None:
    """Raise ValueError unless a size leaves something of the population to be resolved."""
    modes = len(population.eigenvalues)
    if size >= modes:
        raise ValueError(
            f"{argument} holds {size}, but must be below the population's {modes} modes, or "
            "nothing is left of the loss."
        )


def one_blas_thread() -> AbstractContextManager[object]:
    """Keep BLAS to one thread: symmetric eigenproblems of this size are slower on more.

    Ten times slower was seen on two shared cores, whose threads wait for each other by spinning.

    Examples
    --------
    >>> with one_blas_thread():
    ...     np.linalg.eigvalsh(np.eye(2))
    array([1., 1.])
    """
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[object] = threadpool_limits(1, user_api="blas")
    return limits


def checked_gram(gram: ArrayLike) -> Floats:
    """Return a symmetric matrix.

    Examples
    --------
    >>> checked_gram([[1.0, 2.0], [0.0, 1.0]])
    Traceback (most recent call last):
    ...
    ValueError: gram has shape (2, 2), but must be a symmetric matrix (n, n).
    """
    K = float64_array(gram, "gram", (2,))
    if K.size == 0:
        raise ValueError(f"gram has shape {K.shape}, but must hold at least one row.")
    if K.shape[0] != K.shape[1] or np.abs(K - K.T).max(initial=0) > 1e-9 * np.abs(K).max(initial=0):
        raise ValueError(f"gram has shape {K.shape}, but must be a symmetric matrix (n, n).")
    return K


def torus_features(dimension: int, smoothness: float, S: int = 4000) -> Population:
    """Return the Fourier modes of a kernel on a torus, x uniform in [0, 2 pi)^d.

    F_n(x) = sqrt(2 |n|^-(d+t)) cos or sin(n . x), one pair for each n and -n: the kernel
    sum_n |n|^-(d+t) cos n . (x - y) of Bahri et al. (2021), section 2.3. |n|^d grows in proportion
    to the rank of n, so the eigenvalues fall as rank^-(1 + t/d): alpha_K = t/d exactly.

    Parameters
    ----------
    dimension : int
        d, from 1 to 8.
    smoothness : float
        t, above 0; real values are allowed.
    S : int
        Number of modes: those of smallest |n|, at least 2.

    Returns
    -------
    Population

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> torus_features(1, 1.0, S=6).eigenvalues.round(3)
    array([1.   , 1.   , 0.25 , 0.25 , 0.111, 0.111])
    """
    vectors, eigenvalues = torus_modes(dimension, smoothness, S)
    dim = vectors.shape[1]
    phase = np.tile([0.0, np.pi / 2], len(vectors))[: len(eigenvalues), None]
    waves = np.repeat(vectors, 2, axis=0)[: len(eigenvalues)].astype(np.float64)
    scale = np.sqrt(2 * eigenvalues)[:, None]

    def draw(count: int, rng: np.random.Generator) -> Drawn:
        x = rng.uniform(0, 2 * np.pi, (dim, count))
        return np.asarray(scale * np.cos(waves @ x - phase)), np.arange(count)

    return Population(eigenvalues, len(eigenvalues), draw)


def torus_modes(dimension: int, smoothness: float, S: int) -> tuple[Ints, Floats]:
    """Return wave vectors ((S + 1) // 2, d), one of each pair n, -n, and S eigenvalues.

    Examples
    --------
    >>> torus_modes(2, 1.0, 4)[0]
    array([[0, 1],
           [1, 0]])
    """
    dim = integer(dimension, "dimension", minimum=1, maximum=8)
    t = positive(smoothness, "smoothness")
    count = integer(S, "S", minimum=2, maximum=2_000_000)
    pairs = (count + 1) // 2
    radius = 1
    while True:
        vectors = _half_ball(dim, radius)
        if len(vectors) >= pairs:
            break
        radius += max(1, radius // 4)
    vectors = vectors[:pairs]
    norms = np.sqrt((vectors**2).sum(axis=1))
    return vectors, np.repeat(norms ** -(dim + t), 2)[:count]


def _principal(table: Floats) -> tuple[Floats, Floats, Floats]:
    """Return eigenvalues and eigenvectors of F^T F / n, and the rows in their basis."""
    count, size = table.shape
    values, vectors = np.linalg.eigh(table @ table.T if count < size else table.T @ table)
    kept = np.flatnonzero(values > _ROUNDING * values[-1])[::-1]
    values, vectors = values[kept], vectors[:, kept]
    if count < size:  # the smaller Gram matrix has the same eigenvalues
        basis, rows = (table.T @ vectors) / np.sqrt(values), (vectors * np.sqrt(values)).T
    else:
        basis, rows = vectors, (table @ vectors).T
    return values / count, basis, np.ascontiguousarray(rows)


def _half_ball(dim: int, radius: int) -> Ints:
    """Return the integer vectors in the ball, one of each pair, by length; 0 is left out."""
    side = np.arange(-radius, radius + 1)
    grid = np.stack(np.meshgrid(*[side] * dim, indexing="ij"), axis=-1).reshape(-1, dim)
    length = (grid**2).sum(axis=1)
    half = np.arange(len(grid)) > len(grid) // 2  # the grid is symmetric about its middle, 0
    kept = grid[half & (length <= radius**2)]
    return np.asarray(kept[np.argsort((kept**2).sum(axis=1), kind="stable")])
