"""Bounded Levenberg-Marquardt for many small problems at once, with analytic derivatives."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .._typing import Floats, Ints
from .models.base import Model

_STEPS = 200
_MOST_STEPS = 1000  # for the few of 10,000 that creep along a bound
_SCOUT = 3  # steps per parameter from every start; only the best go on
_FINALISTS = 2
_CRAWL = 1e-2  # relative gain of a step below which second derivatives are worth their price
_FLAT = 1e-9  # cosine between a residual and what a parameter can still do about it
_NEARLY_FLAT = 1e-5  # the same, where no step lowers the cost any more
_LOG_ROUNDING = 4e-16  # of a logarithm, relative to 1 + |y|: residuals of this size are none
# The damping is relative to the diagonal of the normal matrix. It changes by unequal factors, so
# that a step refused after one taken does not try the same damping again.
_FIRST_DAMPING = 1e-3
_AFTER_GAIN, _AFTER_LOSS = 0.1, 8.0
_LEAST_DAMPING, _MOST_DAMPING = 1e-13, 1e12
_FULL_STEP = 1e-2  # at most this damping: nearly the undamped step
_NO_STEP = 1e8  # beyond this damping: the step moves theta by rounding


@dataclass(frozen=True)
class Solution:
    """Minima of B problems.

    Attributes
    ----------
    theta : (B, p) float64
    cost : (B,) float64
        sum_w weights * rho(residual); rho(r) = r^2, or with Huber's threshold h and |r| > h,
        2 h |r| - h^2.
    converged : (B,) bool
    """

    theta: Floats
    cost: Floats
    converged: NDArray[np.bool_]


@dataclass(frozen=True)
class _Setting:
    """What stays while theta moves: B problems of the same model and sizes."""

    model: Model
    u: Floats
    y: Floats
    weights: Floats
    moving: NDArray[np.bool_]
    huber: float | None

    def rows(self, chosen: Ints) -> _Setting:
        """Return some of the problems."""
        model = self.model.problems(chosen)
        return replace(self, model=model, y=self.y[chosen], weights=self.weights[chosen])

    def cost(self, value: Floats) -> Floats:
        """Return the cost (B,) of log losses (B, W); infinite where they are."""
        size = np.abs(self.y - value)
        h = self.huber
        each = size**2 if h is None else np.where(size > h, h * (2 * size - h), size**2)
        cost = np.where(self.weights > 0, self.weights * each, 0.0).sum(axis=1)
        return np.where(np.isfinite(cost), cost, np.inf)

    def effective_weights(self, residual: Floats) -> Floats:
        """Return the weights (B, W) of iteratively reweighted least squares for the cost."""
        if self.huber is None:
            return self.weights
        share = self.huber / np.maximum(np.abs(residual), 1e-300)
        return np.asarray(self.weights * np.minimum(1.0, share))


def minimise(
    model: Model,
    u: Floats,
    y: Floats,
    weights: Floats,
    starts: Floats,
    *,
    free: NDArray[np.bool_] | None = None,
    huber: float | None = None,
    most_steps: int = _MOST_STEPS,
) -> Solution:
    """Return the best minimum of each problem over its starting values.

    Parameters
    ----------
    model : Model
    u : (W,) float64
    y, weights : (B, W) float64
        Log losses and inverse variances; a weight of 0 leaves a size out.
    starts : (B, K, p) float64
    free : (p,) bool, optional
        Parameters that may move; all by default.
    huber : float, optional
        Threshold on |residual|.
    most_steps : int
        Of the few that creep along a bound.

    Notes
    -----
    Levenberg (1944) and Marquardt (1963) with Marquardt's scaling; a parameter on its bound that is
    pushed outwards is held (projected gradient). Each problem keeps its own damping and leaves the
    batch when it has converged.
    """
    p = starts.shape[2]
    moving = np.ones(p, dtype=bool) if free is None else free
    theta = np.where(moving, np.clip(starts, *model.bounds(u)), starts)
    setting = _Setting(model, u, y, weights, moving, huber)
    if theta.shape[1] > _FINALISTS:
        theta = _best(_descend_all(setting, theta, _SCOUT * p), _FINALISTS).theta
    state = _best(_descend_all(setting, theta, min(_STEPS, most_steps)), 1)
    slow = np.flatnonzero(~state.converged[:, 0])
    if slow.size and most_steps > _STEPS:
        rest = _descend_all(setting.rows(slow), state.theta[slow], most_steps)
        state.theta[slow], state.cost[slow] = rest.theta, rest.cost
        state.converged[slow] = rest.converged
    return Solution(state.theta[:, 0], state.cost[:, 0], state.converged[:, 0])


def _best(state: Solution, most: int) -> Solution:
    """Return the solutions (B, most) of lowest cost."""
    chosen = np.argsort(state.cost, axis=1, kind="stable")[:, :most]
    return Solution(
        np.take_along_axis(state.theta, chosen[..., None], axis=1),
        np.take_along_axis(state.cost, chosen, axis=1),
        np.take_along_axis(state.converged, chosen, axis=1),
    )


def _descend_all(setting: _Setting, theta: Floats, steps: int) -> Solution:
    """Run the iteration from each theta (B, K, p); the result keeps these dimensions."""
    problems, kept, p = theta.shape
    rows = np.repeat(np.arange(problems), kept)
    state = _descend(setting.rows(rows), theta.reshape(-1, p).copy(), steps)
    return Solution(
        state.theta.reshape(theta.shape),
        state.cost.reshape(problems, kept),
        state.converged.reshape(problems, kept),
    )


def _descend(setting: _Setting, theta: Floats, steps: int) -> Solution:
    """Run the iteration from each theta (B, p), in place."""
    model, u, y, weights = setting.model, setting.u, setting.y, setting.weights
    low, high = model.bounds(u)
    converged = np.zeros(len(theta), dtype=bool)
    damping = np.full(len(theta), _FIRST_DAMPING)
    value, slopes = model.curve(u, theta)
    cost = setting.cost(value)
    exact = (weights * (_LOG_ROUNDING * (1.0 + np.abs(y))) ** 2).sum(axis=1)
    active = np.arange(len(theta))
    slopes_of, value_of = slopes, value
    newton = np.zeros(len(theta), dtype=bool)
    for _ in range(steps):
        part = setting.rows(active)
        residual = part.y - value_of
        w = part.effective_weights(residual)
        weighted = slopes_of.transpose(0, 2, 1) * w[:, None]
        downhill = (weighted @ residual[..., None])[..., 0]
        normal = weighted @ slopes_of
        at = theta[active]
        held = ((at <= low) & (downhill < 0)) | ((at >= high) & (downhill > 0)) | ~setting.moving
        gradient = np.where(held, 0.0, downhill)
        diagonal = np.einsum("bii->bi", normal).copy()
        scale = np.sqrt(diagonal) * np.sqrt(np.maximum(cost[active], 1e-300))[:, None]
        cosine = np.abs(gradient) / np.maximum(scale, 1e-300)
        done = (cosine.max(axis=1) <= _FLAT) | (cost[active] <= exact[active])
        if (second := np.flatnonzero(newton[active])).size:
            normal[second] = _curvature(part.rows(second), at[second], downhill[second], high)
        step = _step(normal, gradient, diagonal, held, damping[active])
        new = np.where(setting.moving, np.clip(at + step, low, high), at)
        new_value, new_slopes = part.model.curve(u, new)
        new_cost = part.cost(new_value)
        better = new_cost < cost[active]
        gained = cost[active] - new_cost
        # A full step that changes the cost by rounding only: the cost is flat as far as it goes.
        stuck = (np.abs(gained) <= model.flat * cost[active]) & (damping[active] <= _FULL_STEP)
        stuck |= ~better & (damping[active] > _NO_STEP) & (cosine.max(axis=1) <= _NEARLY_FLAT)
        changed = damping[active] * np.where(better, _AFTER_GAIN, _AFTER_LOSS)
        damping[active] = np.clip(changed, _LEAST_DAMPING, _MOST_DAMPING)
        newton[active] = np.where(better, gained < _CRAWL * cost[active], ~newton[active])
        move = better & ~done
        theta[active[move]] = new[move]
        cost[active[move]] = new_cost[move]
        value_of = np.where(move[:, None], new_value, value_of)
        slopes_of = np.where(move[:, None, None], new_slopes, slopes_of)
        ended = done | stuck
        converged[active[ended]] = True
        left = ~ended & ~(~better & (damping[active] >= _MOST_DAMPING))
        active, value_of, slopes_of = active[left], value_of[left], slopes_of[left]
        if not active.size:
            break
    return Solution(theta, cost, converged)


def _curvature(setting: _Setting, theta: Floats, downhill: Floats, high: Floats) -> Floats:
    """Return half the second derivatives (B, p, p) of the cost: differences of its gradient."""
    matrix = np.empty((*theta.shape, theta.shape[1]))
    for k in range(theta.shape[1]):
        length = 1e-6 * np.maximum(np.abs(theta[:, k]), 1e-6)
        length = np.where(theta[:, k] + length > high[k], -length, length)
        moved = theta.copy()
        moved[:, k] += length
        value, slopes = setting.model.curve(setting.u, moved)
        residual = setting.y - value
        pull = setting.effective_weights(residual) * residual
        changed = (slopes.transpose(0, 2, 1) @ pull[..., None])[..., 0]
        matrix[:, k] = (downhill - changed) / length[:, None]
    return 0.5 * (matrix + matrix.transpose(0, 2, 1))


def _step(
    normal: Floats, gradient: Floats, diagonal: Floats, held: NDArray[np.bool_], damping: Floats
) -> Floats:
    """Return the damped step (B, p), 0 where held."""
    p = gradient.shape[1]
    free = ~held
    root = np.sqrt(np.where(held | (diagonal <= 0), 1.0, diagonal))
    scaled = normal * free[:, :, None] * free[:, None, :] / root[:, :, None] / root[:, None, :]
    scaled[:, range(p), range(p)] += np.where(held | (diagonal <= 0), 1.0, damping[:, None])
    return np.asarray(np.linalg.solve(scaled, (gradient / root)[..., None])[..., 0] / root)
