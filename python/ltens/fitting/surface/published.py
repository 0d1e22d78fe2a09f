"""The coefficients of the published equation, in the user's units, and their intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..._typing import Floats, Ints
from .calibration import allowed_rise
from .columns import Table
from .model import ABSENT
from .profile import profile_ends
from .quantities import Allocations, Combinations, Products, Quantities
from .search import Fitted

ALLOCATION = "allocation"
_ENDLESS = 230.0  # log of an amplitude, 1e100, that no exponent with an end can have


@dataclass(frozen=True, eq=False)
class Family:
    """Some coefficients: their names, the functions of theta, and what these are in user's units.

    Attributes
    ----------
    names : tuple of str
    quantities : Quantities
    published : callable
        Takes values (..., M) of the functions.
    limits : (M, 2) float64
        The ends of an interval that has none.
    vanished : callable, optional
        Takes ends (B, M) and (B, M), says at which lower ends (B, M) nothing is left of a part.
    """

    names: tuple[str, ...]
    quantities: Quantities
    published: Callable[[Floats], Floats]
    limits: Floats
    vanished: Callable[[Floats, Floats], NDArray[np.bool_]] | None = None

    def values(self, theta: Floats) -> dict[str, Floats]:
        """Return the coefficients (B,) of theta (B, p) by name."""
        count = len(self.names)
        problem, which = (at.ravel() for at in np.indices((len(theta), count)))
        with np.errstate(all="ignore"):
            found = self.published(self.quantities.of(theta[problem], which).reshape(-1, count))
        return dict(zip(self.names, found.T, strict=True))


def families(fitted: Fitted, table: Table) -> list[Family]:
    """Return the coefficients of a fit, and what its first two variables get of compute."""
    layout = fitted.surface.layout
    logs = np.log([table.smallest[table.names.index(name)] for name in layout.names])
    found = [_coefficients(fitted, table, logs)]
    if layout.pair is not None:
        found.append(_products(fitted, table, logs))
    elif len(layout.names) > 1 and len(np.unique(layout.exponent)) > 1:
        found.append(_allocations(layout.exponent, layout.groups))
    return found


def intervals(
    fitted: Fitted, table: Table, family: Family, level: float
) -> dict[str, tuple[Floats, Floats]]:
    """Return the profile interval's ends (B,) and (B,) of each coefficient of a family."""
    units = None if table.trainings is None else table.trainings[table.order]
    rise = allowed_rise(fitted, family.quantities, level, units)
    low, high = profile_ends(fitted, family.quantities, rise)
    with np.errstate(over="ignore"):
        ends = [family.published(end) for end in (low, high)]
    if family.vanished is not None:
        low = np.where(family.vanished(low, high), -np.inf, low)
    below, above = (
        np.where(np.isinf(inner), family.limits[:, side], end)
        for side, (inner, end) in enumerate(zip((low, high), ends, strict=True))
    )
    return {name: (below[:, k], above[:, k]) for k, name in enumerate(family.names)}


def _coefficients(fitted: Fitted, table: Table, logs: Floats) -> Family:
    """Return exponents and floors as they stand, log amplitudes at sizes of 1."""
    layout = fitted.surface.layout
    slots = [at for at in range(layout.size) if at not in set(layout.product.tolist())]
    matrix = np.eye(layout.size)
    for amplitudes, exponents, log in zip(layout.amplitude, layout.exponent, logs, strict=True):
        matrix[amplitudes, exponents] = log
    is_amplitude = np.isin(slots, layout.amplitude)
    is_floor = np.isin(slots, layout.floor)
    scale = np.where(is_floor, np.exp(table.unit), 1.0)

    def published(values: Floats) -> Floats:
        logs = np.where(is_amplitude, values + table.unit, 0.0)
        powers = np.exp(np.where(logs > _ENDLESS, np.inf, logs))
        return np.asarray(np.where(is_amplitude, powers, values * scale))

    def vanished(low: Floats, high: Floats) -> NDArray[np.bool_]:
        """Say where log A is so low that its part has gone, even at the smallest sizes."""
        found = np.zeros(low.shape, np.bool_)
        for amplitudes, exponents, log in zip(layout.amplitude, layout.exponent, logs, strict=True):
            for amplitude, exponent in zip(amplitudes, exponents, strict=True):
                at, other = slots.index(amplitude), slots.index(exponent)
                steepest = np.maximum((low if log > 0 else high)[:, other], 0.0) * log
                found[:, at] = low[:, at] - steepest < ABSENT / 2
        return found

    limits = np.tile([0.0, np.inf], (len(slots), 1))
    names = tuple(layout.labels[at] for at in slots)
    return Family(names, Combinations(matrix[slots]), published, limits, vanished)


def _products(fitted: Fitted, table: Table, logs: Floats) -> Family:
    layout = fitted.surface.layout
    assert layout.pair is not None
    slots, groups = np.unique(layout.product, return_index=True)
    quantities = Products(fitted.surface, logs[list(layout.pair)], slots, groups)
    limits = np.tile([-np.inf, np.inf], (len(slots), 1))
    names = tuple(layout.labels[at] for at in slots)
    return Family(names, quantities, lambda values: values * np.exp(table.unit), limits)


def _allocations(exponent: Ints, groups: tuple[str, ...]) -> Family:
    pairs, first = np.unique(exponent[:2].T, axis=0, return_index=True)
    names = [ALLOCATION] if len(pairs) == 1 else [f"{ALLOCATION}[{groups[g]}]" for g in first]
    limits = np.tile([0.0, 1.0], (len(pairs), 1))
    return Family(tuple(names), Allocations(pairs), np.asarray, limits)
