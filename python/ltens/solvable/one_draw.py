"""One draw of features and training data: its losses, exactly averaged over everything else.

    Phi = u X,   theta = argmin |theta Phi - y|^2 + ridge |theta|^2 = y G,   u (N, M), X (M, T)

For y = w X + noise, test inputs x ~ N(0, Lambda), P = X G and S = u Lambda u^T, the averages over
w (independent modes), noise and x are traces:

    2 * test  = sum_I w_I^2 [ (P S P^T)_II - 2 lambda_I (P u)_II + lambda_I ] + sigma^2 Tr(G S G^T)
    2T * train = sum_I w_I^2 |x_I (1 - H)|^2 + sigma^2 |1 - H|^2,                H = G Phi
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Floats

_CANCELLED = 1e-5  # below this part of the null loss the difference above is taken term by term


@dataclass(frozen=True, eq=False)
class Draw:
    """Random features and training inputs.

    Attributes
    ----------
    u : (N, M) float64
    X : (M, T) float64
    """

    u: Floats
    X: Floats

    @classmethod
    def sample(cls, eigenvalues: Floats, N: int, T: int, rng: np.random.Generator) -> Draw:
        """Draw u ~ N(0, 1/M) and X ~ N(0, Lambda).

        Examples
        --------
        >>> draw = Draw.sample(np.ones(5), 2, 3, np.random.default_rng(0))
        >>> draw.u.shape, draw.X.shape
        ((2, 5), (5, 3))
        """
        modes = len(eigenvalues)
        u = rng.standard_normal((N, modes))
        u /= np.sqrt(modes)
        X = rng.standard_normal((modes, T))
        X *= np.sqrt(eigenvalues)[:, None]
        return cls(u, X)


def exact_losses(
    draw: Draw, eigenvalues: Floats, w_squared: Floats, ridge: float, noise: float
) -> tuple[float, float]:
    """Return test and train loss of one draw, averaged over teachers, noise and test inputs.

    Parameters
    ----------
    draw : Draw
    eigenvalues, w_squared : (M,) float64
        w_I^2 is the target's variance per unit of eigenvalue.
    ridge, noise : float

    Examples
    --------
    >>> draw = Draw.sample(np.ones(5), 8, 9, np.random.default_rng(0))
    >>> test, train = exact_losses(draw, np.ones(5), np.ones(5), 0.0, 0.0)
    >>> bool(test < 1e-20), bool(train < 1e-20)
    (True, True)
    """
    phi = draw.u @ draw.X
    G = solution(phi, draw, ridge)
    P = draw.X @ G
    S = (draw.u * eigenvalues) @ draw.u.T
    signal = signal_error(P, draw.u, S, eigenvalues, w_squared)
    answered = float(np.einsum("ij,ij->", G @ S, G))
    return 0.5 * (signal + noise**2 * answered), _train_loss(draw, G, P, w_squared, noise)


def signal_error(P: Floats, u: Floats, S: Floats, eigenvalues: Floats, w_squared: Floats) -> float:
    """Return twice the test loss of the predictor w P u against w: the average over w and x.

    Parameters
    ----------
    P : (M, N) float64
    u : (N, M) float64
    S : (N, N) float64
        u Lambda u^T.
    eigenvalues, w_squared : (M,) float64

    Examples
    --------
    >>> u = np.array([[1.0, 0.0]])
    >>> signal_error(u.T, u, u @ u.T, np.ones(2), np.ones(2))
    1.0
    """
    error = np.einsum("ij,ij->i", P @ S, P) + eigenvalues
    error -= 2 * eigenvalues * np.einsum("ij,ji->i", P, u)
    signal = float(w_squared @ error)
    if signal < _CANCELLED * float(w_squared @ eigenvalues):
        return _error_by_terms(P, u, eigenvalues, w_squared)
    return signal


def solution(phi: Floats, draw: Draw, ridge: float) -> Floats:
    """Return G (T, N), so that theta = y G solves the regression.

    By QR of the tall one of Phi and Phi^T, with sqrt(ridge) appended: the condition number is that
    of Phi, not its square. Without a ridge, N and T above M: by the two factors of Phi, as then
    Phi has the rank M.

    Examples
    --------
    >>> draw = Draw(np.eye(2), np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 0.0]]))
    >>> G = solution(draw.u @ draw.X, draw, 0.0)
    >>> (draw.X @ G).round(12)
    array([[1., 0.],
           [0., 1.]])
    """
    features, samples = phi.shape
    modes = draw.u.shape[1]
    if ridge == 0 and min(features, samples) > modes:
        return np.asarray(np.linalg.pinv(draw.X) @ np.linalg.pinv(draw.u))
    if features <= samples:
        Q, R = _tall_qr(phi.T, ridge)
        return np.asarray(np.linalg.solve(R, Q.T).T)
    Q, R = _tall_qr(phi, ridge)
    return np.asarray(np.linalg.solve(R, Q.T))


def _tall_qr(tall: Floats, ridge: float) -> tuple[Floats, Floats]:
    """Return Q's part for `tall`, and R, of the QR of [tall; sqrt(ridge) 1].

    Then R^-1 Q^T = (tall^T tall + ridge)^-1 tall^T.
    """
    rows, columns = tall.shape
    if ridge:
        tall = np.vstack([tall, np.sqrt(ridge) * np.eye(columns)])
    Q, R = np.linalg.qr(tall)
    return Q[:rows], R


def _error_by_terms(P: Floats, u: Floats, eigenvalues: Floats, w_squared: Floats) -> float:
    """Return sum_I w_I^2 |[(P u - 1) Lambda^1/2]_I|^2 without a difference of large numbers."""
    total = 0.0
    step = max(1, 2**22 // len(eigenvalues))
    for start in range(0, len(eigenvalues), step):
        rows = slice(start, start + step)
        error = P[rows] @ u
        error[np.arange(len(error)), np.arange(start, start + len(error))] -= 1
        total += float(w_squared[rows] @ (error**2 @ eigenvalues))
    return total


def _train_loss(draw: Draw, G: Floats, P: Floats, w_squared: Floats, noise: float) -> float:
    """Return the train loss per sample."""
    phi = draw.u @ draw.X
    samples = phi.shape[1]
    total = 0.0
    step = max(1, 2**22 // len(w_squared))
    for start in range(0, samples, step):
        part = slice(start, start + step)
        residual = draw.X[:, part] - P @ phi[:, part]
        total += float(w_squared @ np.einsum("ij,ij->i", residual, residual))
    if noise:
        inner = phi @ G  # (N, N), with the non-zero eigenvalues of H
        left = samples - 2 * np.trace(inner) + np.einsum("ij,ji->", inner, inner)
        total += noise**2 * float(left)
    return float(0.5 * total / samples)


def sampled_losses(
    draw: Draw,
    eigenvalues: Floats,
    w_squared: Floats,
    ridge: float,
    noise: float,
    *,
    outputs: int,
    test_samples: int,
    rng: np.random.Generator,
) -> tuple[float, float]:
    """Return test and train loss of one draw the plain way: teachers, noise and test set drawn.

    Parameters
    ----------
    outputs : int
        Number of teachers C, each fitted on its own.
    test_samples : int

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> draw = Draw.sample(np.ones(5), 8, 9, rng)
    >>> test, train = sampled_losses(
    ...     draw, np.ones(5), np.ones(5), 0.0, 0.0, outputs=3, test_samples=4, rng=rng
    ... )
    >>> test < 1e-20
    True
    """
    modes, samples = draw.X.shape
    w = rng.standard_normal((outputs, modes)) * np.sqrt(w_squared)
    y = w @ draw.X + noise * rng.standard_normal((outputs, samples))
    phi = draw.u @ draw.X
    theta = y @ solution(phi, draw, ridge)
    x = rng.standard_normal((modes, test_samples)) * np.sqrt(eigenvalues)[:, None]
    test = 0.5 * float(np.mean((theta @ (draw.u @ x) - w @ x) ** 2))
    return test, 0.5 * float(np.mean((theta @ phi - y) ** 2))
