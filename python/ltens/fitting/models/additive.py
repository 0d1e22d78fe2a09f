"""The additive law of two sizes: loss = E + A / N^alpha + B / D^beta."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..._typing import Floats
from .base import Model
from .floor import steepest

_GRID = 20  # exponents tried for each size
_KEPT = 6
_ABSENT = -40.0  # log of a part that has vanished: e^-40 of the loss


@dataclass(frozen=True, eq=False)
class Additive(Model):
    """loss = E + A / N^alpha + B / D^beta; A, B, E, alpha, beta >= 0.

    Inside, u = log(N / smallest N), v = log(D / smallest D) and
    theta = (log A', alpha, log B', beta, E), A' and B' being the parts at the smallest sizes.
    """

    v: Floats = field(repr=False)  # (R,)

    name = "additive"
    equation = "E + A / N^alpha + B / D^beta"
    source = "Hoffmann et al., arXiv 2203.15556, eq. 2; Besiroglu et al., arXiv 2404.10102"
    parameter_names = ("log_a", "exponent", "log_b", "beta", "floor")

    def curve(self, u: Floats, theta: Floats) -> tuple[Floats, Floats]:
        """Return log loss and derivatives."""
        first = np.exp(theta[:, :1] - theta[:, 1:2] * u)
        second = np.exp(theta[:, 2:3] - theta[:, 3:4] * self.v)
        total = first + second + theta[:, 4:]
        slopes = np.empty((*total.shape, 5))
        slopes[..., 0] = first / total
        slopes[..., 1] = -u * slopes[..., 0]
        slopes[..., 2] = second / total
        slopes[..., 3] = -self.v * slopes[..., 2]
        slopes[..., 4] = 1 / total
        return np.log(total), slopes

    def bounds(self, u: Floats) -> tuple[Floats, Floats]:
        """Return bounds: no part negative, none steeper than can be measured."""
        low = np.array([_ABSENT, 0.0, _ABSENT, 0.0, 0.0])
        return low, np.array([700.0, steepest(u), 700.0, steepest(self.v), np.inf])

    def starts(self, u: Floats, y: Floats, weights: Floats) -> Floats:
        """Return the best points of a grid over alpha and beta, E, A, B >= 0 solved exactly.

        Relative residuals are linear in E, A, B (variable projection, which also takes the
        condition number of the search from 1e11 to about 10: arXiv 2603.22339).
        """
        alphas, betas = (np.geomspace(0.05, 8.0, _GRID) / max(w.max(), 1e-9) for w in (u, self.v))
        alpha, beta = (grid.ravel() for grid in np.meshgrid(alphas, betas, indexing="ij"))
        parts = np.stack(
            [
                np.exp(-np.outer(alpha, u)),
                np.exp(-np.outer(beta, self.v)),
                np.ones((alpha.size, u.size)),
            ],
            axis=-1,
        )
        return np.stack(
            [
                self._row_starts(row, weight, parts, alpha, beta)
                for row, weight in zip(y, weights, strict=True)
            ]
        )

    def coefficients(self, theta: Floats, smallest: float) -> dict[str, float]:
        """Return A', alpha, B', beta and E, with A' and B' at the smallest sizes."""
        return {
            "A": float(np.exp(theta[0])),
            "alpha": float(theta[1]),
            "B": float(np.exp(theta[2])),
            "beta": float(theta[3]),
            "E": float(theta[4]),
        }

    def _row_starts(
        self, y: Floats, weights: Floats, parts: Floats, alpha: Floats, beta: Floats
    ) -> Floats:
        """Return the best grid points (K, 5) for log losses y (R,)."""
        columns = parts / np.exp(y)[:, None]
        coefficients = non_negative(columns, weights)
        value = np.log(np.maximum((parts @ coefficients[..., None])[..., 0], 1e-300))
        cost = (weights * np.abs(y - value)).sum(axis=1)
        chosen = np.argsort(cost)[:_KEPT]
        a, b, e = np.maximum(coefficients[chosen], np.exp(_ABSENT / 2) * np.exp(y).min()).T
        found: list[Floats] = [np.log(a), alpha[chosen], np.log(b), beta[chosen], e]
        rows: Floats = np.stack(found, axis=1)
        return rows


def non_negative(columns: Floats, weights: Floats) -> Floats:
    """Return c >= 0 (G, 3) that minimise sum_r w_r (columns_r . c - 1)^2; columns (G, R, 3).

    Of the seven sets of positive coefficients, the best that needs no negative one.

    Examples
    --------
    >>> columns = np.array([[[1.0, 0.0, 1.0], [1.0, 1.0, 1.0], [1.0, 2.0, 1.5]]])
    >>> non_negative(columns, np.ones(3)).round(6).tolist()
    [[1.0, 0.0, 0.0]]
    """
    normal = np.einsum("grj,r,grk->gjk", columns, weights, columns)
    right = np.einsum("grj,r->gj", columns, weights)
    best: Floats = np.zeros_like(right)
    lowest = np.full(len(right), np.inf)
    for mask in ((0, 1, 2), (0, 1), (0, 2), (1, 2), (0,), (1,), (2,)):
        at = np.array(mask)
        matrix = normal[:, at[:, None], at].copy()
        matrix[:, range(len(at)), range(len(at))] *= 1 + 1e-12
        solved = np.linalg.solve(matrix, right[:, at, None])[..., 0]
        gain = -np.einsum("gj,gj->g", solved, right[:, at])
        better = (solved >= 0).all(axis=1) & (gain < lowest - 1e-12 * np.abs(gain))
        best[better] = 0.0
        rows = np.flatnonzero(better)
        best[rows[:, None], at] = solved[better]
        lowest[better] = gain[better]
    return best
