"""Profile-likelihood ends of any function of the coefficients, for B problems at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..._typing import Floats, Ints
from ..least_squares import minimise
from .pulled import Pulled
from .quantities import Quantities
from .search import Fitted, blocks, cost_of

_PULL = 4.0  # of the penalty, in curvatures of the profile
_REACH = (0.9, 1.4, 3.0, 10.0, 60.0, 600.0, 6000.0)  # of the half-length by the curvature
_STRAIGHT = 2.0  # half-lengths for which the curvature says where to begin
_ROUNDS = 12  # of secants; the line is nearly straight, so that 2 are usual
_SETTLED = 1e-3  # of the root of the rise
_ROOM = 1e5  # half-lengths within which the penalty is a square whatever Huber's threshold
_STEPS = 60  # of the solver: a valley this long is an interval without an end


@dataclass(frozen=True, eq=False)
class _Side:
    """One side of L searches: where each starts from and which way it goes.

    Attributes
    ----------
    problem, which : (L,) int64
        Of the B problems and of the functions.
    value : (L,) float64
        Of the function at the minimum.
    tangent : (L, p) float64
        How theta follows the function there.
    curvature, target : (L,) float64
        Of the profiled cost; its rise at the end.
    sign : float
    """

    fitted: Fitted
    quantities: Quantities
    problem: Ints
    which: Ints
    value: Floats
    tangent: Floats
    curvature: Floats
    target: Floats
    sign: float

    @property
    def step(self) -> Floats:
        """Return the half-length (L,) by the curvature."""
        return np.sqrt(self.target / self.curvature)

    def rows(self, chosen: Ints) -> _Side:
        """Return some of the searches."""
        names = ("problem", "which", "value", "tangent", "curvature", "target")
        return replace(self, **{name: getattr(self, name)[chosen] for name in names})


@dataclass(frozen=True, eq=False)
class _Points:
    """Points of the profiles of L searches: how far, the root of the rise, and where."""

    gain: Floats
    root: Floats
    theta: Floats

    def rows(self, chosen: Ints) -> _Points:
        """Return some of the points."""
        return _Points(self.gain[chosen], self.root[chosen], self.theta[chosen])

    def instead(self, other: _Points, where: NDArray[np.bool_]) -> _Points:
        """Return these points, others `where` (L,)."""
        return _Points(
            np.where(where, other.gain, self.gain),
            np.where(where, other.root, self.root),
            np.where(where[:, None], other.theta, self.theta),
        )


def profile_ends(fitted: Fitted, quantities: Quantities, rise: Floats) -> tuple[Floats, Floats]:
    """Return where the profiled cost has risen by `rise` (B, M), below and above the minimum.

    Returns
    -------
    low, high : (B, M) float64
        -inf or inf where the cost never rises so far; NaN where the function has no value.
    """
    shape = len(fitted.theta), quantities.count
    problem, which = (at.ravel() for at in np.indices(shape))
    theta = fitted.theta[problem]
    with np.errstate(all="ignore"):
        value = quantities.of(theta, which)
        tangent, variance = tangents(fitted, quantities.gradient(theta, which), problem)
        whole = _Side(
            fitted, quantities, problem, which, value, tangent, 1 / variance, rise.ravel(), 1.0
        )
        known = np.flatnonzero(np.isfinite(value + rise.ravel()) & np.isfinite(tangent).all(axis=1))
        ends = np.full((2, len(value)), np.nan)
        for end, sign in zip(ends, (-1.0, 1.0), strict=True):
            end[known] = _end(replace(whole.rows(known), sign=sign))
    return ends[0].reshape(shape), ends[1].reshape(shape)


def tangents(
    fitted: Fitted, gradient: Floats, problem: Ints, weights: Floats | None = None
) -> tuple[Floats, Floats]:
    """Return N^-1 g / (g' N^-1 g) and g' N^-1 g, for gradients g (L, p) and normal matrices N."""
    moved = (inverse_normal(fitted, weights)[problem] @ gradient[..., None])[..., 0]
    variance = np.maximum((gradient * moved).sum(axis=1), 1e-30)
    return moved / variance[:, None], variance


def inverse_normal(
    fitted: Fitted, weights: Floats | None = None, free: NDArray[np.bool_] | None = None
) -> Floats:
    """Return the inverse (B, p, p) of sum_r w_r s_r s_r', s the derivatives of log loss.

    The weights (B, R) are those of iteratively reweighted least squares by default: a safe first
    step of a search, but with Huber's threshold not the curvature of the cost.
    A coefficient that nothing depends on, or that is not `free` (B, p), gets a large, finite
    variance.
    """
    value, slopes = fitted.surface.curve(fitted.surface.logs, fitted.theta)
    if free is not None:
        slopes = slopes * free[:, None]
    if weights is None:
        size = np.maximum(np.abs(fitted.y - value), 1e-300)
        share = 1.0 if fitted.huber is None else np.minimum(1.0, fitted.huber / size)
        weights = fitted.weights * share
    normal = (slopes.transpose(0, 2, 1) * weights[:, None]) @ slopes
    diagonal = np.einsum("bii->bi", normal)
    root = np.sqrt(np.maximum(diagonal, 1e-12 * diagonal.max(axis=1, keepdims=True)))
    scaled = normal / root[:, :, None] / root[:, None, :]
    scaled[:, range(root.shape[1]), range(root.shape[1])] += 1e-10
    return np.asarray(np.linalg.inv(scaled) / root[:, :, None] / root[:, None, :])


def _end(side: _Side) -> Floats:
    """Return the end (L,) on one side."""
    near = _minimum(side)
    far, reached = near, np.zeros(len(near.gain), dtype=bool)
    for reach in _REACH:
        rows = np.flatnonzero(~reached)
        if not rows.size:
            break
        found, looked = _look(side, rows, reach, near), np.zeros_like(reached)
        hit = found.root >= np.sqrt(side.target[rows])
        looked[rows] = hit
        spread = _spread(found, rows, near)
        far, near = far.instead(spread, looked), near.instead(spread, ~reached & ~looked)
        reached |= looked
    rows = np.flatnonzero(reached)
    end = np.full(len(reached), side.sign * np.inf)
    if rows.size:
        end[rows] = _root(side.rows(rows), near.rows(rows), far.rows(rows))
    return end


def _minimum(side: _Side) -> _Points:
    theta = side.fitted.theta[side.problem]
    nothing = np.zeros(len(theta))
    return _Points(nothing, nothing.copy(), theta)


def _spread(found: _Points, rows: Ints, like: _Points) -> _Points:
    """Return points of some rows in an array of all."""
    out = _Points(like.gain.copy(), like.root.copy(), like.theta.copy())
    out.gain[rows], out.root[rows], out.theta[rows] = found.gain, found.root, found.theta
    return out


def _look(side: _Side, rows: Ints, reach: float, near: _Points) -> _Points:
    """Return the points that are pulled as if they lay `reach` half-lengths away."""
    part, before = side.rows(rows), near.rows(rows)
    gain = reach * part.step
    towards = gain * (1 + part.curvature / _weight(part))
    begin = before.theta
    if reach <= _STRAIGHT:
        begin = begin + (side.sign * (gain - before.gain))[:, None] * part.tangent
    found = _pulled(part, towards, begin)
    # Where the curvature points into another valley, walk from the last point instead.
    lost = np.flatnonzero(
        ~(_pulled_cost(part, towards, found) <= _pulled_cost(part, towards, before))
    )
    if reach <= _STRAIGHT and lost.size:
        again = _pulled(part.rows(lost), towards[lost], before.theta[lost])
        found = _spread(again, lost, found)
    return found


def _pulled_cost(side: _Side, towards: Floats, points: _Points) -> Floats:
    return np.asarray(points.root**2 + _weight(side) * (points.gain - towards) ** 2)


def _root(side: _Side, near: _Points, far: _Points) -> Floats:
    """Return the end (L,) between two points, by secants of the root of the rise."""
    wanted = np.sqrt(side.target)
    last = np.zeros(len(wanted))  # which side moved last: one that stays makes the next step a half
    open_ = np.arange(len(wanted))
    for _ in range(_ROUNDS):
        part, a, b = side.rows(open_), near.rows(open_), far.rows(open_)
        share, slope = _secant(a, b, wanted[open_])
        share = np.where(np.abs(last[open_]) > 1, 0.5, share)
        gain = a.gain + share * (b.gain - a.gain)
        begin = a.theta + share[:, None] * (b.theta - a.theta)
        found = _pulled(part, gain + wanted[open_] * slope / _weight(part), begin)
        beyond = found.root >= wanted[open_]
        inside = (found.gain >= a.gain) & (found.gain <= b.gain)
        far = _spread(b.instead(found, beyond & inside), open_, far)
        near = _spread(a.instead(found, ~beyond & inside), open_, near)
        side_moved = np.where(beyond, 1.0, -1.0)
        last[open_] = np.where(
            np.sign(last[open_]) == side_moved, last[open_] + side_moved, side_moved
        )
        left = np.abs(found.root - wanted[open_]) > _SETTLED * wanted[open_]
        open_ = open_[left & inside]
        if not open_.size:
            break
    share, _ = _secant(near, far, wanted)
    return np.asarray(side.value + side.sign * (near.gain + share * (far.gain - near.gain)))


def _secant(near: _Points, far: _Points, wanted: Floats) -> tuple[Floats, Floats]:
    """Return how far from near to far the root is `wanted`, and its slope; half where unknown."""
    length = np.maximum(far.gain - near.gain, 1e-300)
    rise = np.maximum(far.root - near.root, 1e-300)
    share = np.where(np.isfinite(rise), (wanted - near.root) / rise, 0.5)
    slope = np.where(np.isfinite(rise), rise / length, 0.0)
    return np.clip(share, 0, 1), np.minimum(slope, 1e150)


def _weight(side: _Side) -> Floats:
    return _PULL * side.curvature


def _pulled(side: _Side, towards: Floats, begin: Floats) -> _Points:
    """Return the points (L,) where the pull towards a gain balances the cost."""
    fitted = side.fitted
    parts = [
        _pulled_block(side.rows(rows), towards[rows], begin[rows])
        for rows in map(_indices, blocks(len(begin), fitted.y.shape[1] * begin.shape[1]))
    ]
    theta = np.concatenate(parts)
    value = side.quantities.of(theta, side.which)
    residual = fitted.y[side.problem] - fitted.surface.curve(fitted.surface.logs, theta)[0]
    cost = cost_of(residual, fitted.weights[side.problem], fitted.huber)
    rise = np.maximum(cost - fitted.cost[side.problem], 0)
    rise = np.where(np.isnan(rise), np.inf, rise)
    return _Points(np.maximum(side.sign * (value - side.value), 0), np.sqrt(rise), theta)


def _pulled_block(side: _Side, towards: Floats, begin: Floats) -> Floats:
    fitted = side.fitted
    scale = np.ones(len(begin))
    if fitted.huber is not None:
        scale = fitted.huber / (_ROOM * side.step)
    model = Pulled(fitted.surface, side.quantities, side.which, scale)
    last = (side.value + side.sign * towards) * scale
    y = np.concatenate([fitted.y[side.problem], last[:, None]], axis=1)
    pull = (_weight(side) / scale**2)[:, None]
    weights = np.concatenate([fitted.weights[side.problem], pull], axis=1)
    return minimise(
        model,
        fitted.surface.logs,
        y,
        weights,
        begin[:, None],
        huber=fitted.huber,
        most_steps=_STEPS,
    ).theta


def _indices(rows: slice) -> Ints:
    return np.arange(rows.start, rows.stop)
