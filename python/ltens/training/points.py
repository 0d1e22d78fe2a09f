"""Where a target function is sampled: the points of a task, x (D, d) float64."""

from __future__ import annotations

import math

import numpy as np

from .._typing import Floats
from ..randomness import RandomSource, root_entropy

SAMPLINGS = ("grid", "random", "gauss")
_MOST_GAUSS_DIMENSIONS = 3
_MOST_GAUSS_NODES = 2000
_SAMPLES_STREAM = (1,)  # spawn key: the points share no random number with the initialisations


def grid(domain: tuple[float, float], samples: int, dimension: int) -> Floats:
    """Return the points of a regular grid on the cube domain^d, both ends included.

    Parameters
    ----------
    samples : int
        The number of points in all; a perfect d-th power.

    Returns
    -------
    (samples, d) float64

    Raises
    ------
    ValueError
        If `samples` is no perfect d-th power; the message names the nearest one.

    Examples
    --------
    >>> grid((-1.0, 1.0), 3, 1).ravel()
    array([-1.,  0.,  1.])
    >>> grid((0.0, 1.0), 4, 2)
    array([[0., 0.],
           [0., 1.],
           [1., 0.],
           [1., 1.]])
    """
    side = _side(samples, dimension, "a grid")
    axis = np.linspace(domain[0], domain[1], side) if side > 1 else np.array([sum(domain) / 2])
    return _product(axis, dimension)


def gauss(domain: tuple[float, float], samples: int, dimension: int) -> tuple[Floats, Floats]:
    """Return nodes and weights of the product Gauss-Legendre rule on the cube domain^d.

    The weighted mean of a function over the nodes is its mean over the cube: exactly for
    polynomials of degree 2n - 1 in each coordinate with n nodes on each axis, and to rounding for
    smooth functions with few nodes. d is at most 3.

    Returns
    -------
    x : (samples, d) float64
    weights : (samples,) float64, of sum 1

    Raises
    ------
    ValueError
        If `samples` is no perfect d-th power or above 2000 on an axis, or d is above 3.

    Examples
    --------
    >>> x, weights = gauss((0.0, 1.0), 2, 1)
    >>> round(float(weights @ x[:, 0] ** 3), 12)
    0.25
    """
    if dimension > _MOST_GAUSS_DIMENSIONS:
        raise ValueError(
            f"dimension is {dimension}, but sampling='gauss' takes at most "
            f"{_MOST_GAUSS_DIMENSIONS}: sampling='random' takes any."
        )
    count = _side(samples, dimension, "a Gauss rule")
    if count > _MOST_GAUSS_NODES:
        raise ValueError(
            f"samples is {samples}, {count} on each axis, but sampling='gauss' takes at most "
            f"{_MOST_GAUSS_NODES} on each: a smooth function needs far fewer."
        )
    from scipy.special import roots_legendre  # not needed to import ltens

    nodes, weights = roots_legendre(count)
    low, high = domain
    axis = low + (high - low) * (nodes + 1) / 2
    return _product(axis, dimension), _product(weights / 2, dimension).prod(axis=1)


def random(domain: tuple[float, float], samples: int, dimension: int, rng: RandomSource) -> Floats:
    """Return points drawn uniformly from the cube domain^d.

    Returns
    -------
    (samples, d) float64

    Examples
    --------
    >>> random((-1.0, 1.0), 5, 2, 0).shape
    (5, 2)
    """
    sequence = np.random.SeedSequence(root_entropy(rng), spawn_key=_SAMPLES_STREAM)
    generator = np.random.Generator(np.random.Philox(sequence))
    return generator.uniform(domain[0], domain[1], size=(samples, dimension))


def _product(axis: Floats, dimension: int) -> Floats:
    """Return all points (n**d, d) whose coordinates are on the axis (n,)."""
    mesh = np.meshgrid(*([axis] * dimension), indexing="ij")
    return np.stack([part.ravel() for part in mesh], axis=1)


def _side(samples: int, dimension: int, what: str) -> int:
    """Return the number of points on each axis."""
    side = _root(samples, dimension)
    if side**dimension != samples:
        best = min(side**dimension, (side + 1) ** dimension, key=lambda n: abs(n - samples))
        raise ValueError(
            f"samples is {samples}, but {what} in {dimension} dimensions needs a perfect power "
            f"n**{dimension}: the nearest is {best}, and sampling='random' takes any number."
        )
    return side


def _root(number: int, degree: int) -> int:
    """Return the largest n with n**degree <= number."""
    if degree == 1:
        return number
    if degree == 2:
        return math.isqrt(number)
    n = round(math.pow(number, 1.0 / degree))
    while n**degree > number:
        n -= 1
    while (n + 1) ** degree <= number:
        n += 1
    return n
