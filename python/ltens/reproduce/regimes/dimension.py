"""Estimators of dimension on manifolds whose dimension is known, with near-twins, on digits."""

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


def twins(effort: Effort) -> str:
    """Return the table of TwoNN with near-twins planted at random: coverage with and without."""
    trials, n = (10, 300) if effort.quick else (100, 1000)
    heads = (
        "d",
        "twins",
        "without: mean",
        "covered",
        "with: mean",
        "covered",
        "left out / planted",
    )
    rows = [
        [str(d), f"{share:.0%}", *_planted(d, share, n, trials)]
        for d in (1, 2, 3, 4, 6)
        for share in (0.02, 0.05, 0.1)
    ]
    return markdown(heads, rows) + "\n"


def _planted(d: int, share: float, n: int, trials: int) -> list[str]:
    """Return cells: points on a cube, and copies at a distance of 1e-12 to 1e-3 in each trial."""
    rng, few = np.random.default_rng([d, round(100 * share)]), round(share * n)
    clean, dirty = [], []
    for _ in range(trials):
        x, shift = rng.random((n, d)), rng.standard_normal((few, d))
        shift *= 10 ** rng.uniform(-12, -3) / np.linalg.norm(shift, axis=1, keepdims=True)
        clean.append(two_nn(x))
        dirty.append(two_nn(np.concatenate([x, x[:few] + shift])))
    cells = []
    for found in (clean, dirty):
        held = np.mean([each.interval[0] <= d <= each.interval[1] for each in found])
        cells += [f"{np.mean([each.estimate for each in found]):.2f}", f"{100 * held:.0f} %"]
    return [*cells, f"{np.mean([len(each.twins) for each in dirty]) / few:.2f}"]


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
