"""Approach 2 of Hoffmann et al.: parabolas at fixed compute, with the bias that they have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..._typing import Floats, Ints
from ...tables import interval as shown
from ...tables import listing
from ...validation import positive, share
from ..kept_law import KeptLaw
from ..run_table import RunTable
from .columns import Table
from .fit_runs import fit_surface
from .law import SurfaceLaw

_ALIKE = 0.05  # of log compute: runs of one budget
_FEWEST = 4  # runs of a budget: one more than a parabola has coefficients
_BUDGETS = 3


@dataclass(frozen=True, eq=False)
class IsoFlop(KeptLaw):
    """Where parabolas of loss against log size are lowest at each budget, and how that grows.

    Attributes
    ----------
    names : (str, str)
    cost : float
        compute = cost * first * second.
    compute, best : (M,) float64
        The budgets and the first size of lowest loss at each.
    inside : (M,) bool
        Whether that size is within the runs of its budget, not beyond.
    exponent : float
        best grows as compute to this power.
    standard_error : float
        Of the line through the logarithms.
    bias : float
        What the same parabolas give for the noiseless losses of `law` at the same sizes, less that
        law's own allocation. A parabola is no sum of two powers (arXiv 2603.22339): its lowest
        point is off by as much at each budget, and the slope right, only where the runs stand about
        the lowest loss alike at each.
    law : SurfaceLaw
        Fitted to the same runs.
    """

    names: tuple[str, str]
    cost: float
    compute: Floats
    best: Floats
    inside: NDArray[np.bool_]
    exponent: float
    standard_error: float
    bias: float
    law: SurfaceLaw = field(repr=False)

    @property
    def used(self) -> NDArray[np.bool_]:
        """Return which budgets (M,) enter the exponent: all."""
        return np.ones(len(self.compute), np.bool_)

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the interval of the line's slope, bias aside, by the scatter of the minima."""
        from scipy.special import stdtrit

        wanted = share(level, "level")
        half = float(stdtrit(len(self.compute) - 2, (1 + wanted) / 2)) * self.standard_error
        return self.exponent - half, self.exponent + half

    def summary(self, level: float = 0.95) -> str:
        """Return the exponent, its bias and that of the surface as text."""
        first = self.names[0]
        rows = [
            (
                "parabolas",
                f"{first} ~ compute^{self.exponent:.3f}  {shown(self.interval(level), '.3f')}",
            ),
            ("bias", f"{self.bias:+z.3f} on noiseless losses of the surface"),
            (
                "surface",
                f"{first} ~ compute^{self.law.allocation:.3f}  "
                f"{shown(self.law.interval('allocation', level), '.3f')}",
            ),
        ]
        beyond = int((~self.inside).sum())
        if beyond:
            rows.append(("!", f"{beyond} budget(s) have their lowest loss beyond their runs"))
        return listing(rows)

    def _surface(self) -> SurfaceLaw:
        return self.law

    def __str__(self) -> str:
        return self.summary()


def fit_isoflop(
    sizes: Mapping[str, ArrayLike] | RunTable,
    losses: ArrayLike | str | None = None,
    *,
    cost: float = 6.0,
) -> IsoFlop:
    """Fit a parabola of loss against log size at each budget, and a line through their minima.

    Parameters
    ----------
    sizes : mapping of str to (R,) array, or RunTable
        Two sizes.
    losses : (R,) array or str
    cost : float
        compute = cost * first * second; runs within 5 % have the same budget.

    Returns
    -------
    IsoFlop

    Raises
    ------
    ValueError
        If there are other than two sizes, or fewer than 3 budgets of 4 runs or more whose parabolas
        have a lowest point; and as `ltens.fit_surface` raises.

    Examples
    --------
    >>> budgets = np.repeat(np.geomspace(1e18, 1e21, 4), 7)
    >>> params = 0.07 * budgets**0.514 * np.tile(np.geomspace(0.2, 5, 7), 4)
    >>> tokens = budgets / 6 / params
    >>> losses = 1.8 + 480 / params**0.35 + 2100 / tokens**0.37
    >>> found = fit_isoflop({"params": params, "tokens": tokens}, losses)
    >>> abs(found.exponent - found.bias - 0.37 / 0.72) < 1e-6
    True
    """
    law = fit_surface(sizes, losses, bootstrap=0)
    if len(law.names) != 2:
        raise ValueError(f"sizes has {len(law.names)} variable(s), but IsoFLOP curves need two.")
    price = positive(cost, "cost")
    budgets = _budgets(law.table, price)
    compute, best, inside = _minima(law.table, law.losses, budgets, price)
    exponent, error = line(compute, best)
    exact = law.losses * np.exp(-law.residuals)
    noiseless = line(*_minima(law.table, exact, budgets, price)[:2])[0]
    names = law.names[0], law.names[1]
    bias = noiseless - law.allocation
    return IsoFlop(names, price, compute, best, inside, exponent, error, bias, law)


def _budgets(table: Table, cost: float) -> list[Ints]:
    """Return the rows of each budget with enough runs."""
    compute = np.log(cost) + np.log(table.sizes).sum(axis=0)
    order = np.argsort(compute, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(compute[order]) > _ALIKE) + 1)
    found = [
        part for part in parts if len(part) >= _FEWEST and len(np.unique(table.sizes[0, part])) > 2
    ]
    if len(found) < _BUDGETS:
        raise ValueError(
            f"sizes has {len(found)} budget(s) of {_FEWEST} runs or more, but needs at least "
            f"{_BUDGETS}: runs within 5 % of compute share one."
        )
    return found


def _minima(
    table: Table, losses: Floats, budgets: list[Ints], cost: float
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return compute, the size of lowest loss, and whether it is inside, of each budget (M,)."""
    found = []
    for rows in budgets:
        x = np.log(table.sizes[0, rows])
        middle, scale = x.mean(), x.std()
        bend, slope, _ = np.polyfit((x - middle) / scale, losses[rows] / losses[rows].mean(), 2)
        if bend <= 0:
            continue
        best = middle - scale * slope / (2 * bend)
        spent = np.exp(np.log(table.sizes[:, rows]).sum(axis=0).mean())
        found.append((cost * spent, np.exp(best), float(x.min() <= best <= x.max())))
    if len(found) < _BUDGETS:
        raise ValueError(
            f"losses bend upwards at {len(found)} budget(s), but at least {_BUDGETS} parabolas "
            "need a lowest point."
        )
    compute, best_sizes, inside = np.array(found).T
    return compute, best_sizes, inside > 0


def line(compute: Floats, best: Floats) -> tuple[float, float]:
    """Return the slope of log size on log compute and its standard error."""
    x, y = np.log(compute), np.log(best)
    centred = x - x.mean()
    slope = float(centred @ y / (centred @ centred))
    rest = y - y.mean() - slope * centred
    return slope, float(np.sqrt(rest @ rest / (len(x) - 2) / (centred @ centred)))
