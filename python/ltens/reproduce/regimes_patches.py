"""Photo patches: heavy-tailed inputs, for which the exponents are not that of the spectrum."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ..plot.style import light_grid, styles
from ..regimes import (
    arc_cosine_kernel,
    kernel_exponent,
    kernel_learning_curve,
    pooled_patches,
)
from ..regimes.duality import exponent_text, law_of
from ..solvable.simulation import generator
from .figures import new_figure
from .regimes_digits import prepared

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from ..fitting import Law
    from ..regimes import KernelExponent

POOLS = (1, 2, 4)
_HEAD = (
    "| inputs | pool | bias | alpha_K, ranks 20-300 of 2000 | less from half of them | alpha_D "
    "| alpha_D / alpha_K |\n|---|---|---|---|---|---|---|"
)


def make(quick: bool, threads: int) -> Figure:
    """Draw spectra and learning curves, patches and Gaussian inputs of the same covariance."""
    figure, axes = new_figure(2, width=11.0)
    for pool, (colour, marker) in zip(POOLS, styles(), strict=False):
        for gaussian in (False, True):
            kernel, law = exponents(inputs(pool, gaussian=gaussian, quick=quick), quick, threads)
            name = f"pool {pool}" + (", Gaussian twin" if gaussian else "")
            style = "--" if gaussian else "-"
            face = "white" if gaussian else colour
            rank = np.arange(1, len(kernel.eigenvalues) + 1)
            relative = kernel.eigenvalues / kernel.eigenvalues[0]
            axes[0].plot(
                rank, relative, style, color=colour, label=f"{name}: {kernel.exponent:.2f}"
            )
            losses = law.losses / law.losses[0]
            axes[1].errorbar(
                law.sizes,
                losses,
                losses * law.standard_errors,
                fmt=marker + style,
                color=colour,
                markerfacecolor=face,
                markersize=5,
                label=f"{name}: {law.exponent:.2f}",
            )
    axes[0].set(xlabel="rank i", ylabel="eigenvalue / the largest", title="Spectra: alpha_K")
    axes[1].set(xlabel="samples D", ylabel="loss / that of fewest samples", title="Losses: alpha_D")
    for ax in axes:
        ax.set(xscale="log", yscale="log")
        light_grid(ax)
        ax.legend(frameon=False, fontsize="small")
    return figure


def table(quick: bool, threads: int) -> str:
    """Return alpha_K and alpha_D, with and without biases, and for Gaussian inputs."""
    lines = [_HEAD]
    for gaussian, bias in ((False, 1.0), (False, 0.0), (True, 1.0)):
        for pool in POOLS:
            X = inputs(pool, gaussian=gaussian, quick=quick)
            kernel, law = exponents(X, quick, threads, bias=bias)
            name = "Gaussian, same covariance" if gaussian else "photo patches"
            lines.append(
                f"| {name} | {pool} | {bias:g} | {kernel} | {kernel.drift:+.2f} "
                f"| {exponent_text(law)} | {law.exponent / kernel.exponent:.2f} |"
            )
    return "\n".join(lines) + "\n"


def exponents(
    X: NDArray[np.float64], quick: bool, threads: int, *, bias: float = 1.0
) -> tuple[KernelExponent, Law]:
    """Return alpha_K of 2000 inputs and the law of L(D), D = 64 ... 1024."""
    count, ranks, halves = (600, (20, 100), 4) if quick else (2000, (20, 300), 8)
    sizes = [32, 64, 128] if quick else [64, 128, 256, 512, 1024]
    kernel = partial(arc_cosine_kernel, bias=bias)
    spectrum = kernel_exponent(kernel(X[:count]), ranks=ranks, halves=halves)
    curve = kernel_learning_curve(
        kernel,
        X,
        sizes,
        test_samples=500 if quick else 1000,
        draws=3 if quick else 8,
        threads=threads,
    )
    return spectrum, law_of(sizes, np.stack([run.losses for run in curve]))


def inputs(pool: int, *, gaussian: bool, quick: bool) -> NDArray[np.float64]:
    """Return different patches in random order, or Gaussian inputs of their covariance."""
    patches = pooled_patches(4000 if quick else 40_000, pool)
    X = prepared(np.unique(patches, axis=0), "centred")
    rng = generator(0, pool)
    if not gaussian:
        return np.asarray(rng.permutation(X))
    left = np.linalg.svd(X, full_matrices=False)
    root = left[2].T * left[1] / np.sqrt(len(X))
    return np.asarray(rng.standard_normal((len(X), X.shape[1])) @ root.T)
