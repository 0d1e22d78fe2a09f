"""What every model of loss against one size offers to the solver."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..._typing import Floats, Ints

STEEPEST = 40.0  # exp(-40) of the loss is left after one step between sizes: nothing to measure

TINY = 1e-100  # of the loss at the smallest size: below, derivatives would overflow when squared
DEEPEST = 200.0  # of log loss, from the largest to the smallest: 87 decades


@dataclass(frozen=True)
class Model(ABC):
    """A curve log loss = f(u), u = log(size / smallest size), with p parameters theta.

    The first parameter is log loss at the smallest size, so that the others describe shape.
    """

    name: ClassVar[str]
    equation: ClassVar[str]
    source: ClassVar[str]
    flat: ClassVar[float] = 1e-14  # relative change of the cost by a full step that is a minimum

    @property
    @abstractmethod
    def parameter_names(self) -> tuple[str, ...]:
        """Names of theta, in order."""

    @property
    def exponent_at(self) -> int | None:
        """Where in theta the exponent stands; None if it is not fitted."""
        return (
            self.parameter_names.index("exponent") if "exponent" in self.parameter_names else None
        )

    def problems(self, chosen: Ints) -> Model:
        """Return the model of some of B problems: itself, unless each has its own."""
        return self

    @abstractmethod
    def curve(self, u: Floats, theta: Floats) -> tuple[Floats, Floats]:
        """Return log loss (B, W) and its derivatives (B, W, p) at theta (B, p), u (W,)."""

    @abstractmethod
    def bounds(self, u: Floats) -> tuple[Floats, Floats]:
        """Return the lowest and highest values (p,) of theta."""

    @abstractmethod
    def starts(self, u: Floats, y: Floats, weights: Floats) -> Floats:
        """Return starting values (B, K, p) for log losses y (B, W) with weights (B, W)."""

    @abstractmethod
    def coefficients(self, theta: Floats, smallest: float) -> dict[str, float]:
        """Return the parameters of the published equation for one theta (p,)."""

    def exponent(self, theta: Floats) -> Floats:
        """Return the exponent (B,) of theta (B, p)."""
        at = self.exponent_at
        if at is None:
            raise NotImplementedError(f"{self.name} has to say what its exponent is.")
        return np.asarray(theta[..., at])


def weighted_line(basis: Floats, y: Floats, weights: Floats) -> Floats:
    """Return the coefficients (B, G, k) of weighted least squares of y on each of G bases.

    Parameters
    ----------
    basis : (G, W, k) float64
    y, weights : (B, W) float64
    """
    columns = basis.shape[2]
    products = (basis[..., :, None] * basis[..., None, :]).reshape(*basis.shape[:2], -1)
    normal = np.einsum("bw,gwm->bgm", weights, products).reshape(
        len(y), len(basis), columns, columns
    )
    right = np.einsum("bw,gwi->bgi", weights * y, basis)
    # A tiny ridge relative to the diagonal keeps a basis that the sizes cannot tell apart solvable.
    diagonal = np.einsum("bgii->bgi", normal)
    diagonal += 1e-12 * diagonal + 1e-300
    return np.asarray(np.linalg.solve(normal, right[..., None])[..., 0])
