"""L(D) of one-hidden-layer ReLU kernels: Gaussian inputs of few dimensions, and photo patches.

Without biases the kernels are homogeneous: they resolve directions alone, of which there are d - 1
dimensions. With biases they resolve d.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ..._typing import Floats
from ...fitting.fit_losses import fit_mean_power_law
from ...randomness import generator
from ...regimes import arc_cosine_kernel, kernel_learning_curve, ntk_kernel
from ...regimes.features.exponent_duality import exponent_text
from ...tables import markdown
from ..effort import Effort
from .patches import POOLS, inputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    Case = tuple[str, Floats, int]

_HEADS = (
    "inputs",
    "kernel",
    "bias",
    "3/d or 1/d",
    "with d − 1 for d",
    "alpha_D",
    "between the last two sizes",
)
_KERNELS = {"arc-cosine": (arc_cosine_kernel, 3), "NTK": (ntk_kernel, 1)}


def make(effort: Effort) -> str:
    """Return the table."""
    sizes = [32, 64, 128] if effort.quick else [64, 128, 256, 512, 1024]
    rows = []
    for name, X, dimension in _cases(effort.quick):
        for kernel, (function, smoothness) in _KERNELS.items():
            if kernel == "NTK" and "patches" in name:
                continue
            for bias in (0.0, 1.0):
                curve = kernel_learning_curve(
                    partial(function, bias=bias),
                    X,
                    sizes,
                    test_samples=400 if effort.quick else 1000,
                    draws=3 if effort.quick else 6,
                    threads=effort.threads,
                )
                law = fit_mean_power_law(sizes, np.stack([run.losses for run in curve]))
                local = law.local_exponents().exponents[-1]
                expected = [f"{smoothness / d:.3f}" for d in (dimension, dimension - 1)]
                found = (exponent_text(law), f"{local:.2f}")
                rows.append((name, kernel, f"{bias:g}", *expected, *found))
    return markdown(_HEADS, rows) + "\n"


def _cases(quick: bool) -> Iterator[Case]:
    for dimension in (3, 4):
        rng = generator(0, dimension)
        yield f"Gaussian, d = {dimension}", rng.standard_normal((5000, dimension)), dimension
    for pool in POOLS:
        X = inputs(pool, gaussian=False, quick=quick)
        yield f"photo patches, pool {pool}", X, X.shape[1]
