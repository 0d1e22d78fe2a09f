"""R^2 of groups of neurons from inner products: no fit is made twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Floats
from .inputs import Arrays

_FLAT = 1e-20  # of a neuron's mean square: a variance below that is rounding, the neuron a constant


@dataclass(frozen=True, eq=False)
class Gram:
    """Inner products of the neurons' centred contributions h_i(x) = a_i act(w_i x + b_i).

    Attributes
    ----------
    products : (n, N, N) float64
        <h_i h_j>, the means removed.
    target : (n, N) float64
        <h_i y>, the means removed.
    variance : float
        <y^2>, the mean removed.
    """

    products: Floats
    target: Floats
    variance: float

    def pair_r2(self) -> Floats:
        """Return R^2 (n, N, N) of h_i + h_j to y; on the diagonal that of h_i alone."""
        own = np.diagonal(self.products, axis1=1, axis2=2)
        size = own[:, :, None] + own[:, None, :] + 2 * self.products
        along = self.target[:, :, None] + self.target[:, None, :]
        floor = 1e-14 * (own[:, :, None] + own[:, None, :])  # opposite neurons cancel to rounding
        r2 = ratio(along, size, self.variance, floor)
        index = np.arange(own.shape[1])
        r2[:, index, index] = ratio(self.target, own, self.variance, 0.0)
        return r2


def ratio(along: Floats, size: Floats, variance: float, floor: Floats | float) -> Floats:
    """Return along^2 / (size variance), 0 where size is not above the floor."""
    with np.errstate(divide="ignore", invalid="ignore"):
        r2 = along**2 / (size * variance)
    return np.asarray(np.where(size > floor, np.minimum(r2, 1.0), 0.0))


def contributions(arrays: Arrays, s: int | slice, x: Floats, q: Floats) -> Floats:
    """Return sqrt(q) (h - <h>) (..., D, N): products of columns are covariances."""
    h = arrays.features(s, x) * arrays.a[s][..., np.newaxis, :]
    mean = q @ h
    h -= mean[..., np.newaxis, :]
    h *= np.sqrt(q)[:, np.newaxis]
    flat = np.square(h).sum(axis=-2) <= _FLAT * mean**2
    return np.asarray(np.where(flat[..., np.newaxis, :], 0.0, h))


def gram(arrays: Arrays, rows: slice, x: Floats, y: Floats, q: Floats) -> Gram:
    """Return the inner products of some networks."""
    h = contributions(arrays, rows, x, q)
    centred = np.sqrt(q) * (y - q @ y)
    swapped = np.swapaxes(h, -1, -2)
    return Gram(swapped @ h, swapped @ centred, float(centred @ centred))
