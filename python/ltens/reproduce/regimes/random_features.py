"""The four regimes of Gaussian random features, against the closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plot import regimes_panels
from ...regimes import gaussian_features, measure_regimes
from ...solvable import Spectrum
from ..effort import Effort

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ...regimes import RegimeCurves

ALPHAS = (0.25, 0.5, 1.0, 1.5)
FIXED = 12


def measured(effort: Effort) -> dict[str, RegimeCurves]:
    """Return the curves for each exponent of the spectrum."""
    S, draws = (600, 6) if effort.quick else (2500, 8)
    top = 64 if effort.quick else 256
    sizes = [n for n in (8, 16, 32, 64, 128, 256) if n <= top]
    large = [n for n in (24, 48, 96, 192, 384, 768) if n <= 3 * top]
    return {
        f"alpha_K = {alpha:g}": measure_regimes(
            gaussian_features(Spectrum.power_law(alpha, S)),
            sizes=sizes,
            fixed=FIXED,
            large_sizes=large,
            draws=draws,
            threads=effort.threads,
        )
        for alpha in ALPHAS
    }


def make(effort: Effort) -> Figure:
    """Draw the four panels."""
    return regimes_panels(measured(effort))
