"""Profile-likelihood intervals of any quantity of a fitted law: a coefficient, a prediction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .._typing import Floats
from .comparison import Candidate
from .estimation import Estimate
from .least_squares import minimise
from .models.base import Model
from .observations import Observations

Quantity = Callable[[Floats], Floats]  # of theta (B, p): (B,)

_FRACTIONS = np.array([0.3, 0.6, 1.0, 1.5, 2.5, 5.0, 12.0, 40.0, 200.0])
_FINE = np.linspace(0, 1, 7)[1:-1]
_FIRM = 1e6  # weight of the held value, relative to all points together
_STEP = 1e-6


@dataclass(frozen=True)
class _Held(Model):
    """A model whose curve has one more point: the quantity."""

    model: Model
    quantity: Quantity

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Return those of the model."""
        return self.model.parameter_names

    def curve(self, u: Floats, theta: Floats) -> tuple[Floats, Floats]:
        """Return the curve and the quantity beyond its last size, with derivatives."""
        value, slopes = self.model.curve(u, theta)
        own, change = self.quantity(theta), gradient(self.quantity, theta)
        return (
            np.concatenate([value, own[:, None]], axis=1),
            np.concatenate([slopes, change[:, None]], axis=1),
        )

    def bounds(self, u: Floats) -> tuple[Floats, Floats]:
        """Return those of the model."""
        return self.model.bounds(u)

    def starts(self, u: Floats, y: Floats, weights: Floats) -> Floats:
        """Return those of the model for its own points."""
        return self.model.starts(u, y[:, :-1], weights[:, :-1])

    def coefficients(self, theta: Floats, smallest: float) -> dict[str, float]:
        """Return those of the model."""
        return self.model.coefficients(theta, smallest)


def gradient(quantity: Quantity, theta: Floats) -> Floats:
    """Return the derivatives (B, p) of a quantity, by central differences."""
    out = np.empty_like(theta)
    for k in range(theta.shape[1]):
        step = _STEP * np.maximum(np.abs(theta[:, k]), 1e-3)
        above, below = theta.copy(), theta.copy()
        above[:, k] += step
        below[:, k] -= step
        out[:, k] = (quantity(above) - quantity(below)) / (2 * step)
    return np.nan_to_num(out)


def quantity_interval(
    law: Candidate, about: Observations, quantity: Quantity, allowed: float
) -> tuple[float, float]:
    """Return where the cost, with the quantity held, has risen by `allowed` below and above.

    An end is infinite where the cost never rises so far.

    Parameters
    ----------
    law : Candidate
        Its weights are kept.
    about : Observations
        What it was fitted to.
    quantity : function of theta (B, p), returning (B,)
    allowed : float
    """
    best = float(quantity(law.fitted.theta)[0])
    if not np.isfinite(best):
        return -np.inf, np.inf
    step = _first_step(law, about.u, quantity, allowed)

    def rises(values: Floats) -> Floats:
        return _rises(_Held(law.model, quantity), about, law.fitted, values)

    return _end(rises, best, -step, allowed), _end(rises, best, step, allowed)


def _first_step(law: Candidate, u: Floats, quantity: Quantity, allowed: float) -> float:
    """Return the half-length by the curvature at the minimum."""
    model, fitted = law.model, law.fitted
    slopes = model.curve(u, fitted.theta)[1][0]
    change = gradient(quantity, fitted.theta)[0]
    low, high = model.bounds(u)
    free = (fitted.theta[0] > low) & (fitted.theta[0] < high)
    weighted = slopes[:, free] * np.sqrt(fitted.weights[0])[:, None]
    along = np.linalg.pinv(weighted).T @ change[free]
    return float(np.clip(np.sqrt(allowed) * np.linalg.norm(along), 1e-9, 30.0))


def _rises(model: _Held, about: Observations, fitted: Estimate, values: Floats) -> Floats:
    """Return by how much the lowest cost rises with the quantity held at each of (G,) values."""
    count = len(values)
    weights = np.repeat(fitted.weights, count, axis=0)
    firm = np.full((count, 1), _FIRM * fitted.weights.sum())
    targets = np.concatenate([np.repeat(about.y, count, axis=0), values[:, None]], axis=1)
    weights = np.concatenate([weights, firm], axis=1)
    found = minimise(model, about.u, targets, weights, _starts(model, about.u, fitted, count))
    return np.asarray(found.cost - fitted.cost[0])


def _starts(model: _Held, u: Floats, fitted: Estimate, count: int) -> Floats:
    """Return the fitted shape, and its neighbours where a parameter is on a bound."""
    low, high = model.bounds(u)
    theta = fitted.theta[0]
    inside = np.where(theta <= low, low + 0.05, np.where(theta >= high, high - 0.05, theta))
    shapes = [theta] if np.array_equal(inside, theta) else [theta, inside]
    return np.repeat(np.stack(shapes)[None], count, axis=0)


def _end(rises: Quantity, best: float, step: float, allowed: float) -> float:
    """Return the end on the side of `step`."""
    grid = best + step * _FRACTIONS
    rise = rises(grid)
    beyond = np.flatnonzero(rise > allowed)
    if not beyond.size:
        return float(np.copysign(np.inf, step))
    first = int(beyond[0])
    near, far = (best if first == 0 else grid[first - 1]), grid[first]
    ends = (0.0 if first == 0 else max(rise[first - 1], 0.0), rise[first])
    inner = near + (far - near) * _FINE
    values = np.concatenate([[near], inner, [far]])
    roots = np.sqrt(np.maximum(np.concatenate([[ends[0]], rises(inner), [ends[1]]]), 0.0))
    # The root of the rise is nearly a straight line.
    at = int(np.flatnonzero(roots > np.sqrt(allowed))[0])
    share = (np.sqrt(allowed) - roots[at - 1]) / max(roots[at] - roots[at - 1], 1e-300)
    return float(values[at - 1] + share * (values[at] - values[at - 1]))
