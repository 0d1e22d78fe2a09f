"""Which regimes agree with the data: the best curve of each regime, over all families.

Differential evolution (Storn & Price 1997) within each family and regime, so that the best curve of
a regime is found also where it lies on the regime's border. Deterministic: its own random numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..._typing import Floats, Ints
from .curve_families import FAMILIES, SLOW, Family, Range, box, log_loss, verdicts_of
from .definition import CROSSOVER

_SCATTERED = 1500  # curves of a family to begin with
_KEPT = 24  # of each regime, that evolve
_ROUNDS = (10, 10, 0)  # of evolution after each polishing
_FEW_ROUNDS = (4, 4, 0)  # the same for one or two parameters
_STEPS = 6  # of a polishing
_SETTLED = 1e-4  # relative gain of a step after which there is no other


@dataclass(frozen=True)
class Agreeing:
    """The curve of one family and regime that is nearest to the data.

    Attributes
    ----------
    family : Family
    verdict : int
    theta : (p,) float64
    cost : float
        Weighted sum of squared log residuals.
    parameters : int
    level : float
        Log loss at the family's anchor.
    is_rival : bool
        Whether other regimes have to be told from it; a curve that is nearly one of theirs is not.
    """

    family: Family
    verdict: int
    theta: Floats
    cost: float
    parameters: int
    level: float
    is_rival: bool


def nearest(where: Range, y: Floats, weights: Floats) -> list[Agreeing]:
    """Return the nearest curve of every family and regime.

    Parameters
    ----------
    where : Range
    y, weights : (K,) float64
        Log losses and their inverse variances.
    """
    found = []
    for family in FAMILIES:
        found += _evolved(_Search(family, where, y, weights))
    return sorted(found, key=lambda each: each.cost)


@dataclass(frozen=True, eq=False)
class _Search:
    """One family held against the data."""

    family: Family
    where: Range
    y: Floats
    weights: Floats

    def cost(self, theta: Floats) -> Floats:
        """Return the cost (...) of parameters (..., p)."""
        rest = self.residuals(theta.reshape(-1, theta.shape[-1]))
        return np.asarray((rest**2 @ self.weights).reshape(theta.shape[:-1]))

    def residuals(self, theta: Floats) -> Floats:
        """Return the log residuals (G, K), the scale being the best, or the known limit's."""
        value = log_loss(self.family, theta, self.where, self.where.u)[0]
        return self.y - value - self.level(theta, value)[:, None]

    def level(self, theta: Floats, value: Floats) -> Floats:
        """Return log loss (G,) at the anchor, where the curves are 0."""
        if self.where.limit:
            return np.asarray(np.log(self.where.limit) + np.logaddexp(0.0, theta[:, -1]))
        return np.asarray((self.y - value) @ self.weights / self.weights.sum())

    def verdicts(self, theta: Floats) -> Ints:
        """Return the regimes (...) of parameters (..., p)."""
        flat = theta.reshape(-1, theta.shape[-1])
        return verdicts_of(self.family, flat, self.where).reshape(theta.shape[:-1])


def _evolved(search: _Search) -> list[Agreeing]:
    rng = np.random.default_rng(0)
    low, high = box(search.family, search.where)
    theta = low + (high - low) * rng.random((_SCATTERED, len(low)))
    cost, verdict = search.cost(theta), search.verdicts(theta)
    rows = np.array([_lowest(cost, verdict == each) for each in np.unique(verdict)])
    population = theta[rows], cost[rows], verdict[rows]  # (V, kept, p), (V, kept), (V, kept)
    for rounds in _ROUNDS if len(low) > 2 else _FEW_ROUNDS:
        population = _polished(search, population, low, high)
        for _ in range(rounds):
            new = np.clip(_children(population[0], rng), low, high)
            population = _better(search, population, new)
    theta, cost, wanted = population
    at = cost.argmin(axis=1)
    nearest_of = theta[np.arange(len(theta)), at]
    value = log_loss(search.family, nearest_of, search.where, search.where.u)[0]
    level = search.level(nearest_of, value)
    k = len(low) + (0 if search.where.limit else 1)  # and the scale
    return [
        Agreeing(
            search.family,
            CROSSOVER if wanted[i, 0] == SLOW else int(wanted[i, 0]),
            nearest_of[i],
            cost=float(cost[i, at[i]]),
            parameters=k,
            level=float(level[i]),
            is_rival=wanted[i, 0] != SLOW,
        )
        for i in range(len(theta))
    ]


Population = tuple[Floats, Floats, Ints]


def _lowest(cost: Floats, inside: Floats) -> Ints:
    """Return the rows (kept,) of lowest cost, some more than once if there are too few."""
    rows = np.flatnonzero(inside)
    return rows[np.argsort(cost[rows])][np.arange(_KEPT) % len(rows)]


def _better(search: _Search, population: Population, new: Floats) -> Population:
    """Return the population with those of `new` that are of their regime and cost less."""
    theta, cost, wanted = population
    value = search.cost(new)
    better = value < cost
    better[better] = search.verdicts(new[better]) == wanted[better]
    return np.where(better[..., None], new, theta), np.where(better, value, cost), wanted


def _polished(search: _Search, population: Population, low: Floats, high: Floats) -> Population:
    """Return the population after damped Gauss-Newton steps of all, differences for slopes."""
    damping = np.full(population[1].shape, 1e-2)
    length = 1e-6 * (high - low)
    p = len(low)
    for _ in range(_STEPS):
        theta, cost, _ = population
        flat = theta.reshape(-1, p)
        rest = search.residuals(flat)
        moved = flat[:, None] + length * np.eye(p)
        slopes = search.residuals(moved.reshape(-1, p)).reshape(len(flat), p, -1)
        slopes = (slopes - rest[:, None]) / length[:, None] * (high - low)[:, None]
        weighted = slopes * search.weights
        normal = weighted @ slopes.transpose(0, 2, 1)
        diagonal = np.einsum("gpp->gp", normal)
        diagonal += (
            diagonal * damping.reshape(-1, 1) + 1e-9 * diagonal.max(1, keepdims=True) + 1e-300
        )
        step = np.linalg.solve(normal, (weighted @ rest[..., None]))[..., 0]
        new = np.clip(theta - (step * (high - low)).reshape(theta.shape), low, high)
        population = _better(search, population, new)
        gained = cost - population[1]
        if (gained <= _SETTLED * cost).all():
            break
        damping = np.where(gained > 0, damping / 10, damping * 8)
    return population


def _children(theta: Floats, rng: np.random.Generator) -> Floats:
    """Return parents (V, kept, p) moved along differences of two others, half towards the best."""
    groups, kept, p = theta.shape
    pick = rng.integers(0, kept, (3, groups, kept))
    a, b, base = (np.take_along_axis(theta, one[..., None], axis=1) for one in pick)
    scale = rng.uniform(0.3, 1.0, (groups, kept, 1))
    towards = np.where(rng.random((groups, kept, 1)) < 0.5, theta[:, :1] - theta, base - theta)
    moved = theta + scale * (towards * rng.random((groups, kept, 1)) + a - b)
    crossed = rng.random((groups, kept, p)) < 0.8
    return np.where(crossed, moved, theta)
