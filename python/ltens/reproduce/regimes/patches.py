"""Photo patches: heavy-tailed inputs, on which samples are worth less than features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..._typing import Floats
from ...plot.style import light_grid, mark_sizes, styles
from ...randomness import generator
from ...regimes import arc_cosine_kernel, duality, kernel_population, pooled_patches
from ...regimes.features.exponent_duality import exponent_text
from ...tables import markdown, with_error
from ..effort import Effort
from ..figures import new_figure
from .digits import prepared

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ...regimes import Duality

POOLS = (1, 2, 4)
_HEADS = (
    "inputs",
    "pool",
    "alpha_K, ranks 16-256",
    "more from half of them",
    "alpha_D",
    "alpha_P",
    "replica curve",
    "L_D / L_P at the smallest size",
    "at the largest",
)


def make(effort: Effort) -> Figure:
    """Draw L(D) and L(P), of patches and of Gaussian inputs of the same covariance."""
    figure, axes = new_figure(2, width=11.0)
    for ax, gaussian in zip(axes, (False, True), strict=True):
        for pool, (colour, marker) in zip(POOLS, styles(), strict=False):
            found = exponents(pool, effort, gaussian=gaussian)
            n, unit = found.data.sizes, found.theory[0]
            text = f"{found.data.exponent:.2f} in D, {found.features.exponent:.2f} in P"
            ax.plot(n, found.theory / unit, color=colour, linewidth=1.0)
            for law, face, label in (
                (found.data, "white", None),
                (found.features, colour, f"pool {pool}: {text}"),
            ):
                values = law.losses / unit
                options = {"color": colour, "markerfacecolor": face, "markersize": 5}
                error = values * law.standard_errors
                ax.errorbar(n, values, error, fmt=marker, label=label, **options)
        ax.set(xscale="log", yscale="log", xlabel="samples D (open), features P (full)")
        ax.set_ylabel("loss / replica curve at the smallest size")
        mark_sizes(ax, n)
        light_grid(ax)
        ax.legend(frameon=False, loc="lower left", title="exponents; lines: replica curve")
    axes[0].set_title("Photo patches")
    axes[1].set_title("Gaussian inputs of the same covariance")
    axes[1].set_ylim(axes[0].get_ylim())
    return figure


def table(effort: Effort) -> str:
    """Return the exponents of both."""
    rows = []
    for gaussian in (False, True):
        for pool in POOLS:
            found = exponents(pool, effort, gaussian=gaussian)
            ratio, error = found.ratio
            rows.append(
                (
                    "Gaussian twin" if gaussian else "photo patches",
                    pool,
                    found.kernel,
                    f"{found.kernel.drift:+.2f}",
                    exponent_text(found.data),
                    exponent_text(found.features),
                    f"{found.theory_exponent:.3f}",
                    *[with_error(ratio[k], error[k], ".2f") for k in (0, -1)],
                )
            )
    return markdown(_HEADS, rows) + "\n"


def exponents(pool: int, effort: Effort, *, gaussian: bool) -> Duality:
    """Return the exponents of the arc-cosine kernel with biases on 1500 inputs."""
    count, top = (400, 64) if effort.quick else (1500, 256)
    X = inputs(pool, gaussian=gaussian, quick=effort.quick)[:count]
    return duality(
        kernel_population(arc_cosine_kernel(X, bias=1.0)),
        [n for n in (16, 32, 64, 128, 256) if n <= top],
        ranks=(16, top),
        draws=4 if effort.quick else 8,
        threads=effort.threads,
    )


def inputs(pool: int, *, gaussian: bool, quick: bool) -> Floats:
    """Return different patches in random order, or Gaussian inputs of their covariance."""
    patches = pooled_patches(4000 if quick else 20_000, pool)
    X = prepared(np.unique(patches, axis=0), "centred")
    rng = generator(0, pool)
    if not gaussian:
        return np.asarray(rng.permutation(X))
    _, singular, right = np.linalg.svd(X, full_matrices=False)
    root = right.T * (singular / np.sqrt(len(X)))
    return np.asarray(rng.standard_normal((len(X), X.shape[1])) @ root.T)
