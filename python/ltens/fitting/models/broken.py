"""Broken power laws: straight pieces in log-log joined by smooth breaks, above a limit >= 0."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ..._typing import Floats
from .base import TINY, Model, weighted_line

_POSITIONS = 9
_WIDTHS = (0.05, 0.3, 1.2)  # of a break, in log size: sharp, half a decade, broad
_FLOORS = (0.0, 0.5, 0.9, 0.99)  # times the smallest loss
_KEPT = 8


@dataclass(frozen=True)
class BrokenPowerLaw(Model):
    """loss = a + b N^(-c0) prod_i (1 + (N / d_i)^(1 / f_i))^(-c_i f_i).

    Inside, the exponents e_i = c0 + ... + c_i of the pieces take the place of the c_i, so that the
    last one, which holds for large sizes, is a parameter: the law's exponent.
    """

    breaks: int = 1

    source = "Caballero et al., Broken Neural Scaling Laws, arXiv 2210.14891, eq. 1"
    equation = "a + b N^(-c0) prod_i (1 + (N/d_i)^(1/f_i))^(-c_i f_i)"

    # Where the data do not show how sharp a break is, the cost falls along a valley without end.
    flat = 1e-11

    @property
    def name(self) -> str:  # type: ignore[override]
        """Return the name."""
        return "broken_power_law" if self.breaks == 1 else "twice_broken_power_law"

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Return names of theta."""
        pieces = [f"exponent_{i}" for i in range(self.breaks)]
        where = [f"log_break_{i}" for i in range(1, self.breaks + 1)]
        width = [f"log_width_{i}" for i in range(1, self.breaks + 1)]
        return ("log_start", *pieces, "exponent", *where, *width, "floor_share")

    def curve(self, u: Floats, theta: Floats) -> tuple[Floats, Floats]:
        """Return log loss and derivatives."""
        n = self.breaks
        start, exponents, share = theta[:, :1], theta[:, 1 : n + 2], theta[:, -1:]
        where, width = theta[:, n + 2 : 2 * n + 2], np.exp(theta[:, 2 * n + 2 : -1])
        z = (u[:, None] - where[:, None]) / width[:, None]  # (B, W, n)
        z0 = (-where / width)[:, None]
        rise = width[:, None] * (_softplus(z) - _softplus(z0))
        change = np.diff(exponents, axis=1)[:, None]
        log_part = -exponents[:, :1] * u - (change * rise).sum(axis=2)
        part = np.exp(np.clip(log_part, -200, 200))
        total = np.maximum((1 - share) * part + share, TINY)
        visible = ((1 - share) * part / total)[..., None]
        slopes = np.empty((*total.shape, theta.shape[1]))
        slopes[..., 0] = 1.0
        before = np.concatenate([np.broadcast_to(u[:, None], (*rise.shape[:2], 1)), rise], axis=2)
        after = np.concatenate([rise, np.zeros((*rise.shape[:2], 1))], axis=2)
        slopes[..., 1 : n + 2] = visible * (after - before)
        slopes[..., n + 2 : 2 * n + 2] = visible * change * (_sigmoid(z) - _sigmoid(z0))
        spread = rise - width[:, None] * (z * _sigmoid(z) - z0 * _sigmoid(z0))
        slopes[..., 2 * n + 2 : -1] = -visible * change * spread
        slopes[..., -1] = (1 - part) / total
        return start + np.log(total), slopes

    def bounds(self, u: Floats) -> tuple[Floats, Floats]:
        """Return bounds: breaks at most a factor e outside the sizes, limit not negative."""
        n, span = self.breaks, u.max()
        low = [-np.inf, *[-50.0] * (n + 1), *[-1.0] * n, *[math.log(0.01)] * n, 0.0]
        high = [np.inf, *[50.0] * (n + 1), *[span + 1.0] * n, *[math.log(2.0 + span)] * n, 1.0]
        return np.array(low), np.array(high)

    def starts(self, u: Floats, y: Floats, weights: Floats) -> Floats:
        """Return the best points of a grid over breaks, their widths and the limit.

        At each the exponents and the amplitude follow exactly from linear least squares of
        log(loss - limit) (variable projection).
        """
        grid = self._grid(u)
        basis = np.stack([self._basis(u, where, width) for where, width in grid])
        lowest = np.where(weights > 0, y, np.inf).min(axis=1, keepdims=True)
        found, costs = [], []
        for fraction in _FLOORS:
            floor = fraction * np.exp(lowest)
            rest = np.exp(y) - floor
            logs = np.log(np.maximum(rest, 1e-300))
            # The relative noise of the rest is larger by loss / rest, so its weight is smaller.
            line = weighted_line(basis, logs, weights * np.clip(rest / np.exp(y), 0, 1) ** 2)
            theta = self._theta(line, floor, grid)
            flat = theta.reshape(-1, theta.shape[2])
            value = self.curve(u, np.clip(flat, *self.bounds(u)))[0]
            value = value.reshape(*theta.shape[:2], len(u))
            found.append(theta)
            costs.append((weights[:, None] * (y[:, None] - value) ** 2).sum(axis=2))
        theta, cost = np.concatenate(found, axis=1), np.concatenate(costs, axis=1)
        chosen = np.argsort(cost, axis=1)[:, :_KEPT]
        return np.take_along_axis(theta, chosen[..., None], axis=1)

    def coefficients(self, theta: Floats, smallest: float) -> dict[str, float]:
        """Return a, b, c_i, d_i, f_i of the published equation, and the last piece's exponent."""
        n = self.breaks
        exponents, where = theta[1 : n + 2], theta[n + 2 : 2 * n + 2]
        width = np.exp(theta[2 * n + 2 : -1])
        order = np.argsort(where, kind="stable")
        changes = np.diff(exponents)
        size = math.log(smallest)
        log_amplitude = theta[0] + np.log1p(-min(theta[-1], 1 - 1e-16)) + exponents[0] * size
        log_amplitude += float((changes * width * _softplus(-where / width)).sum())
        result = {
            "limit": float(np.exp(theta[0]) * theta[-1]),
            "amplitude": float(np.exp(log_amplitude)),
            "c0": float(exponents[0]),
        }
        for i, at in enumerate(order, start=1):
            result[f"c{i}"] = float(changes[at])
            result[f"d{i}"] = float(np.exp(where[at] + size))
            result[f"f{i}"] = float(width[at])
        return {**result, "exponent": float(exponents[-1])}

    def _grid(self, u: Floats) -> list[tuple[Floats, float]]:
        """Return break positions and a common width of the breaks."""
        span = u.max()
        positions = np.linspace(0.05, 1.05, _POSITIONS) * span
        return [
            (np.array(where), width)
            for where in combinations(positions, self.breaks)
            for width in _WIDTHS
        ]

    def _basis(self, u: Floats, where: Floats, width: float) -> Floats:
        """Return the columns (W, n + 2) of log b and the exponents."""
        z, z0 = (u[:, None] - where) / width, -where / width
        rise = width * (_softplus(z) - _softplus(z0))
        before = np.concatenate([u[:, None], rise], axis=1)
        after = np.concatenate([rise, np.zeros((len(u), 1))], axis=1)
        return np.concatenate([np.ones((len(u), 1)), after - before], axis=1)

    def _theta(self, line: Floats, floor: Floats, grid: list[tuple[Floats, float]]) -> Floats:
        """Return theta (B, G, p) from the linear part (B, G, n + 2) and the limit (B, 1)."""
        n, (rows, points) = self.breaks, line.shape[:2]
        theta = np.empty((rows, points, 3 * n + 3))
        amplitude = np.exp(np.clip(line[..., 0], -700, 700))
        theta[..., 0] = np.log(amplitude + floor)
        theta[..., 1 : n + 2] = line[..., 1:]
        theta[..., n + 2 : 2 * n + 2] = np.stack([where for where, _ in grid])
        theta[..., 2 * n + 2 : -1] = np.log([width for _, width in grid])[:, None]
        theta[..., -1] = floor / (amplitude + floor)
        return theta


def _softplus(z: Floats) -> Floats:
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def _sigmoid(z: Floats) -> Floats:
    small = np.exp(-np.abs(z))
    return np.asarray(np.where(z >= 0, 1.0, small) / (1 + small))
