"""Laws that fall to a limit: known or fitted, exponent given or fitted, with a shift of the size.

    loss = E + A (x - s)^(-alpha)          or          loss = E + A exp(-x / x0)

The shift is what finite sizes do to the variance-limited law: with P random features and D Gaussian
samples, L(D) - L(inf) is proportional to 1 / (D - P - 1), not to 1 / D.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..._typing import Floats
from ...fitting.models import Model
from ...fitting.models.base import STEEPEST, TINY, weighted_line
from .curve_families import MOST_SHIFT

_SHIFTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.45)  # of the smallest size
_FLOORS = (0.0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.99)  # times the smallest loss
_KEPT = 6


@dataclass(frozen=True)
class LimitLaw(Model):
    """A law above a limit. What is given is not fitted.

    Attributes
    ----------
    limit : float or None
        The known limit E; None fits it, at least 0.
    given : float or None
        The known exponent alpha; None fits it.
    shifted : bool
        Whether the shift s is fitted; 0 otherwise.
    exponential : bool
        An exponential in place of the power; its rate (smallest size / x0) stands for alpha.
    """

    limit: float | None = None
    given: float | None = None
    shifted: bool = False
    exponential: bool = False

    source = "Bahri et al., arXiv 2102.06701, section 2.2; the shift: inverse Wishart mean"
    flat = 1e-11  # shift, limit and exponent make up for each other along a valley

    @property
    def name(self) -> str:  # type: ignore[override]
        """Return the name."""
        if self.exponential:
            return "exponential"
        words = ["variance_limited" if self.given == 1 else "limit"]
        return "_".join(words + ["shifted"] * self.shifted)

    @property
    def equation(self) -> str:  # type: ignore[override]
        """Return the equation."""
        limit = "E" if self.limit is None else "limit"
        if self.exponential:
            return f"{limit} + A exp(-x / x0)"
        base = "(x - s)" if self.shifted else "x"
        return f"{limit} + A {base}^({'-alpha' if self.given is None else f'-{self.given:g}'})"

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Return names of theta."""
        kept = {
            "log_start": True,
            "exponent": self.given is None,
            "shift": self.shifted,
            "floor_share": self.limit is None,
        }
        return tuple(name for name, is_fitted in kept.items() if is_fitted)

    def curve(self, u: Floats, theta: Floats) -> tuple[Floats, Floats]:
        """Return log loss and derivatives."""
        start, exponent, shift, share = self._parts(theta)
        steps, by_shift = self._steps(u, shift)
        falling = np.exp(np.maximum(-exponent * steps, -300.0))  # at most 1
        slopes = np.empty((len(theta), len(u), len(self.parameter_names)))
        if self.limit is None:
            total = np.maximum((1 - share) * falling + share, TINY)
            inner = (1 - share) * falling / total
            value = start + np.log(total)
            slopes[..., 0] = 1.0
            slopes[..., -1] = (1 - falling) / total
        else:
            part = np.exp(np.minimum(np.maximum(start, -300.0), 300.0)) * falling
            total = np.maximum(self.limit + part, 1e-300)
            inner = part / total
            value = np.log(total)
            slopes[..., 0] = inner
        at = 1
        if self.given is None:
            slopes[..., at] = -steps * inner
            at += 1
        if self.shifted:
            slopes[..., at] = -exponent * by_shift * inner
        return value, slopes

    def bounds(self, u: Floats) -> tuple[Floats, Floats]:
        """Return bounds: the limit at least 0, the shift from 0 to half of the smallest size."""
        low = {"log_start": -np.inf, "exponent": 0.0, "shift": 0.0, "floor_share": 0.0}
        high = {
            "log_start": np.inf,
            "exponent": STEEPEST / float(np.diff(np.unique(u)).min()),
            "shift": MOST_SHIFT,
            "floor_share": 1.0,
        }
        names = self.parameter_names
        return np.array([low[name] for name in names]), np.array([high[name] for name in names])

    def starts(self, u: Floats, y: Floats, weights: Floats) -> Floats:
        """Return the best points of a grid over shift and limit; a line gives the rest exactly."""
        shifts = _SHIFTS if self.shifted else (0.0,)
        steps = np.stack([self._steps(u, np.array([[s]]))[0][0] for s in shifts])  # (G, W)
        basis = np.stack([np.ones_like(steps), -steps], axis=-1)
        lowest = np.exp(np.where(weights > 0, y, np.inf).min(axis=1, keepdims=True))
        fractions = _FLOORS if self.limit is None else (1.0,)
        found = [self._lines(y, weights, basis, shifts=shifts, floor=lowest * f) for f in fractions]
        theta = np.concatenate(found, axis=1)
        flat = np.clip(theta.reshape(-1, theta.shape[2]), *self.bounds(u))
        value = self.curve(u, flat)[0].reshape(*theta.shape[:2], len(u))
        cost = (weights[:, None] * (y[:, None] - value) ** 2).sum(axis=2)
        chosen = np.argsort(cost, axis=1)[:, :_KEPT]
        return np.take_along_axis(theta, chosen[..., None], axis=1)

    def coefficients(self, theta: Floats, smallest: float) -> dict[str, float]:
        """Return A, alpha (or x0), the shift and the limit, sizes in the user's unit."""
        start, exponent, shift, share = (
            float(np.ravel(part)[0]) for part in self._parts(theta[None])
        )
        if self.limit is None:
            level, limit = math.log1p(-min(share, 1 - 1e-16)) + start, math.exp(start) * share
        else:
            level, limit = start, self.limit
        if self.exponential:
            amplitude = math.exp(min(level + exponent, 700.0))
            length = smallest / max(exponent, 1e-300)
            return {"amplitude": amplitude, "length": length, "limit": limit}
        amplitude = math.exp(min(level + exponent * math.log(smallest * (1 - shift)), 700.0))
        found = {"amplitude": amplitude, "exponent": exponent, "limit": limit}
        return {**found, "shift": shift * smallest} if self.shifted else found

    def exponent(self, theta: Floats) -> Floats:
        """Return the exponent, given or fitted."""
        at = self.exponent_at
        given = np.full(theta.shape[:-1], self.given if self.given is not None else np.nan)
        return given if at is None else np.asarray(theta[..., at])

    def _parts(self, theta: Floats) -> tuple[Floats, Floats | float, Floats, Floats | float]:
        """Return log start, exponent, shift and floor share, each (B, 1) or given."""
        at = 1
        exponent: Floats | float = 1.0 if self.given is None else self.given
        if self.given is None:
            exponent, at = theta[:, at : at + 1], at + 1
        shift = theta[:, at : at + 1] if self.shifted else np.zeros((1, 1))
        share: Floats | float = theta[:, -1:] if self.limit is None else 0.0
        return theta[:, :1], exponent, shift, share

    def _steps(self, u: Floats, shift: Floats) -> tuple[Floats, Floats]:
        """Return -log(falling part) / alpha (B, W), 0 at the smallest size, and d / d shift."""
        if self.exponential:
            return np.expm1(u)[None], np.zeros((1, len(u)))
        if not self.shifted:
            return u[None], np.zeros((1, len(u)))
        size = np.exp(u)[None]
        return np.log(size - shift) - np.log1p(-shift), 1 / (1 - shift) - 1 / (size - shift)

    def _lines(
        self,
        y: Floats,
        weights: Floats,
        basis: Floats,
        *,
        shifts: tuple[float, ...],
        floor: Floats,
    ) -> Floats:
        """Return theta (B, G, p) of lines through log(loss - floor) for each shift."""
        known = floor if self.limit is None else np.full_like(floor, self.limit)
        rest = np.maximum(np.exp(y) - known, 1e-3 * np.exp(y))
        relative = weights * (rest / np.exp(y)) ** 2
        line = weighted_line(basis, np.log(rest), relative)
        if self.given is not None:
            moved = np.log(rest)[:, None] + self.given * -basis[None, ..., 1]
            level = (relative[:, None] * moved).sum(axis=2) / relative.sum(axis=1)[:, None]
            line = np.stack([level, np.full_like(level, self.given)], axis=-1)
        part = np.exp(np.clip(line[..., 0], -300, 300))
        start = line[..., 0] if self.limit is not None else np.log(part + known)
        columns = {
            "log_start": start,
            "exponent": line[..., 1],
            "shift": np.broadcast_to(np.array(shifts), start.shape),
            "floor_share": np.broadcast_to(known / (part + known), start.shape),
        }
        return np.stack([columns[name] for name in self.parameter_names], axis=-1)
