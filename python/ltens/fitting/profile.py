"""Profile-likelihood intervals of the exponent, for B problems at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._typing import Floats
from .estimation import Estimate
from .least_squares import minimise
from .models.base import Model

_FIRST_POINTS = 14
_POINTS = 6  # tried in each later round on each side
_ROUNDS = 4  # a bracket 7^3 times smaller, then interpolation of a nearly straight line
_REACH = 1e3  # standard errors to look at before an interval is called open


@dataclass(frozen=True)
class Fitted:
    """B problems (their log statistics y (B, W) at u (W,)) with a model's fit to them."""

    model: Model
    u: Floats
    y: Floats
    fit: Estimate
    huber: float | None = None

    @property
    def at(self) -> int:
        """Return where in theta the exponent stands."""
        at = self.model.exponent_at
        if at is None:
            raise ValueError(f"model {self.model.name} has no exponent to hold.")
        return at


def profile_cost(given: Fitted, exponents: Floats) -> Floats:
    """Return the lowest cost (B, G) with the exponent held at each of (B, G) values.

    Parameters
    ----------
    given : Fitted
        Its weights are kept.
    exponents : (B, G) float64
    """
    model, fitted = given.model, given.fit
    problems, points = exponents.shape
    free = np.ones(len(model.parameter_names), dtype=bool)
    free[given.at] = False
    rows = np.repeat(np.arange(problems), points)
    starts = _held_starts(given, exponents)
    y, weights = given.y[rows], fitted.weights[rows]
    found = minimise(model, given.u, y, weights, starts, free=free, huber=given.huber)
    return found.cost.reshape(problems, points)


def _held_starts(given: Fitted, exponents: Floats) -> Floats:
    """Return the fitted shape, and where there is a floor none and much, at each exponent."""
    model, u, y, fitted = given.model, given.u, given.y, given.fit
    shapes = [fitted.theta]
    if model.parameter_names[-1] == "floor_share":
        for share in (0.0, 0.5):
            other = fitted.theta.copy()
            other[:, -1] = share * np.exp(-(fitted.theta[:, 0] - y.min(axis=1)))
            shapes.append(np.clip(other, *model.bounds(u)))
    problems, points = exponents.shape
    starts = np.stack(shapes, axis=1)[:, None].repeat(points, axis=1)
    starts[..., given.at] = exponents[:, :, None]
    rows = starts.reshape(problems * points, len(shapes), -1)
    flat = rows.reshape(-1, rows.shape[2])
    # The level is linear: put it where the weighted residuals are zero in the mean.
    weights = np.repeat(fitted.weights, points * len(shapes), axis=0)
    residual = np.repeat(y, points * len(shapes), axis=0) - model.curve(u, flat)[0]
    flat[:, 0] += (weights * residual).sum(axis=1) / weights.sum(axis=1)
    return flat.reshape(rows.shape)


def profile_ends(given: Fitted, allowed: Floats) -> tuple[Floats, Floats]:
    """Return where the profiled cost has risen by `allowed` (B,) below and above the minimum.

    The lower end stops at the model's bound; the upper end is infinite where the cost never rises
    so far.

    Returns
    -------
    low, high : (B,) float64
    """
    lowest, highest = (float(bound[given.at]) for bound in given.model.bounds(given.u))
    step = _first_step(given, allowed)
    return _end(given, allowed, -step, lowest), _end(given, allowed, step, highest)


def _first_step(given: Fitted, allowed: Floats) -> Floats:
    """Return the half-length (B,) by the curvature at the minimum, or a small positive one."""
    at, fitted = given.at, given.fit
    slopes = given.model.curve(given.u, fitted.theta)[1]
    normal = np.einsum("bwp,bw,bwq->bpq", slopes, fitted.weights, slopes)
    diagonal = np.maximum(np.einsum("bii->bi", normal), 1e-300)
    root = np.sqrt(diagonal)
    scaled = normal / (root[:, :, None] * root[:, None, :])
    scaled[:, range(scaled.shape[1]), range(scaled.shape[1])] += 1e-10
    inverse = np.linalg.inv(scaled)
    with np.errstate(over="ignore"):  # infinite where the cost is flat, and then clipped
        variance = np.maximum(inverse[:, at, at], 1e-12) / diagonal[:, at]
    step = np.sqrt(variance * np.maximum(allowed, 1e-300))
    return np.asarray(np.clip(step, 1e-14, 50.0))


def _end(given: Fitted, allowed: Floats, step: Floats, limit: float) -> Floats:
    """Return the end (B,) on the side that `step` (B,) points to."""
    fitted = given.fit
    best = fitted.theta[:, given.at]
    target = fitted.cost + allowed
    fractions = np.geomspace(0.25, _REACH, _FIRST_POINTS)
    near, far = best.copy(), np.full_like(best, np.nan)
    cost_near, cost_far = fitted.cost.copy(), np.full_like(best, np.nan)
    grid = best[:, None] + step[:, None] * fractions
    grid = np.clip(grid, limit, np.inf) if step[0] < 0 else np.clip(grid, -np.inf, limit)
    for count in range(_ROUNDS):
        cost = profile_cost(given, grid)
        beyond = cost > target[:, None]
        first = np.where(beyond.any(axis=1), beyond.argmax(axis=1), grid.shape[1])
        rows = np.arange(len(best))
        before = np.maximum(first - 1, 0)
        moved = first > 0
        near = np.where(moved, grid[rows, before], near)
        cost_near = np.where(moved, cost[rows, before], cost_near)
        hit = first < grid.shape[1]
        at = np.minimum(first, grid.shape[1] - 1)
        far = np.where(hit, grid[rows, at], far)
        cost_far = np.where(hit, cost[rows, at], cost_far)
        if count == 0:
            open_: NDArray[np.bool_] = ~hit
            far = np.where(open_, near, far)
            cost_far = np.where(open_, cost_near, cost_far)
        inner = np.linspace(0, 1, _POINTS + 2)[1:-1]
        grid = near[:, None] + (far - near)[:, None] * inner
    # The root of the rise is nearly linear in the exponent.
    root_near, root_far, root = (
        np.sqrt(np.maximum(value - fitted.cost, 0)) for value in (cost_near, cost_far, target)
    )
    rise = np.where(root_far > root_near, root_far - root_near, 1)
    share = np.clip((root - root_near) / rise, 0, 1)
    end = near + (far - near) * share
    return np.asarray(np.where(open_, limit if step[0] < 0 else np.inf, end))
