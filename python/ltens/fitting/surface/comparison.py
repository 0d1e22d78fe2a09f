"""Surfaces laid beside each other: AICc, errors on runs left out, and beyond the runs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..._typing import Floats
from ...tables import plain
from ..likelihood import corrected_criterion
from .calibration import scale
from .columns import Table
from .form import Form
from .search import SHORT, Fitted, fit_rows

_FOLDS = 10
_LAST = 0.75  # share of the units, smallest first, that predict the rest


@dataclass(frozen=True)
class SurfaceAlternative:
    """How one form of surface does on the same runs.

    Attributes
    ----------
    form : str
        What it does differently.
    parameters : int
    criterion : float
        AICc of a noise whose log density is Huber's function; NaN with `runs=`, where rows are not
        independent.
    difference : float
        `criterion` less the lowest.
    chance : float
        Of a form with more coefficients than the fitted one: how often it would fit so much better
        if the fitted form held; of one with fewer, how often the fitted one would if that held. An
        F test of the costs; NaN with `runs=`, and of the fitted form itself.
    left_out : float
        Root mean square of log10(loss / prediction) over tenths of the runs left out in turn.
    extrapolation : float
        The same over the quarter of the runs with the largest product of sizes.
    exponents : dict
    """

    form: str
    parameters: int
    criterion: float
    difference: float
    chance: float
    left_out: float
    extrapolation: float
    exponents: dict[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers for JSON; None where there is none."""
        return dict(plain(asdict(self)))


def compare(table: Table, form: Form, fitted: Fitted) -> tuple[SurfaceAlternative, ...]:
    """Return the fitted form and its rivals, the likeliest first."""
    fits = {"as fitted": fitted}
    for name, rival in form.rivals(len(table.labels)).items():
        surface = rival.surface(table)
        if surface.layout.size < len(table.losses):
            fits[name] = fit_rows(surface, fitted.y, fitted.weights, fitted.huber, patience=SHORT)
    criteria = {name: _criterion(each, table) for name, each in fits.items()}
    lowest = min(criteria.values())
    rows = [
        SurfaceAlternative(
            form=name,
            parameters=each.surface.layout.size,
            criterion=criteria[name],
            difference=criteria[name] - lowest,
            chance=_chance(fitted, each, table),
            left_out=_error(each, _folds(table)),
            extrapolation=_error(each, _largest(table)),
            exponents=_exponents(each),
        )
        for name, each in fits.items()
    ]
    if table.trainings is not None:
        return tuple(sorted(rows, key=lambda row: row.left_out))
    return tuple(sorted(rows, key=lambda row: (row.criterion, row.parameters)))


def _exponents(fitted: Fitted) -> dict[str, float]:
    layout = fitted.surface.layout
    return {layout.labels[at]: float(fitted.theta[0, at]) for at in np.unique(layout.exponent)}


def _chance(fitted: Fitted, other: Fitted, table: Table) -> float:
    """Return the p-value of the larger of two forms, one of which contains the other."""
    from scipy.special import fdtrc

    small, large = sorted((fitted, other), key=lambda each: each.surface.layout.size)
    added = large.surface.layout.size - small.surface.layout.size
    if table.trainings is not None or not added:
        return float("nan")
    degrees = large.y.shape[1] - large.surface.layout.size
    noise = max(float(scale(large)[0]), _rounding(large) ** 2)
    gain = max(float(small.cost[0] - large.cost[0]), 0.0)
    return float(fdtrc(added, degrees, gain / added / noise))


def _rounding(fitted: Fitted) -> float:
    """Return the least residual: losses are known to rounding at best."""
    return float(1e-15 * (1 + np.abs(fitted.y).max()))


def _criterion(fitted: Fitted, table: Table) -> float:
    if table.trainings is not None:
        return float("nan")
    rows = fitted.y.shape[1]
    least = rows * _rounding(fitted) ** 2  # an exact fit is not infinitely likely
    deviance = deviance_of(max(float(fitted.cost[0]), least), rows, fitted.huber)
    return float(corrected_criterion(np.array([deviance]), fitted.surface.layout.size, rows)[0])


def deviance_of(cost: float, rows: int, huber: float | None) -> float:
    r"""Return -2 log likelihood of noise of density exp(-rho / s) / Z(s), s at its best.

    With Huber's threshold h, Z(s) = sqrt(2 pi s) erf(h / sqrt(2 s)) + 2 s / h exp(-h^2 / (2 s)).

    Examples
    --------
    >>> round(deviance_of(4.0, 4, None), 6)  # normal, variance 1: 4 (log(2 pi) + 1)
    11.351508
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import erf

    if huber is None:
        return float(rows * (np.log(2 * np.pi * cost / rows) + 1))

    def deviance(log_scale: float) -> float:
        s = np.exp(log_scale)
        edge = huber / np.sqrt(2 * s)
        z = np.sqrt(2 * np.pi * s) * erf(edge) + 2 * s / huber * np.exp(-(edge**2))
        return float(cost / s + 2 * rows * np.log(z))

    middle = np.log(cost / rows)
    found = minimize_scalar(deviance, bounds=(middle - 3, middle + 3), method="bounded")
    return float(found.fun)


def _folds(table: Table) -> Floats:
    """Return which rows count (F, R) as tenths of the units are left out in turn."""
    units = table.units[table.order]
    _, first = np.unique(units, return_index=True)
    place = np.empty(len(first), np.int64)
    place[np.argsort(first)] = np.arange(len(first))
    fold = place[units] % min(_FOLDS, len(first))
    return np.asarray(fold != np.arange(fold.max() + 1)[:, None], dtype=np.float64)


def _largest(table: Table) -> Floats:
    """Return which rows count (1, R) without the quarter of the largest product of sizes."""
    size = table.logs.sum(axis=0)
    return np.asarray(size <= np.quantile(size, _LAST), dtype=np.float64)[None]


def _error(fitted: Fitted, used: Floats) -> float:
    """Return the root mean square log10 error where `used` (F, R) is 0."""
    if used.sum(axis=1).min() <= fitted.theta.shape[1] or used.all():
        return float("nan")
    y = np.broadcast_to(fitted.y, used.shape)
    begin = np.broadcast_to(fitted.theta, (len(used), 1, fitted.theta.shape[1]))
    theta = fit_rows(fitted.surface, y, used, fitted.huber, begin, patience=SHORT).theta
    wrong = (y - fitted.surface.curve(fitted.surface.logs, theta)[0])[used == 0]
    return float(np.sqrt(np.mean(wrong**2)) / np.log(10))
