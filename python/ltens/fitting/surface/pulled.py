"""A surface pulled towards a value of a function of its coefficients."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from ..._typing import Floats, Ints
from ..models.base import Model
from .model import Surface
from .quantities import Quantities


@dataclass(frozen=True, eq=False)
class Pulled(Model):
    """A surface with one more row: the function `which` (B,) of theta, times `scale` (B,).

    The minimum of cost + w (function - value)^2 is the profile's point at whatever the function is
    there: no other theta of that value costs less.
    """

    surface: Surface
    quantities: Quantities = field(repr=False)
    which: Ints
    scale: Floats

    name = "pulled surface"
    equation = Surface.equation
    source = "profile likelihood"

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Return the names of theta."""
        return self.surface.parameter_names

    def problems(self, chosen: Ints) -> Pulled:
        """Return the model of some of the problems."""
        return replace(self, which=self.which[chosen], scale=self.scale[chosen])

    def curve(self, u: Floats, theta: Floats) -> tuple[Floats, Floats]:
        """Return log losses and the function (B, R + 1), and derivatives."""
        value, slopes = self.surface.curve(u, theta)
        last = self.quantities.of(theta, self.which) * self.scale
        steep = self.quantities.gradient(theta, self.which) * self.scale[:, None]
        return (
            np.concatenate([value, last[:, None]], axis=1),
            np.concatenate([slopes.transpose(0, 2, 1), steep[..., None]], axis=2).transpose(
                0, 2, 1
            ),
        )

    def bounds(self, u: Floats) -> tuple[Floats, Floats]:
        """Return the surface's bounds."""
        return self.surface.bounds(u)

    def starts(self, u: Floats, y: Floats, weights: Floats) -> Floats:
        """Return the surface's starts."""
        return self.surface.starts(u, y[:, :-1], weights[:, :-1])

    def coefficients(self, theta: Floats, smallest: float) -> dict[str, float]:
        """Return the surface's coefficients."""
        return self.surface.coefficients(theta, smallest)
