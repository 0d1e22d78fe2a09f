"""Which surface is fitted: its variables, what groups share, a known floor, a product."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .columns import Table
from .layout import arrange
from .model import Surface


@dataclass(frozen=True)
class Form:
    """The form of a surface.

    Attributes
    ----------
    names : k of str
        Its variables.
    shared : tuple of {"exponents", "amplitudes", "floor"}
        What all groups have in common.
    limits : tuple of float, optional
        The known floor of each group, in the losses' unit.
    pair : (str, str), optional
        The variables of a product.
    one_exponent : bool
        All variables have the same.
    """

    names: tuple[str, ...]
    shared: tuple[str, ...] = ("exponents",)
    limits: tuple[float, ...] | None = None
    pair: tuple[str, str] | None = None
    one_exponent: bool = False

    def surface(self, table: Table) -> Surface:
        """Return the model of a table's rows, in the order of the fit."""
        at = [table.names.index(name) for name in self.names]
        pair = (
            None
            if self.pair is None
            else (self.names.index(self.pair[0]), self.names.index(self.pair[1]))
        )
        layout = arrange(
            self.names,
            table.labels,
            shared=self.shared,
            one_exponent=self.one_exponent,
            known=self.limits is not None,
            pair=pair,
        )
        known = None
        if self.limits is not None:
            known = np.array(self.limits) * np.exp(-table.unit)
        return Surface(layout, table.logs[at], table.groups[table.order], known)

    def equation(self) -> str:
        """Return the equation in words.

        Examples
        --------
        >>> Form(("N", "D"), pair=("N", "D")).equation()
        'E + A_N / N^alpha_N + A_D / D^alpha_D + C / (N^alpha_N D^alpha_D)'
        """
        power = {name: "alpha" if self.one_exponent else f"alpha_{name}" for name in self.names}
        parts = [f"A_{name} / {name}^{power[name]}" for name in self.names]
        if self.limits is None or any(self.limits):
            parts.insert(0, "E")
        if self.pair is not None:
            parts.append(f"C / ({' '.join(f'{name}^{power[name]}' for name in self.pair)})")
        return " + ".join(parts)

    def rivals(self, groups: int) -> dict[str, Form]:
        """Return the forms to compare with, by what they do differently."""
        found: dict[str, Form] = {}
        if self.pair is not None:
            found["without the product"] = replace(self, pair=None)
        elif len(self.names) == 2:
            found["with a product"] = replace(self, pair=(self.names[0], self.names[1]))
        if len(self.names) > 1:
            for name in self.names:
                rest = tuple(each for each in self.names if each != name)
                pair = None if self.pair is not None and name in self.pair else self.pair
                found[f"without {name}"] = replace(self, names=rest, pair=pair)
            found["with one exponent"] = replace(self, one_exponent=True)
        if self.limits is None:
            found["without a floor"] = replace(self, limits=(0.0,) * groups)
        if groups > 1:
            rest = tuple(each for each in self.shared if each != "exponents")
            if "exponents" in self.shared:
                found["with exponents of each group"] = replace(self, shared=rest)
            else:
                found["with shared exponents"] = replace(self, shared=("exponents", *rest))
        if self.one_exponent:
            del found["with one exponent"]
        return found
