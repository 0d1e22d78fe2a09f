"""Nearest neighbours and piecewise linear interpolation: exponents 1/d, 2/d, 4/d."""

from __future__ import annotations

from collections.abc import Iterator

from ...regimes import Approximation, approximation, manifold
from ...tables import interval, markdown
from ..effort import Effort

_HEADS = ("error", "manifold", "d", "samples", "predicted", "measured", "95 % interval")
_SAMPLES = {
    "distance": (256, 1024, 4096, 16384, 65536),
    "nearest": (256, 1024, 4096, 16384, 65536),
    "linear": (64, 128, 256, 512, 1024, 2048),
}
# The triangulation of three dimensions is far from its law at few samples.
_LINEAR_3 = (512, 1024, 2048, 4096, 8192)


def make(effort: Effort) -> str:
    """Return the table."""
    rows = [
        (
            found.method,
            found.manifold.name,
            found.manifold.dimension,
            f"{found.sizes[0]} to {found.sizes[-1]}",
            f"{found.predicted:.3f}",
            f"{found.exponent:.3f}",
            interval(found.interval, ".3f"),
        )
        for found in _measured(effort.quick)
    ]
    return markdown(_HEADS, rows) + "\n"


def _measured(quick: bool) -> Iterator[Approximation]:
    dimensions = (1, 2) if quick else (1, 2, 4, 8)
    for method in ("distance", "nearest"):
        for name in ("cube", "torus"):
            for d in dimensions:
                yield _one(method, name, d, quick)
    for d in (1, 2) if quick else (1, 2, 3):
        yield _one("linear", "cube", d, quick)


def _one(method: str, name: str, d: int, quick: bool) -> Approximation:
    sizes = _LINEAR_3 if method == "linear" and d == 3 else _SAMPLES[method]
    chosen = sizes[:4] if quick else sizes
    draws = 5 if quick else 20 if d < 8 else 8
    return approximation(method, manifold(name, d), sizes=chosen, draws=draws)
