"""Estimators of dimension on manifolds whose dimension is known, and on digits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...regimes import Dimension, knn_dimension, manifold, mle_dimension, two_nn
from ...regimes.dimension.manifolds import Manifold
from ...solvable import digits
from ...tables import markdown, numbers
from ..effort import Effort

_ESTIMATORS: dict[str, Callable[[np.ndarray], Dimension]] = {
    "TwoNN": two_nn,
    "k = 4": lambda x: knn_dimension(x, 4),
    "MLE, k = 10": mle_dimension,
}
_HEADS = (
    "points",
    "d",
    "n",
    *[head for name in _ESTIMATORS for head in (f"{name}: mean", "covered")],
    "standard error / true",
)


def make(effort: Effort) -> str:
    """Return the table: mean estimates, and how many 95 % intervals held d."""
    trials, n = (20, 300) if effort.quick else (200, 1000)
    spaces = [manifold(name, d) for name in ("cube", "torus", "sphere", "embedded") for d in (2, 4)]
    if not effort.quick:
        spaces += [manifold(name, d) for name in ("cube", "sphere") for d in (1, 8, 16)]
    rows = [_row(space, n, trials) for space in spaces]
    x = digits()[0]
    found = [str(estimate(x)) for estimate in _ESTIMATORS.values()]
    rows.append(
        ["digits", "?", str(len(x)), *[cell for each in found for cell in (each, "-")], "-"]
    )
    return markdown(_HEADS, rows) + "\n"


def _row(space: Manifold, n: int, trials: int) -> list[str]:
    d, rng = space.dimension, np.random.default_rng([space.dimension, space.ambient])
    draws = [space.draw(n, rng) for _ in range(trials)]
    cells, ratios = [], []
    for estimate in _ESTIMATORS.values():
        found = [estimate(x) for x in draws]
        values = np.array([each.estimate for each in found])
        held = np.mean([each.interval[0] <= d <= each.interval[1] for each in found])
        cells += [f"{values.mean():.2f}", f"{100 * held:.0f} %"]
        ratios.append(np.mean([each.standard_error for each in found]) / values.std(ddof=1))
    name = space.name if space.name != "embedded" else f"embedded in {space.ambient}"
    return [name, str(d), str(n), *cells, numbers(ratios, ".2f")]
