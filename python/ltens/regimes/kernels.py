"""Kernels of infinitely wide networks in closed form: arc-cosine and the ReLU tangent kernel.

With u = cos of the angle between x and y (Cho & Saul, NIPS 2009; w ~ N(0, I)):

    kappa_0(u) = (pi - arccos u) / pi
    kappa_1(u) = (u (pi - arccos u) + sqrt(1 - u^2)) / pi
    kappa_2(u) = ((1 + 2 u^2)(pi - arccos u) + 3 u sqrt(1 - u^2)) / pi
    k_n(x, y)  = |x|^n |y|^n kappa_n(u)  =  2 E[step(w.x) step(w.y) (w.x)^n (w.y)^n]
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..validation import float64_array, integer

Array = NDArray[np.float64]


def arc_cosine_kernel(x: ArrayLike, y: ArrayLike | None = None, order: int = 1) -> Array:
    """Return the arc-cosine kernel of degree `order`.

    Parameters
    ----------
    x : (n, d) array
    y : (m, d) array, optional
        `x` by default.
    order : {0, 1, 2}
        Of the activation step(z) z^order: step, ReLU, its square.

    Returns
    -------
    (n, m) float64

    Raises
    ------
    TypeError, ValueError
        If an array is not finite numbers in two dimensions, the dimensions differ, or the order is
        another.

    Examples
    --------
    >>> arc_cosine_kernel([[2.0, 0.0]], [[3.0, 0.0], [0.0, 1.0]]).round(4)  # x.y; |x||y| / pi
    array([[6.    , 0.6366]])
    """
    a, b = _pair(x, y)
    degree = integer(order, "order", minimum=0, maximum=2)
    size, cosine = _polar(a, b)
    return np.asarray(size**degree * _kappa(cosine, degree))


def relu_ntk(x: ArrayLike, y: ArrayLike | None = None) -> Array:
    """Return the neural tangent kernel of a ReLU network with one hidden layer, no biases.

    Theta = x.y kappa_0(u) + |x| |y| kappa_1(u): the first term from the hidden weights, the second
    from the read-out (Bietti & Mairal, NeurIPS 2019, eq. 7).

    Parameters
    ----------
    x : (n, d) array
    y : (m, d) array, optional
        `x` by default.

    Returns
    -------
    (n, m) float64

    Raises
    ------
    TypeError, ValueError
        As `arc_cosine_kernel`.

    Examples
    --------
    >>> relu_ntk([[1.0, 0.0]]).round(4)
    array([[2.]])
    """
    a, b = _pair(x, y)
    size, cosine = _polar(a, b)
    return np.asarray(size * (cosine * _kappa(cosine, 0) + _kappa(cosine, 1)))


def _pair(x: ArrayLike, y: ArrayLike | None) -> tuple[Array, Array]:
    a = float64_array(x, "x", (2,))
    b = a if y is None else float64_array(y, "y", (2,))
    if a.shape[1] != b.shape[1]:
        raise ValueError(
            f"y has {b.shape[1]} dimension(s), but must have as many as x, {a.shape[1]}."
        )
    return a, b


def _polar(a: Array, b: Array) -> tuple[Array, Array]:
    """Return |x| |y| and the cosine (n, m); the cosine of a zero vector is 0."""
    size = np.outer(np.linalg.norm(a, axis=1), np.linalg.norm(b, axis=1))
    cosine = np.divide(a @ b.T, size, out=np.zeros_like(size), where=size > 0)
    return size, np.clip(cosine, -1.0, 1.0)


def _kappa(u: Array, order: int) -> Array:
    rest = np.pi - np.arccos(u)
    if order == 0:
        return np.asarray(rest / np.pi)
    sine = np.sqrt(1 - u**2)
    if order == 1:
        return np.asarray((u * rest + sine) / np.pi)
    return np.asarray(((1 + 2 * u**2) * rest + 3 * u * sine) / np.pi)
