"""Losses against size as they were measured: what can be said without a law."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from .._typing import Floats, Ints
from .observations import Observations
from .pieces import pieces_of
from .slopes import Slope, Slopes


@dataclass(frozen=True, eq=False)
class MeasuredCurve:
    """Statistics of losses at sizes, with the exponents over ranges of them."""

    slopes: Slopes = field(repr=False)

    @property
    def observations(self) -> Observations:
        """Return what was measured, at all sizes."""
        return self.slopes.observations

    @cached_property
    def end(self) -> Slope:
        """Return the exponent at the large end: an average that exists for every curve."""
        return self.slopes.at_the_end()

    @cached_property
    def pieces(self) -> tuple[Slope, ...]:
        """Return the curve cut into ranges, each with its exponent and interval."""
        return pieces_of(self.slopes)

    @property
    def sizes(self) -> Floats:
        """Return the sizes (W,), those that were left out of the law among them."""
        return self.observations.table.sizes

    @property
    def losses(self) -> Floats:
        """Return the statistics (W,)."""
        return self.observations.losses

    @property
    def standard_errors(self) -> Floats:
        """Return the standard errors (W,) of log statistic."""
        variances = self.observations.variances
        return np.full(len(self.losses), np.nan) if variances is None else np.sqrt(variances)

    @property
    def samples(self) -> Ints:
        """Return the number of losses at each size (W,)."""
        return self.observations.samples

    @property
    def excluded(self) -> int:
        """Return how many networks were left out."""
        return self.observations.table.excluded

    @property
    def diverged(self) -> int:
        """Return how many networks diverged, left out or counted as infinite."""
        return self.observations.table.diverged

    @property
    def statistic(self) -> str:
        """Return the name of the statistic."""
        return self.observations.statistic.name

    @property
    def loss(self) -> str:
        """Return the name of the losses: "loss", or another variable such as "held_out_loss"."""
        return self.observations.table.loss
