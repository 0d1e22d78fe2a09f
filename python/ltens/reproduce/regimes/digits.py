"""Random ReLU features of handwritten digits at three pool sizes: all four regimes, and duality."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..._typing import Floats
from ...plot import regimes_panels
from ...regimes import (
    data_coefficient,
    duality,
    feature_coefficient,
    feature_rows,
    measure_regimes,
    pooled_digits,
    relu_features,
    simulate,
)
from ...regimes.features.exponent_duality import HEADS, exponent_text
from ...regimes.features.feature_simulation import drawn_projection, drawn_samples
from ...regimes.features.populations import one_blas_thread
from ...tables import markdown, with_error
from ..effort import Effort

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ...regimes import Duality, Population

POOLS = (1, 2, 4)
# Inputs, and the standard deviation of the neurons' biases.
PREPARATIONS = (("raw", 0.0), ("centred", 0.0), ("centred", 1.0), ("standardised", 0.0))
BASE = ("centred", 1.0)
FIXED = 12


def make(effort: Effort) -> Figure:
    """Draw the four regimes at the three pool sizes."""
    sizes = [16, 32, 64] if effort.quick else [16, 32, 64, 128, 256]
    large = [48, 96, 192] if effort.quick else [48, 96, 192, 384]
    curves = {
        f"pool {pool}": measure_regimes(
            population(pool, quick=effort.quick),
            sizes=sizes,
            fixed=FIXED,
            large_sizes=large,
            draws=6 if effort.quick else 12,
            threads=effort.threads,
        )
        for pool in POOLS
    }
    figure = regimes_panels(curves)
    figure.suptitle("Random ReLU features of digits (points) and Gaussian theory (lines)")
    return figure


def table(effort: Effort) -> str:
    """Return alpha_K, alpha_D and alpha_P for each pool size and preparation of the inputs."""
    chosen = PREPARATIONS[1:3] if effort.quick else PREPARATIONS
    cases = [(pool, preparation) for preparation in chosen for pool in POOLS]

    def row(case: tuple[int, tuple[str, float]]) -> list[str]:
        pool, (inputs, bias) = case
        found = exponents(pool, replace(effort, threads=1), (inputs, bias))
        return found.cells(f"{inputs}, bias {bias:g}, pool {pool}")

    with one_blas_thread(), ThreadPoolExecutor(effort.threads) as workers:
        return markdown(HEADS, workers.map(row, cases)) + "\n"


def variance(effort: Effort) -> str:
    """Return the slopes and coefficients of 1/D and 1/P, of both kinds of features."""
    heads = (
        "pool",
        "features",
        "exponent in D",
        "exponent in P",
        "excess x distance / (size x limit): in D",
        "predicted",
        "in P",
        "predicted",
    )
    lines = []
    large = [48, 96, 192] if effort.quick else [48, 96, 192, 384]
    for pool in POOLS[:2] if effort.quick else POOLS:
        rows = population(pool, quick=effort.quick)
        for kind in ("gaussian", "selection"):
            curves = measure_regimes(
                rows,
                sizes=[16],
                fixed=FIXED,
                large_sizes=large,
                projection=kind,
                draws=8 if effort.quick else 32,
                threads=effort.threads,
            )
            data, features = curves.variance_data, curves.variance_features
            cells = [
                with_error(ratio[-1], error[-1], ".3f")
                for ratio, error in (data.coefficients, features.coefficients)
            ]
            in_data = predicted_in_data(rows, kind)
            in_features = 1.0
            if kind == "selection":
                in_features = predicted_in_features(rows) * (1 - large[-1] / rows.size)
            laws = [exponent_text(each.law(against="distances")) for each in (data, features)]
            ratios = (cells[0], f"{in_data:.3f}", cells[1], f"{in_features:.3f}")
            lines.append((pool, kind, *laws, *ratios))
    return markdown(heads, lines) + "\n"


def predicted_in_data(rows: Population, kind: str, draws: int = 24) -> float:
    """Return the coefficient of 1/D over P L(P), both averaged over the same projections."""
    assert rows.rows is not None
    limits = simulate(rows, P=FIXED, projection=kind, draws=draws, threads=1).losses
    scale = len(rows.eigenvalues) / rows.size  # the table has R columns, the teacher S features
    with one_blas_thread():
        found = [
            scale * data_coefficient(rows.rows.T, drawn_projection(rows, kind, FIXED, 0, k))
            for k in range(draws)
        ]
    return float(np.mean(found) / (FIXED * limits.mean()))


def predicted_in_features(rows: Population, draws: int = 24) -> float:
    """Return the coefficient of 1/P over D L(D) for features chosen from an endless pool."""
    assert rows.rows is not None
    assert rows.basis is not None
    limits = simulate(rows, D=FIXED, draws=draws, threads=1).losses
    found = []
    with one_blas_thread():
        table = rows.rows.T @ rows.basis.T
        for k in range(draws):
            X, _ = drawn_samples(rows, FIXED, 0, k)
            found.append(feature_coefficient(table, X.T @ rows.basis.T))
    return float(np.mean(found) / (FIXED * limits.mean()))


def exponents(pool: int, effort: Effort, preparation: tuple[str, float] = BASE) -> Duality:
    """Return the exponents over D, P = 16 ... 256 and ranks 10 ... 200."""
    rows = population(pool, preparation, quick=effort.quick)
    sizes = [16, 32, 64] if effort.quick else [16, 32, 64, 128, 256]
    ranks = (10, 100) if effort.quick else (10, 200)
    return duality(rows, sizes, ranks=ranks, draws=4 if effort.quick else 8, threads=effort.threads)


def population(
    pool: int, preparation: tuple[str, float] = BASE, *, quick: bool = False
) -> Population:
    """Return S = 3000 random ReLU features of the 1797 digits."""
    inputs, bias = preparation
    X = prepared(pooled_digits(pool)[0], inputs)
    if quick:
        return feature_rows(relu_features(X[:600], 800, bias=bias))
    return feature_rows(relu_features(X, 3000, bias=bias))


def prepared(X: Floats, inputs: str) -> Floats:
    """Return inputs as they are, centred and of overall variance 1, or each of variance 1.

    Examples
    --------
    >>> prepared(np.array([[0.0, 5.0], [2.0, 5.0]]), "standardised")
    array([[-1.,  0.],
           [ 1.,  0.]])
    """
    if inputs == "raw":
        return X
    centred = X - X.mean(axis=0)
    if inputs == "centred":
        return np.asarray(centred / centred.std())
    spread = X.std(axis=0)
    return np.asarray(centred / np.where(spread > 0, spread, 1.0))
