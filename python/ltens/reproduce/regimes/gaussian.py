"""Gaussian random features in numbers: exponents, duality, and the coefficients of 1/D and 1/P."""

from __future__ import annotations

import numpy as np

from ...regimes import duality, gaussian_features, measure_regimes, replica
from ...regimes.features.exponent_duality import exponent_text
from ...solvable import Spectrum
from ...tables import markdown, with_error
from ..effort import Effort
from .random_features import ALPHAS, FIXED

_HEADS = (
    "alpha_K",
    "alpha_P",
    "alpha_D",
    "replica curve, same sizes",
    "replica, sizes 1e3-1e4, S = 2e6",
    "L_D / L_P",
    "mean / replica",
)
_MANY = 2_000_000


def make(effort: Effort) -> str:
    """Return the table of exponents, with one law for D and P = 8 ... 256."""
    S, draws = (1000, 4) if effort.quick else (6000, 10)
    sizes = [8, 16, 32, 64] if effort.quick else [8, 16, 32, 64, 128, 256]
    rows = []
    for alpha in ALPHAS:
        population = gaussian_features(Spectrum.power_law(alpha, S))
        found = duality(
            population, sizes, ranks=(sizes[0], sizes[-1]), draws=draws, threads=effort.threads
        )
        far = replica(Spectrum.power_law(alpha, _MANY), [1e3, 1e4])
        ratio, error = found.ratio
        mean = (found.data.losses + found.features.losses) / 2 / found.theory
        rows.append(
            (
                f"{alpha:g}",
                exponent_text(found.features),
                exponent_text(found.data),
                f"{found.theory_exponent:.3f}",
                f"{-np.log10(far[1] / far[0]):.3f}",
                with_error(ratio.mean(), np.sqrt((error**2).sum()) / len(error), ".3f"),
                f"{mean.mean():.3f}",
            )
        )
    return markdown(_HEADS, rows) + "\n"


def coefficients(effort: Effort) -> str:
    """Return the table of excess times distance over size times limit, 1 in theory."""
    large = [24, 48, 96, 192] if effort.quick else [24, 48, 96, 192, 384, 768]
    heads = [
        "alpha_K",
        f"x, the other size {FIXED}",
        "exponent in the distance",
        "raw exponent in x",
        *[f"x = {n}" for n in large],
    ]
    rows = []
    for alpha in ALPHAS:
        each = measure_regimes(
            gaussian_features(Spectrum.power_law(alpha, 400 if effort.quick else 1000)),
            sizes=[8],
            fixed=FIXED,
            large_sizes=large,
            draws=6 if effort.quick else 24,
            threads=effort.threads,
        )
        for curve in (each.variance_data, each.variance_features):
            cells = [
                with_error(c, error, ".3f") for c, error in zip(*curve.coefficients, strict=True)
            ]
            law, raw = exponent_text(curve.law(against="distances")), exponent_text(curve.law())
            rows.append((f"{alpha:g}", curve.size, law, raw, *cells))
    return markdown(heads, rows) + "\n"
