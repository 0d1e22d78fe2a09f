"""The noise of one run, at any size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..._typing import Floats
from ..law import Law

_TREND_SIZES = 5  # from so many on the noise may change with size
_LEAST_NOISE = 1e-24  # of log loss: its rounding
ROUNDING = 1e-9  # of a log size: the same size


@dataclass(frozen=True, eq=False)
class CurveNoise:
    """The variance of log loss of one run, at any size.

    Attributes
    ----------
    u : (W,) float64
        Log sizes that were measured.
    variances : (W,) float64
        Of one run there.
    """

    u: Floats
    variances: Floats

    def at(self, u: Floats) -> Floats:
        """Return the variances (K,): those measured, between and beyond a line of the logs."""
        logs = np.log(self.variances)
        trend = len(logs) >= _TREND_SIZES
        line = np.polyfit(self.u, logs, 1) if trend else np.array([logs.mean()])
        found = np.exp(np.polyval(line, u))
        for place, value in zip(self.u, self.variances, strict=True):
            found = np.where(np.abs(u - place) < ROUNDING, value, found)
        return np.asarray(found)


def noise_of(law: Law) -> CurveNoise:
    """Return the noise by the seeds; with one loss per size by the scatter about the law."""
    whole = law.observations
    if whole.variances is not None:
        counts = whole.samples.astype(np.float64)
        return CurveNoise(whole.u, np.maximum(law.slopes.variances * counts, _LEAST_NOISE))
    scatter = law.slopes.scatter[0]
    if law.chosen is not None and law.degrees > 0:
        scatter = float(law.chosen.fitted.cost[0] / law.degrees)
    return CurveNoise(whole.u, np.full(len(whole.u), max(scatter, _LEAST_NOISE)))
