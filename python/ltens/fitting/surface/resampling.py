"""What other runs would have said: resampled runs, and each run left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..._typing import Floats
from .calibration import scale_of, unit_shifts
from .columns import Table
from .search import SHORT, Fitted, fit_rows

_FARTHEST = 1e100
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
    narrower : float
        Roughly what the length of intervals is multiplied by without it, by the noise of the rest.
    """

    unit: int
    coefficient: str
    without: float
    shift: float
    narrower: float


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
    linear = np.clip(linear, -_FARTHEST, _FARTHEST)  # two trainings leave one of them nothing
    spread = np.maximum(np.linalg.norm(linear[:, slots], axis=0), 1e-300)
    rank = np.argsort(-np.abs(linear[:, slots] / spread).max(axis=1), kind="stable")
    chosen = rank[:_REFITTED]
    weights = (units != chosen[:, None]).astype(np.float64)
    y = np.broadcast_to(fitted.y, weights.shape)
    begin = np.broadcast_to(fitted.theta, (len(chosen), 1, fitted.theta.shape[1]))
    without = fit_rows(fitted.surface, y, weights, fitted.huber, begin, patience=SHORT)
    theta, narrower = without.theta, _narrower(fitted, without)
    found = []
    for slot in slots:
        shifts = theta[:, slot] - fitted.theta[0, slot]
        at = int(np.abs(shifts).argmax())
        label = fitted.surface.layout.labels[slot]
        found.append(
            Influence(
                int(chosen[at]), label, float(theta[at, slot]), float(shifts[at]), narrower[at]
            )
        )
    return sorted(found, key=lambda each: -abs(each.shift))


def _narrower(fitted: Fitted, without: Fitted) -> list[float]:
    """Return the root of the ratio of the noise of fits without some rows to that with all."""
    residuals, kept = without.residuals, without.weights > 0
    size, huber = fitted.theta.shape[1], fitted.huber
    whole = max(float(scale_of(fitted.residuals, size, huber)[0]), 1e-300)
    rests = [
        scale_of(row[own][None], size, huber)[0] if own.sum() > size else whole
        for row, own in zip(residuals, kept, strict=True)
    ]
    return [float(np.sqrt(rest / whole)) for rest in rests]
