"""One-pass SGD on drawn features: sample by sample, and averaged over the samples exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Floats, Ints
from ..broadcasting import moments, positive_ridge
from ..randomness import RandomSource, generator, root_entropy
from ..validation import integer, positive
from .spectrum import Spectrum, checked_spectrum

_MOST_LR = 2.0  # beyond, every spectrum diverges: half of lr p / (1 - lr p) over shares p exceeds 1


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
        As in `one_pass_sgd`; below 2.
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
    u = _drawn_features(spectrum, features, count, random)
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


def expected_one_pass_sgd(
    spectrum: Spectrum,
    steps: ArrayLike,
    *,
    N: int,
    lr: float = 0.5,
    noise: float = 0.0,
    draws: int = 16,
    rng: RandomSource = 0,
) -> Floats:
    """Return the loss on drawn features, averaged over samples and teachers exactly.

    With s_i the eigenvalues of the drawn kernel K, rho_i the error's second moment along its
    eigenvectors and 2 L = sum rho_i, null space included, Gaussian samples give, at any lr,

        rho_i <- (1 - 2 eta s_i + 2 eta^2 s_i^2) rho_i + eta^2 s_i^2 (2 L + sigma^2)

    (Paquette et al., 2405.15074, for batches of one). The features are those of
    `simulate_one_pass_sgd` with the same N, draws and rng.

    Parameters
    ----------
    spectrum, steps, N, lr, noise, draws, rng
        As in `simulate_one_pass_sgd`.

    Returns
    -------
    (draws, P) float64
        Growing without bound, to infinity, for features whose stability ends below lr.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> spectrum = Spectrum.source_capacity(2.0, 3.0, M=50)
    >>> exact = expected_one_pass_sgd(spectrum, [100], N=5, lr=0.1, draws=200)
    >>> drawn = simulate_one_pass_sgd(spectrum, [100], N=5, lr=0.1, draws=200)
    >>> bool(abs(exact - drawn).mean() < exact.mean())
    True
    """
    checked_spectrum(spectrum)
    r = _whole_steps(steps)
    features = integer(N, "N", minimum=1)
    eta = _step_size(spectrum, lr)
    variance = positive_ridge(noise, "noise") ** 2
    count = integer(draws, "draws", minimum=1)
    random = generator(root_entropy(rng), features, count)
    u = _drawn_features(spectrum, features, count, random)
    _, s, axes = np.linalg.svd(u, full_matrices=False)
    step = eta * s**2
    kept, fed = 1 - 2 * step + 2 * step**2, step**2
    rho = axes**2 @ spectrum.v_squared
    rest = spectrum.v_squared.sum() - rho.sum(axis=1)
    losses, done = np.empty((count, len(r))), 0
    with np.errstate(over="ignore", invalid="ignore"):
        for column, until in enumerate(r.tolist()):
            for _ in range(until - done):
                rho = kept * rho + fed * (rest + rho.sum(axis=1) + variance)[:, None]
            done = until
            losses[:, column] = 0.5 * (rest + rho.sum(axis=1))
    return losses


def _drawn_features(
    spectrum: Spectrum, features: int, count: int, random: np.random.Generator
) -> Floats:
    """Return u (count, N, M), so that the kernel is u^T u."""
    root = np.sqrt(spectrum.eigenvalues)
    normal = random.standard_normal((count, features, spectrum.M))
    return np.asarray(normal * (root / np.sqrt(features)))


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
