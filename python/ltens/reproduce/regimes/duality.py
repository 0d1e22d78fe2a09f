"""Exponents in samples and in features against that of the spectrum: where the duality holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plot import regimes_duality
from ...regimes import duality, gaussian_features, torus_features
from ...solvable import Spectrum
from ..effort import Effort
from .digits import POOLS, exponents
from .torus import CASES

if TYPE_CHECKING:
    from typing import Any

    from matplotlib.figure import Figure

    from ...regimes import Duality


def make(effort: Effort) -> Figure:
    """Draw Gaussian features, Fourier modes and digits."""
    figure: Any = regimes_duality(found(effort)).figure
    return figure  # type: ignore[no-any-return]


def found(effort: Effort) -> dict[str, Duality]:
    """Return the exponents of all populations, over sizes 16 to 256."""
    S, draws, top = (600, 4, 64) if effort.quick else (2500, 8, 256)
    sizes = [n for n in (16, 32, 64, 128, 256) if n <= top]
    window = {"ranks": (16, top), "draws": draws, "threads": effort.threads}
    result = {}
    for alpha in (0.5, 1.0, 1.5):
        population = gaussian_features(Spectrum.power_law(alpha, S))
        result[f"Gaussian {alpha:g}"] = duality(population, sizes, **window)  # type: ignore[arg-type]
    for dimension, smoothness in CASES[1:4]:
        population = torus_features(dimension, smoothness, S)
        name = f"torus d={dimension}, t={smoothness:g}"
        result[name] = duality(population, sizes, **window)  # type: ignore[arg-type]
    for pool in POOLS:
        result[f"digits, pool {pool}"] = exponents(pool, effort)
    return result
