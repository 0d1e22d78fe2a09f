"""Starting values of a surface: a grid over the exponents, the rest solved exactly."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from ..._typing import Floats, Ints
from .model import ABSENT

if TYPE_CHECKING:
    from .model import Surface

_POINTS = {1: 60, 2: 20, 3: 9, 4: 5}  # of the grid on each axis, by the number of exponents
_KEPT = 6
_ROWS = 1500  # looked at for starting values; all are for the fit


def starts(surface: Surface, y: Floats, weights: Floats) -> Floats:
    """Return starting values (K, p) for log losses y (R,) with weights (R,).

    At each point of the grid relative residuals are linear in E and A_i >= 0 (variable projection,
    which also takes the condition number of the search from 1e11 to about 10: arXiv 2603.22339).
    A product of parts begins at nothing.
    """
    layout = surface.layout
    solved = [_solve(surface, group, y, weights) for group in range(len(layout.groups))]
    total = np.sum([cost for _, _, cost in solved], axis=0)
    theta = np.zeros((min(_KEPT, len(total)), layout.size))
    shares = np.zeros(layout.size)
    for group, (mesh, parts, cost) in enumerate(solved):
        own = len(np.unique(layout.exponent)) > mesh.shape[1]
        chosen = np.argsort(cost if own else total, kind="stable")[: len(theta)]
        slots = np.unique(layout.exponent[:, group])
        theta[:, slots] = mesh[chosen]
        least = np.exp(ABSENT / 2)
        found = [np.log(np.maximum(parts[chosen][:, : len(layout.names)], least))]
        at = list(layout.amplitude[:, group])
        if surface.known is None:
            found.append(parts[chosen][:, -1:])
            at.append(layout.floor[group])
        theta[:, at] += np.concatenate(found, axis=1)
        shares[at] += 1
    return np.asarray(theta / np.maximum(shares, 1))


def _solve(
    surface: Surface, group: int, y: Floats, weights: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the grid (P, m), the parts (P, k or k + 1) and the cost (P,) of a group."""
    rows = np.arange(surface.rows[group].start, surface.rows[group].stop)
    rows = rows[weights[rows] > 0]
    rows = rows[:: 1 + len(rows) // _ROWS]
    mesh, at = _mesh(surface, group)
    logs, loss = surface.logs[:, rows], np.exp(y[rows])
    columns = [np.exp(-mesh[:, slot, None] * x) for slot, x in zip(at, logs, strict=True)]
    floor = np.zeros_like(loss)
    if surface.known is None:
        columns.append(np.ones((len(mesh), len(rows))))
    else:
        floor = np.full_like(loss, surface.known[group])
    parts = np.stack(columns, axis=-1) / loss[:, None]
    solved = non_negative(parts, weights[rows], 1 - floor / loss)
    share = (parts @ solved[..., None])[..., 0] + floor / loss
    cost = np.abs(np.log(np.maximum(share, 1e-300))) @ weights[rows]
    return mesh, solved, cost


def _mesh(surface: Surface, group: int) -> tuple[Floats, Ints]:
    """Return the grid (P, m) over a group's exponents and which of them each variable has (k,)."""
    slots, at = np.unique(surface.layout.exponent[:, group], return_inverse=True)
    count = _POINTS.get(len(slots), 4)
    spans = [surface.logs[at == j].max() for j in range(len(slots))]
    axes = [np.geomspace(0.05, 8.0, count) / span for span in spans]
    grids = np.meshgrid(*axes, indexing="ij")
    return np.stack([grid.ravel() for grid in grids], axis=1), at


def non_negative(columns: Floats, weights: Floats, target: Floats) -> Floats:
    """Return c >= 0 (P, m) that minimise sum_r w_r (columns_r . c - target_r)^2.

    Of all sets of positive coefficients, the best that needs no negative one.

    Parameters
    ----------
    columns : (P, R, m) float64
    weights, target : (R,) float64

    Examples
    --------
    >>> columns = np.array([[[1.0, 0.0, 1.0], [1.0, 1.0, 1.0], [1.0, 2.0, 1.5]]])
    >>> non_negative(columns, np.ones(3), np.ones(3)).round(6).tolist()
    [[1.0, 0.0, 0.0]]
    """
    weighted = columns.transpose(0, 2, 1) * weights
    normal, right = weighted @ columns, weighted @ target
    best: Floats = np.zeros_like(right)
    lowest = np.full(len(right), np.inf)
    count = right.shape[1]
    for size in range(count, 0, -1):
        for mask in combinations(range(count), size):
            at = np.array(mask)
            matrix = normal[:, at[:, None], at].copy()
            matrix[:, range(size), range(size)] *= 1 + 1e-12
            solved = np.linalg.solve(matrix, right[:, at, None])[..., 0]
            gain = -np.einsum("pj,pj->p", solved, right[:, at])
            better = (solved >= 0).all(axis=1) & (gain < lowest - 1e-12 * np.abs(gain))
            best[better] = 0.0
            rows = np.flatnonzero(better)
            best[rows[:, None], at] = solved[better]
            lowest[better] = gain[better]
    return best
