"""What is fitted: the statistic of the losses at each size, in logarithms, with its variance."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from .._typing import Floats, Ints
from .loss_table import LossTable
from .moderation import moderated
from .statistic import Statistic

_ROUNDING = 1e-14  # of a logarithm: losses that differ by less are equal
FEWEST_SIZES = 3  # two points lie on a line whatever the law


@dataclass(frozen=True, eq=False)
class Observations:
    """Statistics of a table, ready to be fitted.

    Attributes
    ----------
    table : LossTable
    statistic : Statistic
    losses : (W,) float64
        The statistic at each size.
    variances : (W,) float64 or None
        Of its logarithm, moderated across sizes; None unless every size has two losses or more
        that differ somewhere.
    degrees : (W,) float64
        Degrees of freedom of the variances.
    """

    table: LossTable
    statistic: Statistic
    losses: Floats
    variances: Floats | None
    degrees: Floats
    samples: Ints = field(repr=False)

    @property
    def u(self) -> Floats:
        """Return log(size / smallest size), (W,)."""
        return log_ratio(self.table.sizes, float(self.table.sizes[0]))

    @property
    def y(self) -> Floats:
        """Return the logarithms as a batch of one, (1, W)."""
        return np.log(self.losses)[None]

    def part(self, start: int, stop: int) -> Observations:
        """Return the observations at the sizes start ... stop - 1, with the same variances."""
        if (start, stop) == (0, len(self.losses)):
            return self
        kept = slice(start, stop)
        table = replace(self.table, sizes=self.table.sizes[kept], losses=self.table.losses[kept])
        return Observations(
            table,
            self.statistic,
            self.losses[kept],
            None if self.variances is None else self.variances[kept],
            self.degrees[kept],
            self.samples[kept],
        )

    @property
    def batch_variances(self) -> Floats | None:
        """Return the variances as a batch of one, (1, W)."""
        return None if self.variances is None else self.variances[None]


def log_ratio(sizes: Floats, smallest: float) -> Floats:
    """Return log(size / smallest); also where the ratio is no float, over 600 decades.

    Examples
    --------
    >>> log_ratio(np.array([1e300]), 1e-300).round(3)
    array([1381.551])
    """
    with np.errstate(over="ignore", under="ignore", divide="ignore", invalid="ignore"):
        ratio = sizes / smallest
        whole = (ratio > 0) & (ratio < np.inf)
        return np.where(whole, np.log(ratio), np.log(sizes) - np.log(smallest))


def observe(table: LossTable, statistic: Statistic) -> Observations:
    """Return the observations of a table.

    Raises
    ------
    ValueError
        If there are fewer than 3 different sizes, or a size or loss has no logarithm.
    """
    check(table)
    losses = np.array([statistic.of(row) for row in table.losses])
    if not np.isfinite(losses).all():
        worst = table.sizes[~np.isfinite(losses)][0]
        raise ValueError(
            f"the {statistic.name} at size {worst:g} is infinite because so many "
            f"{table.noun}s diverged, but must be finite: leave that size out."
        )
    samples = np.array([len(row) for row in table.losses], dtype=np.int64)
    if samples.min() < 2:
        return Observations(table, statistic, losses, None, np.zeros(len(losses)), samples)
    raw = np.array([statistic.log_variance(row) for row in table.losses])
    degrees = np.array([statistic.degrees(int(count)) for count in samples])
    # Per seed, so that sizes with different numbers of seeds can be compared.
    seeds = samples.astype(np.float64)
    variances = moderated((raw * seeds)[None], degrees[None])[0] / seeds
    known = variances if raw.max() > _ROUNDING**2 else None
    return Observations(table, statistic, losses, known, degrees, samples)


def check(table: LossTable) -> None:
    """Raise ValueError unless a line can be drawn through the logarithms."""
    sizes = table.sizes
    wrong = sizes[~((sizes > 0) & (sizes < np.inf))]
    if len(wrong):
        raise ValueError(f"sizes holds {wrong[0]}, but every size must be positive and finite.")
    if len(sizes) < FEWEST_SIZES:
        raise ValueError(
            f"data has {len(sizes)} different {table.label.removesuffix('s')}(s) with a finished "
            f"{table.noun}, but a fit needs at least {FEWEST_SIZES}."
        )
    for size, row in zip(sizes, table.losses, strict=True):
        if row.min() <= 0:
            raise ValueError(
                f"losses holds {row.min()} at size {size:g}, but every loss must be positive to "
                "have a logarithm."
            )
