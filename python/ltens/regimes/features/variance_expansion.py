"""The coefficients of 1/D and 1/P with which the loss goes to its limit, for any features.

Least squares on D samples, P features given: with r the residual of the best student,

    L(D, P) = L(P) + c / D + ...,   c = 1/2 E_x[r^2 f^T C_P^-1 f]

Averaged over teachers r^2 becomes |R F|^2 / S, R = 1 - C Pi^T C_P^-1 Pi. Multiplied out that is the
contraction of T = E F F F F of Bahri et al. (2021, supplement); here it costs no fourth moments.

P random features with E f f' = K, D samples X given: with rho_mu(x) = f_mu(x) - K(x, X) Kbar^-1
f_mu(X) what the samples leave of feature mu,

    L(D, P) = L(D) + c / P + ...,   c = 1/2 E_x E_mu[rho_mu(x)^2 f_mu(X)^T Kbar^-1 f_mu(X)]

Cross terms of second order vanish in both: r is orthogonal to f, and the teacher is a draw from K.
For Gaussian features (first) and Gaussian projections (second) they are P L(P) and D L(D).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ..._typing import Floats
from ...validation import float64_array
from .random_features import span


def data_coefficient(F: ArrayLike, projection: ArrayLike) -> float:
    """Return c of L(D, P) = L(P) + c / D for samples drawn from the rows of a table.

    Parameters
    ----------
    F : (n, S) array
        The teacher's features of the whole population, n above P.
    projection : (P, S) array
        Pi; features that depend on others, or that no input activates, add nothing.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        If the shapes do not fit together.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> F = rng.normal(size=(20_000, 6))  # Gaussian: P L(P) = 3 * (3/6) / 2
    >>> bool(abs(data_coefficient(F, np.eye(6)[:3]) - 0.75) < 0.02)
    True
    """
    table = float64_array(F, "F", (2,))
    Pi = _fitting(projection, "projection", table.shape[1])
    count, size = table.shape
    if count <= len(Pi):
        raise ValueError(f"F has {count} rows, but must have more than the {len(Pi)} features.")
    Q = span(table @ Pi.T)
    residual = table - Q @ (Q.T @ table)
    leverage = np.einsum("ij,ij->i", Q, Q)  # f^T C_P^-1 f / n
    return float(leverage @ np.einsum("ij,ij->i", residual, residual) / (2 * size))


def feature_coefficient(F: ArrayLike, samples: ArrayLike) -> float:
    """Return c of L(D, P) = L(D) + c / P for features chosen from the columns of a table.

    Chosen independently, as of an endless pool; P different ones of the S columns have
    c / P - c / S instead, as at P = S nothing is left to choose.

    Parameters
    ----------
    F : (n, S) array
        The features of the population the loss is averaged over.
    samples : (D, S) array
        Those of the training inputs, D below S.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        If the shapes do not fit together.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> F = rng.normal(size=(50, 20_000))  # D L(D) = 5 * 1/2 where the columns are many
    >>> bool(abs(feature_coefficient(F[5:], F[:5]) - 2.5) < 0.05)
    True
    """
    table = float64_array(F, "F", (2,))
    training = _fitting(samples, "samples", table.shape[1])
    if len(training) >= table.shape[1]:
        raise ValueError(
            f"samples has {len(training)} rows, but must have fewer than the {table.shape[1]} "
            "features."
        )
    Q = span(training.T)  # (S, D)
    residual = table - (table @ Q) @ Q.T
    leverage = np.einsum("ij,ij->i", Q, Q)  # f_mu^T Kbar^-1 f_mu / S
    return float(leverage @ np.einsum("ij,ij->j", residual, residual) / (2 * len(table)))


def _fitting(value: ArrayLike, argument: str, size: int) -> Floats:
    array = float64_array(value, argument, (2,))
    if array.shape[1] != size:
        raise ValueError(
            f"{argument} has shape {array.shape}, but must have shape (n, {size}) as F has {size} "
            "columns."
        )
    return array
