"""Fits a surface to B sets of log losses at the same sizes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..._typing import Floats
from ..least_squares import minimise
from .model import Surface

_BLOCK = 200_000  # numbers of the derivatives of the problems taken at a time: 1.6 MB, cached
_POLISHED = 4  # Newton steps at the end; each doubles the digits
SHORT = 100  # steps for what only needs to be compared
_DIFFERENCE = 1e-6  # of a coefficient, for second derivatives


@dataclass(frozen=True, eq=False)
class Fitted:
    """A surface fitted to B problems.

    Attributes
    ----------
    surface : Surface
    y, weights : (B, R) float64
        Log losses in units of their geometric mean; how often each row counts.
    huber : float or None
    theta : (B, p) float64
    cost : (B,) float64
        2 sum_r w_r rho(residual), rho(r) = r^2 / 2 or Huber's function.
    converged : (B,) bool
    """

    surface: Surface
    y: Floats
    weights: Floats
    huber: float | None
    theta: Floats
    cost: Floats
    converged: NDArray[np.bool_]

    def only(self, problem: int) -> Fitted:
        """Return one of the problems alone."""
        at = slice(problem, problem + 1)
        names = ("y", "weights", "theta", "cost", "converged")
        return replace(self, **{name: getattr(self, name)[at] for name in names})

    @property
    def residuals(self) -> Floats:
        """Return log(loss / law), (B, R)."""
        return self.y - self.surface.curve(self.surface.logs, self.theta)[0]


def fit_rows(
    surface: Surface,
    y: Floats,
    weights: Floats,
    huber: float | None,
    starts: Floats | None = None,
    *,
    patience: int = 1000,
) -> Fitted:
    """Return the fits of B problems, each from its starts (B, K, p) or a grid of its own.

    `patience` is the most steps for those that creep along a valley.
    """
    begin = surface.starts(surface.logs, y, weights) if starts is None else starts
    parts = [
        minimise(
            surface,
            surface.logs,
            y[rows],
            weights[rows],
            begin[rows],
            huber=huber,
            most_steps=patience,
        )
        for rows in blocks(len(y), y.shape[1] * surface.layout.size)
    ]
    theta = np.concatenate([part.theta for part in parts])
    cost = np.concatenate([part.cost for part in parts])
    converged = np.concatenate([part.converged for part in parts])
    return Fitted(surface, y, weights, huber, theta, cost, converged)


def blocks(problems: int, numbers: int) -> list[slice]:
    """Return slices of problems, each of so many numbers, that stay in the cache together."""
    step = max(1, _BLOCK // max(numbers, 1))
    return [slice(i, min(i + step, problems)) for i in range(0, problems, step)]


def cost_of(residual: Floats, weights: Floats, huber: float | None) -> Floats:
    """Return 2 sum_r w_r rho(residual) of (B, R)."""
    size = np.abs(residual)
    each = size**2
    if huber is not None:
        each = np.where(size > huber, huber * (2 * size - huber), each)
    return np.asarray((weights * each).sum(axis=1))


def influence(residual: Floats, huber: float | None) -> Floats:
    """Return psi(residual), the derivative of rho."""
    return residual if huber is None else np.clip(residual, -huber, huber)


def polish(fitted: Fitted) -> Fitted:
    """Return the same minima to rounding, so that units and order do not show in ten digits.

    Newton's method with second derivatives by differences of the gradient; a step counts where it
    makes the gradient smaller.
    """
    theta = fitted.theta.copy()
    low, high = fitted.surface.bounds(fitted.surface.logs)
    gradient = _gradient(fitted, theta)
    held = ((theta <= low) & (gradient > 0)) | ((theta >= high) & (gradient < 0))
    for _ in range(_POLISHED):
        step = _newton_step(fitted, theta, gradient, held)
        new = np.clip(theta - step, low, high)
        changed = _gradient(fitted, new)
        scale = np.abs(np.where(held, 0.0, gradient)).max(axis=1)
        better = np.abs(np.where(held, 0.0, changed)).max(axis=1) < scale
        theta[better], gradient[better] = new[better], changed[better]
    residual = fitted.y - fitted.surface.curve(fitted.surface.logs, theta)[0]
    cost = cost_of(residual, fitted.weights, fitted.huber)
    return Fitted(
        fitted.surface, fitted.y, fitted.weights, fitted.huber, theta, cost, fitted.converged
    )


def _gradient(fitted: Fitted, theta: Floats) -> Floats:
    """Return half the gradient (B, p) of the cost."""
    value, slopes = fitted.surface.curve(fitted.surface.logs, theta)
    pull = fitted.weights * influence(fitted.y - value, fitted.huber)
    return np.asarray(-(slopes.transpose(0, 2, 1) @ pull[..., None])[..., 0])


def _newton_step(
    fitted: Fitted, theta: Floats, gradient: Floats, held: NDArray[np.bool_]
) -> Floats:
    """Return the Newton step (B, p), 0 where held or where the curvature is singular."""
    size = theta.shape[1]
    matrix = np.empty((*theta.shape, size))
    for k in range(size):
        length = _DIFFERENCE * np.maximum(np.abs(theta[:, k : k + 1]), 1e-3)
        moved = np.where(np.arange(size) == k, theta + length, theta)
        matrix[:, k] = (_gradient(fitted, moved) - gradient) / length
    matrix = 0.5 * (matrix + matrix.transpose(0, 2, 1))
    free = ~held
    matrix = matrix * free[:, :, None] * free[:, None, :]
    root = np.sqrt(np.maximum(np.abs(np.einsum("bii->bi", matrix)), 1e-300))
    root = np.where(held, 1.0, root)
    scaled = matrix / root[:, :, None] / root[:, None, :]
    scaled[:, range(size), range(size)] += np.where(held, 1.0, 1e-15)
    downhill = np.where(held, 0.0, gradient) / root
    return np.asarray(np.linalg.solve(scaled, downhill[..., None])[..., 0] / root)
