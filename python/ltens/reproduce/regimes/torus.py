"""A kernel of known smoothness on a torus of known dimension: alpha_K = t/d, and the losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...plot.style import light_grid, styles
from ...regimes import duality, spectrum_exponent, torus_features
from ...regimes.features.exponent_duality import exponent_text
from ...tables import markdown, with_error
from ..effort import Effort
from ..figures import new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ...regimes import Duality

CASES = ((1, 1.0), (2, 1.0), (3, 1.0), (2, 3.0), (4, 2.0))
_HEADS = (
    "d",
    "t",
    "t/d",
    "spectrum, far ranks",
    "spectrum, ranks 16-256",
    "alpha_D",
    "alpha_P",
    "replica curve",
    "L_D / L_P at the largest size",
)


def make(effort: Effort) -> Figure:
    """Draw L(D), open, and L(P), full, times n^(t/d)."""
    figure, ax = new_figure(width=6.6, height=4.6)
    for (dimension, smoothness), (colour, marker) in zip(CASES, styles(), strict=False):
        found = measured(dimension, smoothness, effort)
        n = found.data.sizes
        scale = n ** (smoothness / dimension) / found.theory[0] / n[0] ** (smoothness / dimension)
        name = f"d = {dimension}, t = {smoothness:g}"
        ax.plot(n, found.theory * scale, color=colour, linewidth=1.0, label=name)
        for law, face in ((found.data, "white"), (found.features, colour)):
            values, error = law.losses * scale, law.losses * scale * law.standard_errors
            ax.errorbar(
                n, values, error, fmt=marker, color=colour, markerfacecolor=face, markersize=5
            )
    ax.set(xscale="log", xlabel="samples D (open), features P (full)", ylim=(0.5, None))
    ax.set_ylabel("loss × n$^{t/d}$ (replica at the smallest n: 1)")
    ax.set_xticks(n, labels=[f"{size:g}" for size in n])
    ax.set_xticks([], minor=True)
    light_grid(ax)
    ax.legend(frameon=False, title="lines: replica curve", fontsize="small")
    return figure


def table(effort: Effort) -> str:
    """Return exponents beside t/d."""
    rows = []
    for dimension, smoothness in CASES:
        found = measured(dimension, smoothness, effort)
        modes = 100_000 if effort.quick else 1_000_000
        far = torus_features(dimension, smoothness, modes).eigenvalues
        exact = spectrum_exponent(far, ranks=(modes // 1000, modes)).exponent
        ratio, error = found.ratio
        rows.append(
            (
                dimension,
                f"{smoothness:g}",
                f"{smoothness / dimension:.4f}",
                f"{exact:.4f}",
                f"{found.kernel.exponent:.3f}",
                exponent_text(found.data),
                exponent_text(found.features),
                f"{found.theory_exponent:.3f}",
                with_error(ratio[-1], error[-1], ".3f"),
            )
        )
    return markdown(_HEADS, rows) + "\n"


def measured(dimension: int, smoothness: float, effort: Effort) -> Duality:
    """Return the exponents over D, P = 16 ... 256, of points uniform on the torus."""
    sizes = np.array([16, 32, 64] if effort.quick else [16, 32, 64, 128, 256])
    return duality(
        torus_features(dimension, smoothness, 1000 if effort.quick else 4000),
        sizes,
        ranks=(int(sizes[0]), int(sizes[-1])),
        draws=4 if effort.quick else 8,
        threads=effort.threads,
    )
