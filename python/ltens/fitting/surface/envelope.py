"""Approach 1 of Hoffmann et al.: the envelope of training curves, with the bias that it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..._typing import Floats
from ...tables import interval as shown
from ...tables import listing
from ...validation import positive, share
from ..run_table import RunTable
from .columns import Table
from .fit_runs import fit_surface
from .isoflop import line
from .law import SurfaceLaw

_BUDGETS = 100  # over the compute that trainings have in common; 1,500 of the authors say the same
_FEWEST = 4  # trainings
_LEAST = 3  # budgets whose best training is neither the smallest nor the largest


@dataclass(frozen=True, eq=False)
class Envelope:
    """Which training has the lowest loss for each compute, and how its size grows with compute.

    Attributes
    ----------
    names : (str, str)
    cost : float
        compute = cost * first * second.
    compute, loss, best : (M,) float64
        Budgets, the lowest loss at each and the first size of the training that has it.
    inside : (M,) bool
        Whether a smaller and a larger training are there to compare with; the others are the edge
        of the runs and do not enter the exponent.
    exponent : float
        best grows as compute to this power.
    standard_error : float
        Of the exponent, by the jackknife over trainings; NaN where one cannot be spared.
    bias : float
        What the same envelope gives for the noiseless losses of `law` at the same rows, less that
        law's own allocation: trainings come in few sizes, and stop where they stop. NaN where these
        have too few trainings about their lowest loss.
    trainings : int
    law : SurfaceLaw
        Fitted to the same rows, trainings as the unit.
    """

    names: tuple[str, str]
    cost: float
    compute: Floats
    loss: Floats
    best: Floats
    inside: NDArray[np.bool_]
    exponent: float
    standard_error: float
    bias: float
    trainings: int
    law: SurfaceLaw = field(repr=False)

    @property
    def used(self) -> NDArray[np.bool_]:
        """Return which budgets (M,) enter the exponent."""
        return self.inside

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return an interval of the exponent, bias aside, by the jackknife over trainings."""
        from scipy.special import stdtrit

        wanted = share(level, "level")
        half = float(stdtrit(self.trainings - 1, (1 + wanted) / 2)) * self.standard_error
        return self.exponent - half, self.exponent + half

    def summary(self, level: float = 0.95) -> str:
        """Return the exponent, its bias and that of the surface as text."""
        first = self.names[0]
        ends = self.law.interval("allocation", level)
        rows = [
            (
                "envelope",
                f"{first} ~ compute^{self.exponent:.3f}  {shown(self.interval(level), '.3f')}",
            ),
            ("bias", f"{self.bias:+z.3f} on noiseless losses of the surface"),
            ("surface", f"{first} ~ compute^{self.law.allocation:.3f}  {shown(ends, '.3f')}"),
        ]
        beyond = int((~self.inside).sum())
        if beyond:
            rows.append(
                ("!", f"{beyond} of {len(self.inside)} budgets have the smallest or largest best")
            )
        return listing(rows)

    def __str__(self) -> str:
        return self.summary()


def fit_envelope(
    sizes: Mapping[str, ArrayLike] | RunTable,
    losses: ArrayLike | str | None = None,
    *,
    runs: ArrayLike | str | None = None,
    cost: float = 6.0,
) -> Envelope:
    """Find the training of lowest loss for each compute, and a line through their sizes.

    Each training's loss is interpolated between its checkpoints, a straight line in the logarithms,
    at 100 budgets. Only checkpoints that are as good as the end of a training of that length (a
    constant rate, or a decay for each) say what compute buys: see docs/guide/surfaces.md.

    Parameters
    ----------
    sizes : mapping of str to (R,) array, or RunTable
        Two sizes; the first is that of the network and the same in all rows of a training.
    losses : (R,) array or str
    runs : (R,) array or str
        Which training each row is a checkpoint of.
    cost : float
        compute = cost * first * second.

    Returns
    -------
    Envelope

    Raises
    ------
    ValueError
        If there are other than two sizes, a training whose first size changes, fewer than 4
        trainings, or fewer than 3 budgets whose best training is neither the smallest nor the
        largest; and as `ltens.fit_surface` raises.

    Examples
    --------
    >>> params, passes = (a.ravel() for a in np.meshgrid(np.geomspace(1e7, 1e10, 16),
    ...                                                  np.geomspace(2, 200, 30), indexing="ij"))
    >>> tokens = passes * params
    >>> losses = 1.8 + 480 / params**0.35 + 2100 / tokens**0.37
    >>> found = fit_envelope({"params": params, "tokens": tokens}, losses, runs=params)
    >>> round(found.exponent, 2), round(0.37 / 0.72, 2), abs(found.bias) < 0.02
    (0.51, 0.51, True)
    """
    law = fit_surface(sizes, losses, runs=runs, bootstrap=0)
    if len(law.names) != 2:
        raise ValueError(f"sizes has {len(law.names)} variable(s), but an envelope needs two.")
    price = positive(cost, "cost")
    curves = _curves(law.table, price)
    compute, loss, best, inside = _lowest(curves, law.losses)
    exponent = line(compute[inside], best[inside])[0]
    bias = _slope(curves, law.losses * np.exp(-law.residuals)) - law.allocation
    names = law.names[0], law.names[1]
    error = _jackknife(curves, law.losses)
    return Envelope(
        names, price, compute, loss, best, inside, exponent, error, bias, len(curves), law
    )


