"""Inverse Laplace transforms along Talbot's contour, for singularities on the negative real axis.

Weideman, "Optimizing Talbot's contours for the inversion of the Laplace transform", SIAM J. Numer.
Anal. 44 (2006) 2342: p(theta) = (K/t) [0.5017 theta cot(0.6407 theta) - 0.6122 + 0.2645 i theta],
midpoint rule in theta on (-pi, pi); the error falls as e^(-1.36 K).
"""

from __future__ import annotations

import numpy as np

from .._typing import Complexes, Floats

NODES = 20  # e^(-1.36 * 20) = 2e-12, about where rounding e^p stops the convergence


def talbot(times: Floats, nodes: int = NODES) -> tuple[Complexes, Complexes]:
    """Return nodes p and weights, both (times, nodes/2), of f(t) = Re sum weight F(p).

    Only the nodes above the real axis: those below are their conjugates.

    Examples
    --------
    >>> t = np.array([0.5, 2.0])
    >>> p, weight = talbot(t)
    >>> bool(np.abs((weight / (p + 1.0)).sum(axis=1).real - np.exp(-t)).max() < 1e-10)
    True
    """
    theta = np.pi * (2 * np.arange(nodes // 2) + 1) / nodes
    angle = 0.6407 * theta
    shape = 0.5017 * theta / np.tan(angle) - 0.6122 + 0.2645j * theta
    slope = 0.5017 * (1 / np.tan(angle) - angle / np.sin(angle) ** 2) + 0.2645j
    p = nodes / times[:, None] * shape
    weight = 2 / (1j * times[:, None]) * np.exp(nodes * shape) * slope
    return p.astype(np.complex128), weight.astype(np.complex128)
