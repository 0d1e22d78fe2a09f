"""Sums over the spectrum, for many values of the renormalised ridge Delta at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .._typing import Floats

_BLOCK = 2**16  # elements of a (points, M) scratch array: a few of them stay in the L2 cache


@dataclass(frozen=True, eq=False)
class Sums:
    """What the closed form needs of the spectrum at each Delta, all (P,) float64.

    Attributes
    ----------
    z : sum of lambda / (lambda + Delta)
    q : sum of [lambda / (lambda + Delta)]^2
    p : z - q = sum of lambda Delta / (lambda + Delta)^2, free of cancellation
    b1 : sum of v^2 Delta / (lambda + Delta)
    b2 : sum of v^2 [Delta / (lambda + Delta)]^2
    """

    z: Floats
    q: Floats
    p: Floats
    b1: Floats
    b2: Floats


def blocks(points: int, modes: int) -> Iterator[slice]:
    """Cut the points so that (points, modes) scratch stays in the cache.

    Examples
    --------
    >>> list(blocks(5, 2**15))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    step = max(1, _BLOCK // modes)
    return (slice(i, min(i + step, points)) for i in range(0, points, step))


def sums(
    eigenvalues: Floats,  # (M,)
    target: Floats | float,  # v^2: (M,), or this number times the eigenvalues
    delta: Floats,  # (P,)
) -> Sums:
    """Return all sums of the closed form.

    Every sum has terms of one sign, so its relative error is that of the summation alone. No BLAS:
    its threads would cost more than they give at this size, and change bits.

    Examples
    --------
    >>> one = sums(np.array([1.0, 3.0]), 0.5, np.array([1.0]))
    >>> float(one.z[0]), float(one.q[0]), float(one.p[0]), float(one.b1[0])
    (1.25, 0.8125, 0.4375, 0.625)
    """
    z, q, p, b1, b2 = (np.empty(len(delta)) for _ in range(5))
    for part in blocks(len(delta), len(eigenvalues)):
        inverse = 1 / (eigenvalues + delta[part, None])
        learned = eigenvalues * inverse
        z[part] = learned.sum(axis=1)
        q[part] = np.einsum("ij,ij->i", learned, learned)
        p[part] = delta[part] * np.einsum("ij,ij->i", learned, inverse)
        if not isinstance(target, float):
            b1[part] = delta[part] * np.einsum("j,ij->i", target, inverse)
            b2[part] = delta[part] ** 2 * np.einsum("j,ij,ij->i", target, inverse, inverse)
    if isinstance(target, float):
        b1, b2 = target * delta * z, target * delta * p
    return Sums(z, q, p, b1, b2)


def shortfall(
    eigenvalues: Floats,  # (R,) positive, descending
    size: Floats,  # (P,)
    delta: Floats,  # (P,)
) -> tuple[Floats, Floats]:
    """Return size - z and p = z - q.

    With k = min(floor(size), R),  size - z = (size - k) + sum_{I <= k} Delta / (lambda + Delta)
    - sum_{I > k} lambda / (lambda + Delta): where z is close to size both sums are small, so the
    difference keeps the digits that size - z computed as such would lose.

    Examples
    --------
    >>> gap, _ = shortfall(np.array([1.0, 1e-30]), np.array([1.0]), np.array([1e-15]))
    >>> abs(float(gap[0])) < 1e-30
    True
    """
    count = len(eigenvalues)
    split = np.minimum(np.floor(size), count)
    gap, p = size - split, np.empty_like(size)
    column = np.arange(count)
    for part in blocks(len(delta), count):
        d = delta[part, None]
        inverse = 1 / (eigenvalues + d)
        signed = np.where(column < split[part, None], d, -eigenvalues)
        gap[part] += np.einsum("ij,ij->i", signed, inverse)
        p[part] = delta[part] * np.einsum("j,ij,ij->i", eigenvalues, inverse, inverse)
    return gap, p