@dataclass(frozen=True, eq=False)
class _Curve:
    """A training: its size, and the rows (M,) of its checkpoints with their log compute (M,)."""

    size: float
    rows: NDArray[np.int64]
    compute: Floats


def _curves(table: Table, cost: float) -> list[_Curve]:
    if table.trainings is None:
        raise ValueError(
            "runs is missing, but must name the training of each row: an envelope is one of curves."
        )
    logs = np.log(cost) + np.log(table.sizes).sum(axis=0)
    found = []
    for at, name in enumerate(table.training_names):
        rows = np.flatnonzero(table.trainings == at)
        own = table.sizes[0, rows]
        if own.max() > own.min():
            raise ValueError(
                f"{table.names[0]} changes from {own.min():g} to {own.max():g} in training {name}, "
                "but must be the same in all rows of one."
            )
        rows = rows[np.argsort(logs[rows], kind="stable")]
        found.append(_Curve(float(own[0]), rows, logs[rows]))
    if len(found) < _FEWEST:
        raise ValueError(f"runs has {len(found)} trainings, but an envelope needs {_FEWEST}.")
    return found


def _lowest(
    curves: list[_Curve], losses: Floats
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    """Return compute, lowest loss, the size that has it, and whether it is inside, (M,) each."""
    starts, ends = np.sort([[c.compute[0], c.compute[-1]] for c in curves], axis=0).T
    budgets = np.linspace(starts[1], ends[-2], _BUDGETS)  # at least two trainings at each
    logs = np.log(losses)
    at = [
        np.interp(budgets, curve.compute, logs[curve.rows], left=np.inf, right=np.inf)
        for curve in curves
    ]
    sizes = np.array([curve.size for curve in curves])
    there = np.isfinite(at)
    best = sizes[np.argmin(at, axis=0)]
    smallest = np.where(there, sizes[:, None], np.inf).min(axis=0)
    largest = np.where(there, sizes[:, None], -np.inf).max(axis=0)
    inside = (smallest < best) & (best < largest)
    if inside.sum() < _LEAST or len(np.unique(best[inside])) < _LEAST:
        raise ValueError(
            "runs has too few trainings about the lowest loss: an envelope needs three sizes that "
            "are best at some compute with a smaller and a larger one beside them."
        )
    return np.exp(budgets), np.exp(np.min(at, axis=0)), best, inside


def _jackknife(curves: list[_Curve], losses: Floats) -> float:
    """Return the standard error of the exponent by leaving each training out; NaN if none may."""
    slopes = [
        _slope([curve for at, curve in enumerate(curves) if at != left_out], losses)
        for left_out in range(len(curves))
    ]
    return float(np.sqrt((len(slopes) - 1) * np.var(slopes)))


def _slope(curves: list[_Curve], losses: Floats) -> float:
    """Return the envelope's exponent; NaN where too few trainings are about the lowest loss."""
    try:
        compute, _, best, inside = _lowest(curves, losses)
    except ValueError:
        return float("nan")
    return line(compute[inside], best[inside])[0]
