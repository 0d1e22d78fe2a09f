"""The quantisation model: exponents over finite ranges, from its formulas and drawn."""

from __future__ import annotations

import numpy as np

from ...fitting.fit_losses import fit_mean_power_law
from ...regimes import Quanta
from ...regimes.theories.quanta import local_slope

_HEAD = (
    "| alpha | n: law | n: 100 to 10,000 | D: law | D: 10^4 to 10^8 | steps: 10^4 to 10^7 "
    "| drawn, 95 % interval |"
)


def make(quick: bool, threads: int) -> str:
    """Return the table; "drawn" has D = 10^4 to 10^6 samples."""
    lines = [_HEAD, "|---|---|---|---|---|---|---|"]
    draws = 4 if quick else 20
    for alpha in (0.3, 0.4, 0.8, 1.0, 1.5):
        model = Quanta(alpha)
        n, D, t = np.geomspace(1e2, 1e4, 9), np.geomspace(1e4, 1e8, 9), np.geomspace(1e4, 1e7, 7)
        sizes = [int(size) for size in np.geomspace(1e4, 1e5 if quick else 1e6, 5)]
        law = fit_mean_power_law(sizes, model.simulate_data(sizes, draws=draws))
        low, high = law.interval()
        lines.append(
            f"| {alpha:g} | {model.parameters_exponent:.3f} | {local_slope(n, model.loss(n)):.3f} "
            f"| {model.data_exponent:.3f} | {local_slope(D, model.data_loss(D)):.3f} "
            f"| {local_slope(t, model.step_loss(t)):.3f} "
            f"| {law.exponent:.3f} [{low:.3f}, {high:.3f}] |"
        )
    return "\n".join(lines) + "\n"
