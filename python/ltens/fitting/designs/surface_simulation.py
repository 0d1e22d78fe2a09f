"""Designs of surfaces against the full grid of the same cost."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from ..._typing import Floats
from ..surface import SurfaceLaw, fit_surface
from .designing import design_runs

_COEFFICIENTS = {"E": 1.8172, "A": 477.8, "B": 2143.9, "alpha": 0.3473, "beta": 0.3672}
_NOISE = 0.01  # standard deviation of log loss
_RANGES = {"params": (4e7, 4e9), "tokens": (1e9, 1e11)}
_PILOT, _STEPS = 5, 7  # values of each variable
_TIMES = 3  # runs at each point of the full grid
_MOST = 10  # of the design


@dataclass(frozen=True)
class SurfaceDesignExperiment:
    """A pilot grid of 5 x 5 runs, then a design that costs as much as 3 runs at each of 7 x 7.

    The design has at most 10 runs at a point.

    Attributes
    ----------
    name : str
    target : str
        "alpha_params" or "allocation".
    """

    name: str
    target: str

    @property
    def truth(self) -> float:
        """Return the planted value."""
        alpha, beta = _COEFFICIENTS["alpha"], _COEFFICIENTS["beta"]
        return beta / (alpha + beta) if self.target == "allocation" else alpha

    def trial(self, rng: np.random.Generator) -> Floats:
        """Return ratio of lengths, expected over real length, and whether each held the truth."""
        pilot, full = _grid(_PILOT), np.repeat(_grid(_STEPS), _TIMES, axis=1)
        losses = _losses(pilot, rng)
        law = _fitted(pilot, losses)
        found = design_runs(
            law,
            budget=float(full.prod(axis=0).sum()),
            target=self.target,
            sizes=_RANGES,
            most=_MOST,
        )
        chosen = np.array([[*row.sizes.values()] for row in found.rows]).T
        chosen = np.repeat(chosen, [row.runs for row in found.rows], axis=1)
        ends = []
        for further in (chosen, full):
            all_losses = np.concatenate([losses, _losses(further, rng)])
            after = _fitted(np.concatenate([pilot, further], axis=1), all_losses)
            ends.append(after.interval(self.target))
        (low, high), (equal_low, equal_high) = ends
        return np.array(
            [
                (high - low) / (equal_high - equal_low),
                found.length / (high - low),
                low <= self.truth <= high,
                equal_low <= self.truth <= equal_high,
            ]
        )


def surface_design_experiments() -> list[SurfaceDesignExperiment]:
    """Return the experiments of the table."""
    return [
        SurfaceDesignExperiment("surface: alpha of params", "alpha_params"),
        SurfaceDesignExperiment("surface: allocation", "allocation"),
    ]


def _grid(steps: int) -> Floats:
    """Return the combinations (2, K) of log-equal values."""
    axes = [np.geomspace(*ends, steps) for ends in _RANGES.values()]
    return np.array(list(itertools.product(*axes))).T


def _losses(points: Floats, rng: np.random.Generator) -> Floats:
    c, (n, d) = _COEFFICIENTS, points
    law = c["E"] + c["A"] / n ** c["alpha"] + c["B"] / d ** c["beta"]
    return np.asarray(law * np.exp(_NOISE * rng.normal(size=len(n))))


def _fitted(points: Floats, losses: Floats) -> SurfaceLaw:
    columns = dict(zip(_RANGES, points, strict=True))
    return fit_surface(columns, losses, huber=None, bootstrap=0)
