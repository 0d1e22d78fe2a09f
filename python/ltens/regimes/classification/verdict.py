"""The verdict on a curve, with its evidence, as text and as plain numbers."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .curve_evidence import Measured

VERDICTS = ("variance-limited", "resolution-limited", "crossover", "neither", "undecided")


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
    sizes: NDArray[np.float64] = field(repr=False)
    losses: NDArray[np.float64] = field(repr=False)
    errors: NDArray[np.float64] = field(repr=False)
    irreducible: float = 0.0
    level: float = 0.95
    statistic: str = "mean"

    def summary(self) -> str:
        """Return the verdict and its evidence as text."""
        per_cent = f"{100 * self.level:g} %"
        lines = [
            f"{self.verdict}: {self.reason}",
            f"  sizes                  {len(self.sizes)}, from {self.sizes[0]:g} to "
            f"{self.sizes[-1]:g}",
            f"  exponent of L          {self.slope}  {per_cent}",
        ]
        if self.above is not None and self.limit is not None:
            kind = "known" if self.limit_known else "fitted"
            low, high = (100 * share for share in self.shares)
            lines += [
                f"  exponent of L - limit  {self.above}  {per_cent}, {self.above.model}; "
                f"p(1) = {self.p_one:.2g}",
                f"  limit                  {self.limit:.4g} ({kind}): {low:.0f} % of the loss at "
                f"the smallest size, {high:.0f} % at the largest",
            ]
        lines += ["", f"  {'law':<26}{'dAICc':>8}{'exponent':>10}  equation"]
        lines += [
            f"  {row.model:<26}{_number(row.difference):>8}{_number(row.exponent):>10}  "
            f"{row.equation}"
            for row in self.rivals
        ]
        return "\n".join(lines + [f"  ! {warning}" for warning in self.warnings])

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain values, ready for JSON; None stands for no number."""
        return {
            "verdict": self.verdict,
            "reason": self.reason,
            "slope": _plain(asdict(self.slope)),
            "above": None if self.above is None else _plain(asdict(self.above)),
            "p_one": _finite(self.p_one),
            "limit": self.limit,
            "limit_known": self.limit_known,
            "shares": [_finite(share) for share in self.shares],
            "irreducible": self.irreducible,
            "level": self.level,
            "statistic": self.statistic,
            "rivals": [_plain(asdict(row)) for row in self.rivals],
            "warnings": list(self.warnings),
            "sizes": self.sizes.tolist(),
            "losses": self.losses.tolist(),
            "errors": [_finite(value) for value in self.errors.tolist()],
        }

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        return f"<Classification {self.verdict}>"


def _number(value: float) -> str:
    return f"{value:.3g}" if math.isfinite(value) else "-"


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: _finite(v) if isinstance(v, float) else v for key, v in row.items()}
