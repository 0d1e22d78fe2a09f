"""Fits a model to B sets of log statistics that share the sizes, and finds their scatter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._typing import Floats, Ints
from .least_squares import minimise
from .models.base import Model

_ROUNDS = 12  # of Newton on the excess scatter; 3-5 are usual
_CHEAP = 3  # parameters up to which the whole grid is tried again in each round
_SETTLED = 1e-3  # relative; the weights enter the exponent in second order


@dataclass(frozen=True)
class Estimate:
    """A model fitted to B problems.

    Attributes
    ----------
    theta : (B, p) float64
    cost : (B,) float64
        Weighted sum of squared log residuals (of Huber's function of them) at the minimum.
    weights : (B, W) float64
        1 / (standard error^2 + excess); 1 where there are no standard errors.
    excess : (B,) float64
        Variance of log loss about the law beyond the seeds' own, by the method of moments.
    seed_cost : (B,) float64
        The cost while the excess was 0: chi-square if the law is true and the variances are.
    degrees : (B,) int
        Sizes that count, less the parameters.
    converged : (B,) bool
    """

    theta: Floats
    cost: Floats
    weights: Floats
    excess: Floats
    seed_cost: Floats
    degrees: Ints
    converged: NDArray[np.bool_]

    @property
    def scale(self) -> Floats:
        """Mean weighted square (B,) about the law; about 1 if the weights tell the truth."""
        return np.asarray(self.cost / np.maximum(self.degrees, 1))


def estimate(
    model: Model,
    u: Floats,
    y: Floats,
    variances: Floats | None = None,
    *,
    huber: float | None = None,
    starts: Floats | None = None,
    used: Floats | None = None,
) -> Estimate:
    """Fit `model` to log statistics y.

    With `variances`, each size is weighted by 1 / (variance + excess), where the excess scatter
    makes the weighted sum of squares equal its degrees of freedom (Paule & Mandel 1982): 0 where
    the seeds explain the scatter, equal weights where the misfit of the law swamps them.

    Parameters
    ----------
    u : (W,) float64
        log(size / smallest size).
    y : (B, W) float64
    variances : (B, W) float64, optional
    huber : float, optional
        Threshold on |log residual|; there is no excess scatter then.
    starts : (B, K, p) float64, optional
        Instead of the model's own.
    used : (B, W) of 0 and 1, optional
        Sizes that count; all by default.
    """
    counted = np.ones_like(y) if used is None else used
    degrees = counted.sum(axis=1).astype(np.int64) - len(model.parameter_names)
    weights = counted.copy() if variances is None else counted / variances
    if huber is not None:
        # Relative weights only: the threshold is on the residual itself.
        weights = weights / (weights.sum(axis=1) / counted.sum(axis=1))[:, None]
    begin = model.starts(u, y, weights) if starts is None else starts
    found = minimise(model, u, y, weights, begin, huber=huber)
    excess = np.zeros(len(y))
    if variances is None or huber is not None:
        return Estimate(
            found.theta, found.cost, weights, excess, found.cost, degrees, found.converged
        )
    theta, cost, converged = found.theta.copy(), found.cost.copy(), found.converged.copy()
    wanted = np.maximum(degrees, 1)
    open_ = np.flatnonzero((cost > wanted) & (degrees > 0))
    for _ in range(_ROUNDS):
        if not open_.size:
            break
        w = weights[open_]
        squares = (y[open_] - model.curve(u, theta[open_])[0]) ** 2
        # Newton on 1 / cost = 1 / degrees, nearly a straight line in the excess.
        gain = cost[open_] ** 2 / np.maximum((w**2 * squares).sum(axis=1), 1e-300)
        excess[open_] += gain * (1 / wanted[open_] - 1 / cost[open_])
        excess[open_] = np.maximum(excess[open_], 0)
        weights[open_] = counted[open_] / (variances[open_] + excess[open_, None])
        again = [theta[open_, None]]
        if starts is None and len(model.parameter_names) <= _CHEAP:
            again.append(model.starts(u, y[open_], weights[open_]))
        refit = minimise(model, u, y[open_], weights[open_], np.concatenate(again, axis=1))
        theta[open_], cost[open_], converged[open_] = refit.theta, refit.cost, refit.converged
        open_ = open_[np.abs(refit.cost / wanted[open_] - 1) > _SETTLED]
    return Estimate(theta, cost, weights, excess, found.cost, degrees, converged)
