"""The surface: loss = E + sum_i A_i / x_i^alpha_i, with a product of two parts if wanted."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np

from ..._typing import Floats, Ints
from ..models.base import Model
from .layout import Layout

ABSENT = -40.0  # log of a part that has vanished: e^-40 of the loss
_MOST = 300.0  # log of a part at the smallest sizes: its square is a number
_STEEPEST = 400.0  # over the range of log size: a part that is gone within a tenth of it


@dataclass(frozen=True, eq=False)
class Surface(Model):
    """loss = E + sum_i A_i / x_i^alpha_i; A_i, alpha_i, E >= 0.

    With a pair (i, j) also + C / (x_i^alpha_i x_j^alpha_j), C of either sign. Inside, sizes are in
    units of the smallest and losses in units of their geometric mean; theta holds log A_i.

    Attributes
    ----------
    layout : Layout
    logs : (k, R) float64
        log(x_i / smallest x_i); the rows of a group stand together.
    groups : (R,) int64
        Ascending.
    known : (G,) float64 or None
        The known floors.
    """

    layout: Layout
    logs: Floats = field(repr=False)
    groups: Ints = field(repr=False)
    known: Floats | None = None

    name = "surface"
    equation = "E + sum A_i / x_i^alpha_i"
    source = "Hoffmann et al., arXiv 2203.15556, eq. 2; Besiroglu et al., arXiv 2404.10102"

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Return the names of theta."""
        return self.layout.labels

    @cached_property
    def rows(self) -> list[slice]:
        """Return where the rows of each group stand."""
        ends = np.searchsorted(self.groups, np.arange(len(self.layout.groups) + 1))
        return [slice(int(a), int(b)) for a, b in pairwise(ends)]

    def curve(self, u: Floats, theta: Floats) -> tuple[Floats, Floats]:
        """Return log loss (B, R) and derivatives (B, R, p); NaN where the sum is not positive."""
        total = np.zeros((len(theta), u.shape[1]))
        slopes = np.zeros((len(theta), theta.shape[1], u.shape[1]))
        for group, rows in enumerate(self.rows):
            self._add(u[:, rows], theta, group, total[:, rows], slopes[:, :, rows])
        slopes /= total[:, None]
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.log(total), slopes.transpose(0, 2, 1)

    def at(self, theta: Floats, logs: Floats, groups: Ints) -> Floats:
        """Return the loss (M,) at log sizes (k, M) of groups (M,) by theta (M, p), real or not."""
        layout, row = self.layout, np.arange(len(theta))

        def pick(slots: Ints) -> Floats:
            return theta[row, slots[groups]]

        exponents = [pick(slots) for slots in layout.exponent]
        total = self.floor_of(theta, groups)
        for slots, exponent, x in zip(layout.amplitude, exponents, logs, strict=True):
            total = total + np.exp(pick(slots) - exponent * x)
        if layout.pair is not None:
            i, j = layout.pair
            bent = np.exp(-exponents[i] * logs[i] - exponents[j] * logs[j])
            total = total + pick(layout.product) * bent
        return total

    def floor_of(self, theta: Floats, groups: Ints) -> Floats:
        """Return the floor (M,) of groups (M,) by theta (M, p)."""
        if self.known is not None:
            return self.known[groups]
        return np.asarray(theta[np.arange(len(theta)), self.layout.floor[groups]])

    def bounds(self, u: Floats) -> tuple[Floats, Floats]:
        """Return bounds: no part negative, none steeper than can be measured."""
        layout = self.layout
        low, high = np.full(layout.size, -np.inf), np.full(layout.size, np.inf)
        low[layout.amplitude], high[layout.amplitude] = ABSENT, _MOST
        for slots, logs in zip(layout.exponent, u, strict=True):
            low[slots] = 0.0
            high[slots] = np.minimum(high[slots], _STEEPEST / logs.max())
        low[layout.floor] = 0.0
        return low, high

    def starts(self, u: Floats, y: Floats, weights: Floats) -> Floats:
        """Return the best points of a grid over the exponents."""
        from .starts import starts

        return np.stack([starts(self, *row) for row in zip(y, weights, strict=True)])

    def coefficients(self, theta: Floats, smallest: float) -> dict[str, float]:
        """Return theta by its names."""
        return dict(zip(self.layout.labels, map(float, theta), strict=True))

    def _add(self, logs: Floats, theta: Floats, group: int, total: Floats, slopes: Floats) -> None:
        """Add the loss (B, M) and its derivatives (B, p, M) of a group's rows."""
        layout = self.layout
        amplitudes, exponents = layout.amplitude[:, group], layout.exponent[:, group]
        for a, e, x in zip(amplitudes, exponents, logs, strict=True):
            part = np.exp(theta[:, a : a + 1] - theta[:, e : e + 1] * x)
            total += part
            slopes[:, a] += part
            slopes[:, e] -= x * part
        if layout.pair is not None:
            first, second = layout.pair
            e, f, c = exponents[first], exponents[second], layout.product[group]
            x, z = logs[first], logs[second]
            unit = np.exp(-theta[:, e : e + 1] * x - theta[:, f : f + 1] * z)
            part = theta[:, c : c + 1] * unit
            total += part
            slopes[:, c] += unit
            slopes[:, e] -= x * part
            slopes[:, f] -= z * part
        if self.known is not None:
            total += self.known[group]
        else:
            total += theta[:, layout.floor[group], None]
            slopes[:, layout.floor[group]] += 1.0
