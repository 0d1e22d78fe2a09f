"""Which coefficient of a surface stands where in theta."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..._typing import Ints

SHARED = ("exponents", "amplitudes", "floor")


@dataclass(frozen=True, eq=False)
class Layout:
    """The coefficients of E + sum_i A_i / x_i^alpha_i (+ C / (x_i^alpha_i x_j^alpha_j)).

    Attributes
    ----------
    names : k of str
        Of the variables.
    groups : G of str
        Of the groups; one without a name where there are none.
    amplitude, exponent : (k, G) int64
        Where log A_i and alpha_i of each group stand.
    floor : (G,) int64
        Where E stands; empty where it is known.
    product : (G,) int64
        Where C stands; empty where there is no such part.
    pair : (int, int) or None
        The two variables of the product.
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    amplitude: Ints
    exponent: Ints
    floor: Ints
    product: Ints
    pair: tuple[int, int] | None

    @property
    def size(self) -> int:
        """Return the number of coefficients."""
        return len(self.labels)

    @cached_property
    def own(self) -> Ints:
        """Return how many coefficients each group (G,) has that no other has."""
        slots = [self.amplitude, self.exponent]
        slots += [each[None] for each in (self.floor, self.product) if each.size]
        used = [np.unique(column) for column in np.concatenate(slots).T]
        shared = np.bincount(np.concatenate(used), minlength=self.size)
        return np.array([int((shared[column] == 1).sum()) for column in used])

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Return the name of each coefficient, in the order of theta."""
        found: dict[int, str] = {}
        for slots, heads in (
            (self.exponent, [f"alpha_{name}" for name in self.names]),
            (self.amplitude, [f"A_{name}" for name in self.names]),
            (self.floor.reshape(-1, len(self.groups)), ["E"]),
            (self.product.reshape(-1, len(self.groups)), ["C"]),
        ):
            for slot in np.unique(slots):
                found[int(slot)] = _label(slots == slot, heads, self.groups)
        return tuple(found[slot] for slot in sorted(found))


def arrange(
    names: tuple[str, ...],
    groups: tuple[str, ...] = ("",),
    *,
    shared: tuple[str, ...] = ("exponents",),
    one_exponent: bool = False,
    known: bool = False,
    pair: tuple[int, int] | None = None,
) -> Layout:
    """Return a layout.

    Parameters
    ----------
    names, groups : tuple of str
    shared : tuple of {"exponents", "amplitudes", "floor"}
        What all groups have in common; the rest is each group's own.
    one_exponent : bool
        All variables have the same exponent.
    known : bool
        The floor is no coefficient.
    pair : (int, int), optional
        The variables of a product.

    Examples
    --------
    >>> arrange(("N", "D")).labels
    ('A_N', 'alpha_N', 'A_D', 'alpha_D', 'E')
    >>> arrange(("N",), ("a", "b")).labels
    ('A_N[a]', 'A_N[b]', 'alpha_N', 'E[a]', 'E[b]')
    """
    amplitude, exponent = (np.zeros((len(names), len(groups)), np.int64) for _ in range(2))
    count = 0
    for i in range(len(names)):
        amplitude[i], count = _slots(count, len(groups), "amplitudes" in shared)
        if i and one_exponent:
            exponent[i] = exponent[0]
        else:
            exponent[i], count = _slots(count, len(groups), "exponents" in shared)
    floor = product = np.zeros(0, np.int64)
    if not known:
        floor, count = _slots(count, len(groups), "floor" in shared)
    if pair is not None:
        product, count = _slots(count, len(groups), "amplitudes" in shared)
    return Layout(names, groups, amplitude, exponent, floor, product, pair)


def _slots(first: int, groups: int, common: bool) -> tuple[Ints, int]:
    """Return where a coefficient of each group stands, and the next free place."""
    if common:
        return np.full(groups, first), first + 1
    return np.arange(first, first + groups), first + groups


def _label(at: NDArray[np.bool_], heads: list[str], groups: tuple[str, ...]) -> str:
    """Return the name of a coefficient that stands in the variables and groups (k, G) `at`."""
    head = heads[int(np.flatnonzero(at.any(axis=1))[0])]
    if at.any(axis=1).sum() > 1:
        head = head.partition("_")[0]
    owners = np.flatnonzero(at.any(axis=0))
    return head if len(owners) == len(groups) else f"{head}[{groups[int(owners[0])]}]"
