"""The verdict on a curve, with its evidence, as text and as plain numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from ..._typing import Floats
from ...tables import listing, number, plain, text
from .curve_evidence import Measured


@dataclass(frozen=True)
class Rival:
    """How one law does on the curve.

    Attributes
    ----------
    model, equation : str
    exponent : float
        NaN for a law without one.
    difference : float
        AICc less the lowest of all; infinite where there are too few sizes for it.
    """

    model: str
    equation: str
    exponent: float
    difference: float


@dataclass(frozen=True, eq=False)
class Classification:
    """What `classify` found.

    Attributes
    ----------
    verdict : str
        "variance-limited", "resolution-limited", "crossover", "neither" or "undecided".
    reason : str
        Why, in a sentence or two.
    slope : Measured
        Exponent of the loss itself.
    above : Measured or None
        Exponent of the loss less its limit; None if there was no telling.
    p_one : float
        p-value of exponent 1 above the limit; NaN if it was not tested.
    limit : float or None
        The loss at infinite size: given, or fitted.
    limit_known : bool
    shares : (float, float)
        The limit's share of the loss at the smallest and the largest size.
    rivals : tuple of Rival
        The laws tried, lowest AICc first.
    warnings : tuple of str
    sizes, losses : (K,) float64
        The statistic at each size, with the irreducible loss taken off.
    errors : (K,) float64
        Standard errors of log loss; NaN without replicates.
    irreducible, level : float
    statistic : str
    replicates : (int, int)
        Fewest and most losses of a size.
    """

    verdict: str
    reason: str
    slope: Measured
    above: Measured | None
    p_one: float
    limit: float | None
    limit_known: bool
    shares: tuple[float, float]
    rivals: tuple[Rival, ...]
    warnings: tuple[str, ...]
    sizes: Floats = field(repr=False)
    losses: Floats = field(repr=False)
    errors: Floats = field(repr=False)
    irreducible: float = 0.0
    level: float = 0.95
    statistic: str = "mean"
    replicates: tuple[int, int] = (1, 1)

    def summary(self) -> str:
        """Return the verdict and its evidence as text."""
        per_cent = f"{100 * self.level:g} %"
        facts = [("exponent of L", f"{self.slope}  {per_cent}")]
        if self.above is not None and self.limit is not None:
            kind = "known" if self.limit_known else "fitted"
            low, high = (100 * share for share in self.shares)
            above = f"{self.above}  {per_cent}, {self.above.model}; p(1) = {self.p_one:.2g}"
            share = f"{low:.0f} % of the loss at the smallest size, {high:.0f} % at the largest"
            facts += [
                ("exponent of L - limit", above),
                ("limit", f"{self.limit:.4g} ({kind}): {share}"),
            ]
        heads = ("law", "dAICc", "exponent", "equation")
        rows = [
            (row.model, number(row.difference), number(row.exponent), row.equation)
            for row in self.rivals
        ]
        lines = [self.looked_at, f"{self.verdict}: {self.reason}"]
        lines += [listing(facts, indent="  "), ""]
        lines.append(text(heads, rows, indent="  "))
        return "\n".join(lines + [f"  ! {warning}" for warning in self.warnings])

    @property
    def looked_at(self) -> str:
        """Which statistic of which loss at which sizes."""
        fewest, most = self.replicates
        count = f"{fewest}" if fewest == most else f"{fewest} to {most}"
        of = "loss" if most == 1 else f"{self.statistic} loss of {count} replicates"
        above = f" above {self.irreducible:g}" if self.irreducible else ""
        sizes = f"{len(self.sizes)} sizes, x = {self.sizes[0]:g} to {self.sizes[-1]:g}"
        return f"{of}{above} at {sizes}"

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain values, ready for JSON; None stands for no number."""
        found = {
            "verdict": self.verdict,
            "reason": self.reason,
            "slope": asdict(self.slope),
            "above": None if self.above is None else asdict(self.above),
            "p_one": self.p_one,
            "limit": self.limit,
            "limit_known": self.limit_known,
            "shares": self.shares,
            "irreducible": self.irreducible,
            "level": self.level,
            "statistic": self.statistic,
            "replicates": self.replicates,
            "rivals": [asdict(row) for row in self.rivals],
            "warnings": self.warnings,
            "sizes": self.sizes,
            "losses": self.losses,
            "errors": self.errors,
        }
        return dict(plain(found))

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        return f"<Classification {self.verdict}>"
