"""What other runs would have said: resampled runs, and each run left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..._typing import Floats
from .calibration import unit_shifts
from .columns import Table
from .search import SHORT, Fitted, fit_rows

_REFITTED = 8  # of the units that move the coefficients most by the linear estimate


@dataclass(frozen=True)
class Influence:
    """What one run does to a coefficient.

    Attributes
    ----------
    unit : int
        The row, or the training, by its place among those of the table.
    coefficient : str
    without : float
        The coefficient fitted without it.
    shift : float
        `without` less the coefficient of all runs.
    """

    unit: int
    coefficient: str
    without: float
    shift: float


def resample(fitted: Fitted, table: Table, resamples: int, seed: int) -> Floats:
    """Return theta (B, p) of fits to rows, or whole trainings, drawn with replacement."""
    units = table.units
    count = int(units.max()) + 1
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(count, np.full(count, 1 / count), size=resamples)
    weights = drawn[:, units[table.order]].astype(np.float64)
    y = np.broadcast_to(fitted.y, weights.shape)
    begin = np.broadcast_to(fitted.theta, (resamples, 1, fitted.theta.shape[1]))
    return fit_rows(fitted.surface, y, weights, fitted.huber, begin, patience=SHORT).theta


def influences(fitted: Fitted, table: Table) -> list[Influence]:
    """Return for each exponent the unit that moves it most, the largest shift first.

    The units are ranked to first order, and those that matter left out in a fit of their own.
    """
    units = table.units[table.order]
    linear = unit_shifts(fitted, units)[0]
    slots = np.unique(fitted.surface.layout.exponent)
    spread = np.maximum(np.linalg.norm(linear[:, slots], axis=0), 1e-300)
    rank = np.argsort(-np.abs(linear[:, slots] / spread).max(axis=1), kind="stable")
    chosen = rank[:_REFITTED]
    weights = (units != chosen[:, None]).astype(np.float64)
    y = np.broadcast_to(fitted.y, weights.shape)
    begin = np.broadcast_to(fitted.theta, (len(chosen), 1, fitted.theta.shape[1]))
    theta = fit_rows(fitted.surface, y, weights, fitted.huber, begin, patience=SHORT).theta
    found = []
    for slot in slots:
        shifts = theta[:, slot] - fitted.theta[0, slot]
        at = int(np.abs(shifts).argmax())
        label = fitted.surface.layout.labels[slot]
        found.append(Influence(int(chosen[at]), label, float(theta[at, slot]), float(shifts[at])))
    return sorted(found, key=lambda each: -abs(each.shift))
