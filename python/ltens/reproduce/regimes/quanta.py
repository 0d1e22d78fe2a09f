"""The quantisation model: exponents over finite ranges, from its formulas and drawn."""

from __future__ import annotations

import numpy as np

from ...fitting.fit_losses import fit_mean_power_law
from ...regimes import Quanta
from ...regimes.theories.quanta import local_slope
from ...tables import estimate, markdown
from ..effort import Effort

_HEADS = (
    "alpha",
    "n: law",
    "n: 100 to 10,000",
    "D: law",
    "D: 10^4 to 10^8",
    "steps: 10^4 to 10^7",
    "drawn, 95 % interval",
)


def make(effort: Effort) -> str:
    """Return the table; "drawn" has D = 10^4 to 10^6 samples."""
    rows = []
    draws = 4 if effort.quick else 20
    for alpha in (0.3, 0.4, 0.8, 1.0, 1.5):
        model = Quanta(alpha)
        n, D, t = np.geomspace(1e2, 1e4, 9), np.geomspace(1e4, 1e8, 9), np.geomspace(1e4, 1e7, 7)
        sizes = [int(size) for size in np.geomspace(1e4, 1e5 if effort.quick else 1e6, 5)]
        law = fit_mean_power_law(sizes, model.simulate_data(sizes, draws=draws))
        exponents = (
            model.parameters_exponent,
            local_slope(n, model.loss(n)),
            model.data_exponent,
            local_slope(D, model.data_loss(D)),
            local_slope(t, model.step_loss(t)),
        )
        drawn = estimate(law.exponent, law.interval(), ".3f")
        rows.append((f"{alpha:g}", *[f"{exponent:.3f}" for exponent in exponents], drawn))
    return markdown(_HEADS, rows) + "\n"
