"""The power law with a floor: loss = E + A N^(-alpha), A, E, alpha >= 0."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..._typing import Floats
from .base import STEEPEST, TINY, Model

_GRID = 64
_KEPT = 2  # local minima of the grid that are polished
_ROWS = 64  # problems of a batch on the grid at a time: (64, 64, W) float64 stay in the cache


@dataclass(frozen=True)
class PowerLawFloor(Model):
    """loss = E + A N^(-alpha).

    Inside, theta = (log loss, alpha, floor's share of the loss), both losses at the smallest size.
    """

    name = "power_law_floor"
    equation = "E + A N^(-alpha)"
    source = "Hestness et al., arXiv 1712.00409, eq. 1; Rosenfeld et al., arXiv 1909.12673"
    parameter_names = ("log_start", "exponent", "floor_share")

    def curve(self, u: Floats, theta: Floats) -> tuple[Floats, Floats]:
        """Return log loss and derivatives."""
        start, exponent, share = theta[:, :1], theta[:, 1:2], theta[:, 2:3]
        falling = np.exp(-exponent * u)
        total = np.maximum((1 - share) * falling + share, TINY)
        slopes = np.empty((*total.shape, 3))
        slopes[..., 0] = 1.0
        slopes[..., 1] = -(1 - share) * u * falling / total
        slopes[..., 2] = (1 - falling) / total
        return start + np.log(total), slopes

    def bounds(self, u: Floats) -> tuple[Floats, Floats]:
        """Return bounds: neither part negative, and no steeper than can be measured."""
        return np.array([-np.inf, 0.0, 0.0]), np.array([np.inf, steepest(u), 1.0])

    def starts(self, u: Floats, y: Floats, weights: Floats) -> Floats:
        """Return the best points of a grid over alpha, and the pure power law.

        At each alpha the amplitude and floor follow exactly, non-negative, from least squares of
        the relative residuals (variable projection); the cost is then that of the logarithms.
        """
        grid = np.geomspace(0.02 / u.max(), steepest(u), _GRID)
        parts = [
            _grid_minima(u, y[i : i + _ROWS], weights[i : i + _ROWS], grid)
            for i in range(0, len(y), _ROWS)
        ]
        return np.concatenate([np.concatenate(parts), _pure(u, y, weights)], axis=1)

    def coefficients(self, theta: Floats, smallest: float) -> dict[str, float]:
        """Return A, alpha and E."""
        start, exponent, share = (float(value) for value in theta)
        with np.errstate(over="ignore"):
            amplitude = (1 - share) * np.exp(start + exponent * math.log(smallest))
        return {
            "amplitude": float(amplitude),
            "exponent": exponent,
            "floor": math.exp(start) * share,
        }


def steepest(u: Floats) -> float:
    """Return the largest exponent that sizes this close could show."""
    return float(STEEPEST / np.diff(np.unique(u)).min())


def _pure(u: Floats, y: Floats, weights: Floats) -> Floats:
    """Return the power law without a floor, as starting values (B, 1, 3)."""
    total = weights.sum(axis=1)
    mean_u, mean_y = (weights @ u) / total, (weights * y).sum(axis=1) / total
    centred = u - mean_u[:, None]
    slope = (weights * centred * y).sum(axis=1) / (weights * centred**2).sum(axis=1)
    exponent = np.clip(-slope, 1e-3 / u.max(), steepest(u))
    return np.stack([mean_y + exponent * mean_u, exponent, np.full_like(slope, 1e-4)], axis=1)[
        :, None
    ]


def _grid_minima(u: Floats, y: Floats, weights: Floats, grid: Floats) -> Floats:
    """Return the lowest local minima over the grid as starting values (B, K, 3)."""
    falling = np.exp(-np.outer(grid, u))
    level = y.min(axis=1, keepdims=True)
    amplitude, floor = _amplitude_and_floor(falling, y - level, weights)
    curve = amplitude[..., None] * falling + floor[..., None]
    residual = np.log(np.maximum(curve, 1e-300)) - (y - level)[:, None]
    offset = (weights[:, None] * residual).sum(axis=2) / weights.sum(axis=1)[:, None]
    cost = (weights[:, None] * (residual - offset[..., None]) ** 2).sum(axis=2)
    padded = np.pad(cost, ((0, 0), (1, 1)), constant_values=np.inf)
    lowest = (cost <= padded[:, :-2]) & (cost <= padded[:, 2:])
    chosen = np.argsort(np.where(lowest, cost, np.inf), axis=1)[:, :_KEPT]
    a, e = (np.take_along_axis(part, chosen, axis=1) for part in (amplitude, floor))
    shift = np.take_along_axis(offset, chosen, axis=1)
    start = np.log(np.maximum(a + e, 1e-300)) - shift + level
    share = np.clip(e / np.maximum(a + e, 1e-300), 0.0, 1.0)
    return np.stack([start, grid[chosen], share], axis=-1)


def _amplitude_and_floor(falling: Floats, y: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return a, e >= 0 (B, G) that minimise sum w ((a falling + e) / loss - 1)^2."""
    inverse = np.exp(-y)
    second = weights * inverse**2
    first = weights * inverse
    pp, p1, s11 = second @ (falling**2).T, second @ falling.T, second.sum(axis=1)[:, None]
    bp, b1 = first @ falling.T, first.sum(axis=1)[:, None]
    determinant = np.maximum(pp * s11 - p1**2, 1e-300)
    a = (bp * s11 - b1 * p1) / determinant
    e = (b1 * pp - bp * p1) / determinant
    only_a, only_e = bp / np.maximum(pp, 1e-300), b1 / s11
    flat, bare = a < 0, e < 0
    a, e = np.where(bare, only_a, a), np.where(bare, 0.0, e)
    return np.where(flat, 0.0, a), np.where(flat, only_e, e)
