"""Kernels of infinitely wide networks with one hidden layer of ReLU neurons, and of a torus.

    arc-cosine   E relu(w . x) relu(w . y),  w ~ N(0, 1)        read-out trained (Cho & Saul 2009)
    NTK          the same + (x . y) E relu'(w . x) relu'(w . y)  both layers (Jacot et al. 2018)
    torus        sum_n |n|^-(d+t) cos n . (x - y), n in half of Z^d, 2 per pair (Bahri et al. 2021)

Exponents of the spectrum for inputs that fill d dimensions: arc-cosine 3/d, NTK 1/d, as the rank
goes to infinity; t/d exactly on the torus.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from ..._typing import Floats
from ...solvable.feature_maps import covariance
from ...validation import float64_array, real
from ..features.populations import torus_modes


def arc_cosine_kernel(X: ArrayLike, Y: ArrayLike | None = None, *, bias: float = 0.0) -> Floats:
    """Return E relu(w . x + b) relu(w . y + b), w ~ N(0, 1), b ~ N(0, bias^2).

    The kernel of a wide layer of random ReLU neurons whose read-out alone is trained; of order 1
    in the family of arc-cosine kernels.

    Parameters
    ----------
    X : (n, d) array
    Y : (m, d) array, optional
        X by default.
    bias : float
        Standard deviation of the biases; at least 0.

    Returns
    -------
    (n, m) float64

    Raises
    ------
    TypeError, ValueError
        If the shapes do not fit together or `bias` is negative.

    Examples
    --------
    >>> arc_cosine_kernel([[1.0, 0.0], [0.0, 2.0]]).round(4)  # 1/2 |x|^2, |x||y| / 2 pi
    array([[0.5   , 0.3183],
           [0.3183, 2.    ]])
    """
    x, y = _with_bias(X, Y, bias)
    s, t = np.linalg.norm(x, axis=1), np.linalg.norm(y, axis=1)
    return _arc_cosine(s, t, x @ y.T)


def ntk_kernel(X: ArrayLike, Y: ArrayLike | None = None, *, bias: float = 0.0) -> Floats:
    """Return the neural tangent kernel of one hidden ReLU layer in the NTK parametrisation.

    f(x) = N^(-1/2) sum_i a_i relu(w_i . x + bias b_i), a, w, b ~ N(0, 1), all but a trained along.

    Parameters
    ----------
    X : (n, d) array
    Y : (m, d) array, optional
        X by default.
    bias : float
        At least 0.

    Returns
    -------
    (n, m) float64

    Raises
    ------
    TypeError, ValueError
        If the shapes do not fit together or `bias` is negative.

    Examples
    --------
    >>> ntk_kernel([[1.0, 0.0], [0.0, 2.0]]).round(4)  # |x|^2, |x||y| / 2 pi
    array([[1.    , 0.3183],
           [0.3183, 4.    ]])
    """
    x, y = _with_bias(X, Y, bias)
    s, t, cross = np.linalg.norm(x, axis=1), np.linalg.norm(y, axis=1), x @ y.T
    scale = np.outer(s, t)
    cosine = np.clip(np.divide(cross, scale, where=scale > 0, out=np.zeros_like(scale)), -1, 1)
    both_active = (math.pi - np.arccos(cosine)) / (2 * math.pi)
    return np.asarray(_arc_cosine(s, t, cross) + cross * both_active)


def torus_kernel(
    X: ArrayLike, Y: ArrayLike | None = None, *, smoothness: float, S: int = 4000
) -> Floats:
    """Return the kernel of `torus_features`: 2 sum_n |n|^-(d+t) cos n . (x - y), over S modes.

    Parameters
    ----------
    X : (n, d) array
        Angles.
    Y : (m, d) array, optional
        X by default.
    smoothness : float
        t, above 0.
    S : int
        Number of modes.

    Returns
    -------
    (n, m) float64

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range, or S is odd.

    Examples
    --------
    >>> torus_kernel([[0.0], [np.pi]], smoothness=1.0, S=4).round(6)
    array([[ 2.5, -1.5],
           [-1.5,  2.5]])
    """
    x, y = _with_bias(X, Y, 0.0)
    vectors, eigenvalues = torus_modes(x.shape[1], smoothness, S)
    if S % 2:
        raise ValueError(f"S is {S}, but must be even: the modes come in pairs of cos and sin.")
    weight = 2 * eigenvalues[::2]
    a, b = x @ vectors.T, y @ vectors.T
    return np.asarray((np.cos(a) * weight) @ np.cos(b).T + (np.sin(a) * weight) @ np.sin(b).T)


def relu_features(X: ArrayLike, S: int, *, bias: float = 0.0, rng: int = 0) -> Floats:
    """Return S random ReLU neurons of inputs: relu(w . x + b), w ~ N(0, 1), b ~ N(0, bias^2).

    Their Gram matrix over S goes to `arc_cosine_kernel`.

    Parameters
    ----------
    X : (n, d) array
    S : int
    bias : float
    rng : int, SeedSequence or Generator

    Returns
    -------
    (n, S) float64

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> F = relu_features([[1.0, 0.0], [0.0, 2.0]], 200_000)
    >>> bool(np.abs(F @ F.T / 200_000 - arc_cosine_kernel([[1.0, 0.0], [0.0, 2.0]])).max() < 0.03)
    True
    """
    from ...randomness import generator, root_entropy
    from ...validation import integer

    x, _ = _with_bias(X, None, bias)
    count = integer(S, "S", minimum=1)
    w = generator(root_entropy(rng), count).standard_normal((x.shape[1], count))
    return np.maximum(x @ w, 0.0)


def _arc_cosine(s: Floats, t: Floats, cross: Floats) -> Floats:
    """Return the second moment: the covariance and the product of the means s / sqrt(2 pi)."""
    return np.asarray(covariance("relu", s, t, cross) + np.outer(s, t) / (2 * math.pi))


def _with_bias(X: ArrayLike, Y: ArrayLike | None, bias: float) -> tuple[Floats, Floats]:
    """Return both with a constant input for the bias."""
    x = float64_array(X, "X", (2,))
    y = x if Y is None else float64_array(Y, "Y", (2,))
    if x.shape[1] != y.shape[1]:
        raise ValueError(f"Y has {y.shape[1]} inputs, but must have {x.shape[1]} as X has.")
    constant = real(bias, "bias")
    if constant < 0:
        raise ValueError(f"bias is {constant}, but must be at least 0.")
    if constant == 0:
        return x, y
    return tuple(np.pad(z, ((0, 0), (0, 1)), constant_values=constant) for z in (x, y))  # type: ignore[return-value]
