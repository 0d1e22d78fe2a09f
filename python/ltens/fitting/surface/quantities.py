"""What intervals are asked for: functions of theta, each with its gradient."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..._typing import Floats, Ints
from .model import Surface

_STEP = 1e-30  # of a complex step: no digit is lost to a difference (Squire & Trapp 1998)
_NEWTON = 12  # steps on a nearly straight line; 5 reach rounding
ENDLESS = 1e6  # log of a size at which nothing is left of its part


class Quantities(ABC):
    """M functions of theta (p,); `of` takes real and complex theta."""

    @property
    @abstractmethod
    def count(self) -> int:
        """Return M."""

    @abstractmethod
    def of(self, theta: Floats, which: Ints) -> Floats:
        """Return for each theta (B, p) the function `which` (B,)."""

    def gradient(self, theta: Floats, which: Ints) -> Floats:
        """Return the derivatives (B, p)."""
        found = np.empty_like(theta)
        for k in range(theta.shape[1]):
            moved: Any = theta.astype(np.complex128)
            moved[:, k] += 1j * _STEP
            found[:, k] = self.of(moved, which).imag / _STEP
        return found


@dataclass(frozen=True, eq=False)
class Combinations(Quantities):
    """Linear combinations of theta, matrix (M, p): exponents, E, C, log amplitudes in any unit."""

    matrix: Floats

    @property
    def count(self) -> int:
        """Return M."""
        return len(self.matrix)

    def of(self, theta: Floats, which: Ints) -> Floats:
        """Return matrix[which] . theta."""
        return np.asarray((self.matrix[which] * theta).sum(axis=1))


@dataclass(frozen=True, eq=False)
class Products(Quantities):
    """C of groups (M,) for the pair of a surface, in units of the smallest sizes `logs` (2,)."""

    surface: Surface = field(repr=False)
    logs: Floats
    slots: Ints
    groups: Ints

    @property
    def count(self) -> int:
        """Return M."""
        return len(self.slots)

    def of(self, theta: Floats, which: Ints) -> Floats:
        """Return C in the unit of the loss, sizes in theirs."""
        row, pair = np.arange(len(theta)), self.surface.layout.pair
        assert pair is not None
        slots = self.surface.layout.exponent[list(pair)][:, self.groups[which]]
        first, second = (theta[row, slot] for slot in slots)
        power = first * self.logs[0] + second * self.logs[1]
        return np.asarray(theta[row, self.slots[which]] * np.exp(power))


@dataclass(frozen=True, eq=False)
class Allocations(Quantities):
    """beta / (alpha + beta) for pairs (M, 2) of where alpha and beta stand."""

    pairs: Ints

    @property
    def count(self) -> int:
        """Return M."""
        return len(self.pairs)

    def of(self, theta: Floats, which: Ints) -> Floats:
        """Return the power of compute that the first variable grows with."""
        row = np.arange(len(theta))
        alpha, beta = (theta[row, slots[which]] for slots in self.pairs.T)
        return np.asarray(beta / (alpha + beta))


@dataclass(frozen=True, eq=False)
class LogLosses(Quantities):
    """Log loss at points: log sizes (k, M) and groups (M,)."""

    surface: Surface = field(repr=False)
    logs: Floats
    groups: Ints

    @property
    def count(self) -> int:
        """Return M."""
        return len(self.groups)

    def of(self, theta: Floats, which: Ints) -> Floats:
        """Return the law's log loss."""
        loss = self.surface.at(theta, self.logs[:, which], self.groups[which])
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.log(loss))


@dataclass(frozen=True, eq=False)
class Frontiers(Quantities):
    """Where the loss is lowest at a budget, log x_i + log x_j = budget (M,), in a group.

    Attributes
    ----------
    between : (int, int)
        The variables i and j.
    loss : bool
        The log of the lowest loss instead of log x_i; of i, j and E only.
    """

    surface: Surface = field(repr=False)
    between: tuple[int, int]
    budgets: Floats
    group: int
    loss: bool = False

    @property
    def count(self) -> int:
        """Return M."""
        return len(self.budgets)

    def of(self, theta: Floats, which: Ints) -> Floats:
        """Return log x_i, or log loss."""
        best = self.best(theta, self.budgets[which])
        if not self.loss:
            return best
        i, j = self.between
        groups = np.full(len(theta), self.group)
        logs = np.full((len(self.surface.layout.names), len(theta)), ENDLESS, best.dtype)
        logs[i], logs[j] = best, self.budgets[which] - best
        return np.asarray(np.log(self.surface.at(theta, logs, groups)))

    def best(self, theta: Floats, budget: Floats) -> Floats:
        """Return log x_i (B,) in units of the smallest.

        Without a product (log(alpha A) - log(beta B) + beta budget) / (alpha + beta) (Hoffmann et
        al., eq. 4); with one, Newton's method from there on the log of the ratio of the two slopes.
        """
        layout = self.surface.layout
        i, j = self.between
        a, b = (theta[:, layout.amplitude[k, self.group]] for k in (i, j))
        alpha, beta = (theta[:, layout.exponent[k, self.group]] for k in (i, j))
        x = (np.log(alpha) - np.log(beta) + a - b + beta * budget) / (alpha + beta)
        if layout.pair is None or set(layout.pair) != {i, j}:
            return np.asarray(x)
        c = theta[:, layout.product[self.group]]
        for _ in range(_NEWTON):
            own, other = np.exp(-alpha * x), np.exp(-beta * (budget - x))
            first, second = np.exp(a) + c * other, np.exp(b) + c * own
            ratio = np.log(alpha * own * first) - np.log(beta * other * second)
            slope = -alpha - beta + c * beta * other / first + c * alpha * own / second
            x = x - ratio / slope
        return np.asarray(x)
