"""Exact covariances of neurons act(u . x) over Gaussian inputs x.

With a = u . x, b = v . x of variances s^2, t^2 and correlation c:

    relu    E ab = s t [sqrt(1 - c^2) + (pi - arccos c) c] / 2 pi     (Cho & Saul 2009, arc-cosine)
    erf     E ab = (2/pi) arcsin[2 s t c / sqrt((1 + 2 s^2)(1 + 2 t^2))]          (Williams 1997)
    tanh    E ab = sum_p h_p(s) h_p(t) c^p,  h_p(s) = E act(s g) He_p(g) / sqrt(p!)       (Mehler)
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .._typing import Floats
from ..validation import one_of

_GRID = np.linspace(-30.0, 30.0, 2001)  # the trapezoidal rule converges geometrically here
_DEGREES = 160  # tanh at gain 2: h_p^2 is below 1e-12 from there on


def covariance(name: str, s: Floats, t: Floats, cross: Floats) -> Floats:
    """Return Cov[act(a), act(b)] of centred Gaussians a, b.

    Parameters
    ----------
    name : {"linear", "relu", "erf", "tanh"}
    s, t : (A,), (B,) float64
        Standard deviations of a and b.
    cross : (A, B) float64
        Their covariances.

    Returns
    -------
    (A, B) float64

    Raises
    ------
    ValueError
        If the name is not known.

    Examples
    --------
    >>> one = np.ones(1)
    >>> covariance("relu", one, one, np.ones((1, 1))).round(4)  # 1/2 - 1/(2 pi)
    array([[0.3408]])
    """
    one_of(name, tuple(_COVARIANCES), "map")
    return np.asarray(_COVARIANCES[name](s, t, cross))


def with_input(name: str, s: Floats) -> Floats:
    """Return E act'(s g), g ~ N(0, 1): Cov[act(u . x), x] is this times Cov[u . x, x] (Stein).

    Examples
    --------
    >>> with_input("relu", np.array([2.0]))
    array([0.5])
    """
    one_of(name, tuple(_COVARIANCES), "map")
    if name == "linear":
        return np.ones_like(s)
    if name == "relu":
        return np.full_like(s, 0.5)
    if name == "erf":
        return np.asarray(2 / np.sqrt(np.pi * (1 + 2 * s**2)))
    return np.asarray(_hermite(np.tanh, s, 2)[1] / s)


def _correlation(s: Floats, t: Floats, cross: Floats) -> Floats:
    scale = np.outer(s, t)
    return np.clip(np.divide(cross, scale, where=scale > 0, out=np.zeros_like(scale)), -1, 1)


def _linear(s: Floats, t: Floats, cross: Floats) -> Floats:
    return cross


def _relu(s: Floats, t: Floats, cross: Floats) -> Floats:
    c = _correlation(s, t, cross)
    moment = np.sqrt((1 - c) * (1 + c)) + (np.pi - np.arccos(c)) * c
    return np.asarray(np.outer(s, t) * (moment - 1) / (2 * np.pi))  # the means are s / sqrt(2 pi)


def _erf(s: Floats, t: Floats, cross: Floats) -> Floats:
    scale = np.sqrt(np.outer(1 + 2 * s**2, 1 + 2 * t**2))
    return np.asarray(2 / np.pi * np.arcsin(2 * cross / scale))


def _tanh(s: Floats, t: Floats, cross: Floats) -> Floats:
    return _by_hermite_series(np.tanh, s, t, cross)


def _by_hermite_series(
    act: Callable[[Floats], Floats], s: Floats, t: Floats, cross: Floats
) -> Floats:
    """Return the covariance of any activation, by Horner's rule in the correlation."""
    c = _correlation(s, t, cross)
    left, right = _hermite(act, s, _DEGREES), _hermite(act, t, _DEGREES)
    total = np.zeros_like(c)
    for h, g in zip(left[:0:-1], right[:0:-1], strict=True):
        total = (total + np.outer(h, g)) * c
    return total


def _hermite(act: Callable[[Floats], Floats], s: Floats, degrees: int) -> Floats:
    """Return h_p(s), p < degrees, of act(s g): (degrees, A)."""
    weight = np.exp(-0.5 * _GRID**2) * ((_GRID[1] - _GRID[0]) / np.sqrt(2 * np.pi))
    below, this = np.zeros_like(weight), weight
    rows = []
    for p in range(degrees):
        rows.append(this)
        below, this = this, (_GRID * this - np.sqrt(p) * below) / np.sqrt(p + 1)
    return np.asarray(np.stack(rows) @ act(np.outer(_GRID, s)))


_COVARIANCES: dict[str, Callable[[Floats, Floats, Floats], Floats]] = {
    "linear": _linear,
    "relu": _relu,
    "erf": _erf,
    "tanh": _tanh,
}
