"""The losses of given features and given samples, averaged over the teacher, exactly.

Student f = theta . Pi F with P features, teacher omega . F with omega ~ N(0, 1/S), fitted to D
samples with the least norm of theta (Bahri et al. 2021). Losses have the factor 1/2:

    (1)  L(P)   = 1/2S Tr[C - C Pi^T (Pi C Pi^T)^-1 Pi C]                     D = infinity
    (2)  L(D)   = 1/2 E_x[K(x,x) - k(x)^T Kbar^-1 k(x)],  K = F(x).F(x')/S     P = infinity
    (3)  L(D,P) = 1/2S Tr[C + A^T C A - 2 A^T C],  omega -> beta = A omega,
         A = Pi^T pinv((Pi Fb)^T) Fb^T

(3) in one line is (S37) and (S38) of the supplement, which hold on either side of D = P and, with
pseudo-inverses, on both. In the basis that whitens C, (1) and (2) are one formula: what the span of
C^(1/2) Pi^T, or of the training features, leaves of C. That is the duality of D and P.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ..._typing import Floats
from ...validation import float64_array, one_of

FORMS = ("weights", "S37", "S38")
RCOND = 1e-12  # singular values below this part of the largest count as 0


def feature_limited_loss(covariance: ArrayLike, projection: ArrayLike) -> float:
    """Return L(P), the loss of given features with endless samples: equation (1).

    Parameters
    ----------
    covariance : (S, S) array
        C = E F F^T.
    projection : (P, S) array
        Pi.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        If a shape does not fit or C is not symmetric and positive semi-definite.

    Examples
    --------
    >>> feature_limited_loss(np.diag([3.0, 2.0, 1.0]), [[1.0, 0.0, 0.0]])  # (2 + 1) / 6
    0.5
    """
    C = _covariance(covariance)
    Pi = _wide(projection, "projection", len(C))
    values, vectors = np.linalg.eigh(C)
    root = np.sqrt(np.maximum(values, 0))[:, None]
    return loss_beyond(root * (vectors.T @ Pi.T), np.maximum(values, 0)) / (2 * len(C))


def data_limited_loss(covariance: ArrayLike, samples: ArrayLike) -> float:
    """Return L(D), the loss of given samples with endless features: equation (2).

    Parameters
    ----------
    covariance : (S, S) array
    samples : (D, S) array
        Features of the training inputs, one input in each row.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        As `feature_limited_loss`.

    Examples
    --------
    >>> data_limited_loss(np.diag([3.0, 2.0, 1.0]), [[5.0, 0.0, 0.0]])
    0.5
    """
    C = _covariance(covariance)
    F = _wide(samples, "samples", len(C))
    values, vectors = np.linalg.eigh(C)
    return loss_beyond(vectors.T @ F.T, np.maximum(values, 0)) / (2 * len(C))


def finite_loss(
    covariance: ArrayLike,
    projection: ArrayLike,
    samples: ArrayLike,
    *,
    teacher: ArrayLike | None = None,
    form: str = "weights",
) -> float:
    """Return L(D, P) of given features and samples: equation (3).

    Parameters
    ----------
    covariance : (S, S) array
    projection : (P, S) array
    samples : (D, S) array
    teacher : (S,) array, optional
        omega; the average over teachers by default.
    form : {"weights", "S37", "S38"}
        Which way of writing it is computed; they agree. "weights" is the best conditioned and the
        only one for a given teacher.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        If a shape does not fit, or a form is not known or does not go with a teacher.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> C, Pi, F = np.diag([3.0, 2.0, 1.0]), rng.normal(size=(2, 3)), rng.normal(size=(5, 3))
    >>> losses = [finite_loss(C, Pi, F, form=form) for form in ("weights", "S37", "S38")]
    >>> bool(np.ptp(losses) < 1e-12)
    True
    """
    C = _covariance(covariance)
    Pi, F = _wide(projection, "projection", len(C)), _wide(samples, "samples", len(C))
    one_of(form, FORMS, "form")
    if teacher is not None:
        omega = float64_array(teacher, "teacher", (1,))
        if omega.shape != (len(C),):
            raise ValueError(f"teacher has shape {omega.shape}, but must have shape ({len(C)},).")
        if form != "weights":
            raise ValueError(f"form is {form!r}, which averages over teachers: use 'weights'.")
        error = omega - _learned(Pi, F) @ omega
        return float(0.5 * error @ C @ error)
    if form == "S37":
        return _by_covariances(C, Pi, F)
    if form == "S38":
        return _by_kernels(C, Pi, F)
    left = np.eye(len(C)) - _learned(Pi, F)
    return float(np.einsum("ji,jk,ki->", left, C, left) / (2 * len(C)))


def loss_beyond(vectors: Floats, eigenvalues: Floats) -> float:
    """Return what the span of the vectors leaves of diag(eigenvalues): its trace off the span.

    Absolute error: a few eps times the largest eigenvalue.

    Parameters
    ----------
    vectors : (R, n) float64
        In columns.
    eigenvalues : (R,) float64

    Examples
    --------
    >>> loss_beyond(np.array([[2.0], [0.0]]), np.array([3.0, 1.0]))
    1.0
    """
    Q = span(vectors)
    return float(eigenvalues @ np.maximum(1 - np.einsum("ij,ij->i", Q, Q), 0))


def span(vectors: Floats) -> Floats:
    """Return an orthonormal basis of columns (R, n), which may be dependent.

    Examples
    --------
    >>> span(np.array([[1.0, 2.0], [1.0, 2.0], [0.0, 0.0]])).shape
    (3, 1)
    """
    if vectors.shape[1] < len(vectors):
        Q, R = np.linalg.qr(vectors)
        if np.abs(np.diag(R)).min() > RCOND * np.linalg.norm(vectors, axis=0).max():
            return np.asarray(Q)
    left, singular, _ = np.linalg.svd(vectors, full_matrices=False)
    return np.asarray(left[:, singular > RCOND * singular[0]])


def _learned(Pi: Floats, F: Floats) -> Floats:
    """Return A of equation (3), (S, S)."""
    return np.asarray(Pi.T @ np.linalg.pinv(F @ Pi.T, rcond=RCOND) @ F)


def _by_covariances(C: Floats, Pi: Floats, F: Floats) -> float:
    """Return (S37), with Cbar = F^T F / D and Cbar_P = Pi Cbar Pi^T."""
    Cbar = F.T @ F / len(F)
    inverse = np.linalg.pinv(Pi @ Cbar @ Pi.T, rcond=RCOND, hermitian=True)
    G = Pi.T @ inverse  # (S, P)
    square = Cbar @ G @ (Pi @ C @ Pi.T) @ G.T @ Cbar
    return float(np.trace(C + square - 2 * Cbar @ G @ Pi @ C) / (2 * len(C)))


def _by_kernels(C: Floats, Pi: Floats, F: Floats) -> float:
    """Return (S38); averages over x of products of kernels are traces with C."""
    size, count = len(C), len(Pi)
    M = Pi.T @ Pi / count  # k(x, x') = F(x) M F(x')
    inverse = np.linalg.pinv(F @ M @ F.T, rcond=RCOND, hermitian=True)
    K = F @ F.T / size
    student = F @ M @ C @ M @ F.T  # E k(x) k(x)^T
    mixed = F @ C @ M @ F.T / size  # E K(x) k(x)^T
    square = np.trace(student @ inverse @ K @ inverse)
    return float(0.5 * (np.trace(C) / size + square - 2 * np.trace(inverse @ mixed)))


def _covariance(value: ArrayLike) -> Floats:
    C = float64_array(value, "covariance", (2,))
    if C.shape[0] != C.shape[1]:
        raise ValueError(f"covariance has shape {C.shape}, but must be square.")
    scale = np.abs(C).max(initial=0)
    if not scale > 0:
        raise ValueError("covariance has no value but 0, but must have some.")
    if np.abs(C - C.T).max() > 1e-9 * scale:
        raise ValueError("covariance is not symmetric, but E F F^T is.")
    if (lowest := np.linalg.eigvalsh(C)[0]) < -1e-9 * scale:
        raise ValueError(
            f"covariance has the eigenvalue {lowest:.3g}, but E F F^T has none below 0."
        )
    return C


def _wide(value: ArrayLike, argument: str, size: int) -> Floats:
    array = float64_array(value, argument, (2,))
    if array.shape[1] != size or not len(array):
        raise ValueError(
            f"{argument} has shape {array.shape}, but must have shape (n, {size}) as covariance is "
            f"({size}, {size}), with n at least 1."
        )
    return array
