"""Profile-likelihood intervals of a loss that follows from a fitted law: a prediction, a floor.

The logarithm of such a loss is theta_0 + h(theta_1, ...), because theta_0 is the log loss at the
smallest size. With its value held, theta_0 is known from the rest, and what is left is a problem of
one parameter less.
"""

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

LogLoss = Callable[[Floats], tuple[Floats, Floats]]  # of theta (B, p): value (B,), slopes (B, p)

_FRACTIONS = np.array([0.3, 0.6, 1.0, 1.5, 2.5, 5.0, 12.0, 40.0])
_FINE = np.linspace(0, 1, 7)[1:-1]
_NOTHING = 25.0  # of log loss: exp(-25) is nothing beside the losses
_INSIDE = 0.05  # from a bound, where another start is tried


@dataclass(frozen=True)
class _Relative(Model):
    """A model's curve less the log loss that is held."""

    model: Model
    held: LogLoss

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Return those of the model."""
        return self.model.parameter_names

    def curve(self, u: Floats, theta: Floats) -> tuple[Floats, Floats]:
        """Return the difference and its derivatives."""
        value, slopes = self.model.curve(u, theta)
        own, change = self.held(theta)
        return value - own[:, None], slopes - change[:, None]

    def bounds(self, u: Floats) -> tuple[Floats, Floats]:
        """Return those of the model."""
        return self.model.bounds(u)

    def starts(self, u: Floats, y: Floats, weights: Floats) -> Floats:
        """Return those of the model."""
        return self.model.starts(u, y, weights)

    def coefficients(self, theta: Floats, smallest: float) -> dict[str, float]:
        """Return those of the model."""
        return self.model.coefficients(theta, smallest)


def log_loss_at(model: Model, u: float) -> LogLoss:
    """Return the log loss of a model at u = log(size / smallest size)."""
    place = np.array([u])

    def value(theta: Floats) -> tuple[Floats, Floats]:
        loss, slopes = model.curve(place, theta)
        return loss[:, 0], slopes[:, 0]

    return value


def interval_of_log_loss(
    law: Candidate, about: Observations, held: LogLoss, allowed: float, *, huber: float | None
) -> tuple[float, float]:
    """Return where the cost, with the log loss held, has risen by `allowed` below and above.

    An end is infinite where the cost never rises so far. A log loss that is far below all losses, a
    floor of 0, has no lower end.

    Parameters
    ----------
    law : Candidate
        Its weights are kept.
    about : Observations
        What it was fitted to.
    huber : float or None
        As the law was fitted.
    """
    best = float(held(law.fitted.theta)[0][0])

    def rises(values: Floats) -> Floats:
        return _rises(_Relative(law.model, held), about, law.fitted, values, huber=huber)

    if best < about.y.min() - _NOTHING:
        return -np.inf, _end(rises, float(about.y.min()) - _NOTHING, 1.0, allowed)
    step = _first_step(law, about.u, held, allowed)
    return _end(rises, best, -step, allowed), _end(rises, best, step, allowed)


def _first_step(law: Candidate, u: Floats, held: LogLoss, allowed: float) -> float:
    """Return the half-length by the curvature at the minimum."""
    theta = law.fitted.theta
    low, high = law.model.bounds(u)
    free = (theta[0] > low) & (theta[0] < high)
    weighted = law.model.curve(u, theta)[1][0][:, free] * np.sqrt(law.fitted.weights[0])[:, None]
    # Columns of one length: those of a floor of 1e-60 are 1e60 times as long as the others.
    lengths = np.maximum(np.linalg.norm(weighted, axis=0), 1e-300)
    along = np.linalg.pinv(weighted / lengths).T @ (held(theta)[1][0][free] / lengths)
    return float(np.clip(np.sqrt(allowed) * np.linalg.norm(along), 1e-9, 30.0))


def _rises(
    model: _Relative,
    about: Observations,
    fitted: Estimate,
    values: Floats,
    *,
    huber: float | None,
) -> Floats:
    """Return by how much the lowest cost rises with the log loss held at each of (G,) values."""
    count = len(values)
    y = about.y - values[:, None]
    weights = np.repeat(fitted.weights, count, axis=0)
    free = np.arange(fitted.theta.shape[1]) > 0
    starts = _starts(model, about.u, fitted, count)
    found = minimise(model, about.u, y, weights, starts, free=free, huber=huber)
    return np.asarray(found.cost - fitted.cost[0])


def _starts(model: _Relative, u: Floats, fitted: Estimate, count: int) -> Floats:
    """Return the fitted shape, and its neighbours where a parameter is on a bound."""
    low, high = model.bounds(u)
    theta = fitted.theta[0]
    above = np.where(theta <= low + 1e-12, low + _INSIDE, theta)
    inside = np.where(above >= high - 1e-12, high - _INSIDE, above)
    shapes = [theta] if np.array_equal(inside, theta) else [theta, inside]
    return np.repeat(np.stack(shapes)[None], count, axis=0)


def _end(rises: Callable[[Floats], Floats], best: float, step: float, allowed: float) -> float:
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
