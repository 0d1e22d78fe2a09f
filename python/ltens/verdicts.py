"""The one rule behind every verdict: what an interval says of a claim.

A claim is a range of values: one value, all values from a bound on, or between two. Its tolerance
is by how much the truth may miss it and the claim still be called right; both are chosen before
the data are looked at. The verdict is

    holds         if the whole interval lies within the tolerance of the claim,
    contradicted  if no part of it does,
    undecided     otherwise, and whenever an end of the interval is not finite.

So a wide interval decides nothing, and a narrow one that is off by less than the tolerance holds.
With 95 % intervals each end is passed by chance once in 40 times: "holds" is the equivalence test
of two one-sided tests (Schuirmann, J. Pharmacokinet. Biopharm. 15, 1987) at 2.5 %.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from .tables import estimate, number

HOLDS, CONTRADICTED, UNDECIDED = VERDICTS = ("holds", "contradicted", "undecided")
NEGLIGIBLE = 0.1  # a share, correlation or score (1 for all, 0 for none) below it is none
SAME_LOSS = (0.8, 1.25)  # ratios of two losses that are called the same
_RELATIVE, _ABSOLUTE, _MOST = 0.1, 0.1, 0.25


def exponent_tolerance(claimed: float) -> float:
    """Return by how much an exponent may miss what is claimed.

    A tenth of it, or 0.1, a factor of 1.26 in the loss over a decade, if that is more; yet at most
    a quarter of it, so that of two theories whose exponents differ by a factor of two, such as 4/d
    and 2/d, never both hold.

    Examples
    --------
    >>> [exponent_tolerance(claimed) for claimed in (4.0, 1.0, 0.5, 0.2)]
    [0.4, 0.1, 0.1, 0.05]
    """
    size = abs(claimed)
    return min(max(_RELATIVE * size, _ABSOLUTE), _MOST * size)


@dataclass(frozen=True)
class Claim:
    """A range of values that is claimed, and how exactly.

    Attributes
    ----------
    low, high : float
        The ends of the range, equal for one value; infinite for a one-sided claim.
    tolerance : float
        Added to the range on both sides.
    strict : bool
        Whether its ends are left out: above 0, not at least 0.

    Raises
    ------
    ValueError
        If the ends do not ascend, are both infinite or are not numbers, or the tolerance is
        negative or not finite.

    Examples
    --------
    >>> ensembling = Claim.exponent(1.0)
    >>> ensembling.judge((0.93, 1.08)), ensembling.judge((0.15, 0.92)), ensembling.judge((1.3, 1.5))
    ('holds', 'undecided', 'contradicted')
    >>> Claim.at_least(4 / 3).judge((1.5, 1.7)), Claim.above(0.0).judge((-0.1, 0.4))
    ('holds', 'undecided')
    >>> ensembling.sentence(0.52, (0.15, 0.92))
    'claim 1 within 0.1: measured 0.52 [0.15, 0.92]: undecided'
    """

    low: float
    high: float
    tolerance: float = 0.0
    strict: bool = False

    def __post_init__(self) -> None:
        """Check."""
        if not (self.low <= self.high and math.isfinite(min(abs(self.low), abs(self.high)))):
            raise ValueError(
                f"the claim reaches from {self.low} to {self.high}, but its ends must be numbers "
                "in ascending order, at most one of them infinite."
            )
        if not 0 <= self.tolerance < math.inf:
            raise ValueError(f"tolerance is {self.tolerance}, but must be at least 0 and finite.")

    @classmethod
    def value(cls, claimed: float, tolerance: float) -> Claim:
        """Return the claim of one value."""
        return cls(claimed, claimed, tolerance)

    @classmethod
    def exponent(cls, claimed: float) -> Claim:
        """Return the claim of an exponent, with the tolerance of `exponent_tolerance`."""
        return cls(claimed, claimed, exponent_tolerance(claimed))

    @classmethod
    def at_least(cls, bound: float, tolerance: float = 0.0) -> Claim:
        """Return the claim of a bound or more."""
        return cls(bound, math.inf, tolerance)

    @classmethod
    def at_most(cls, bound: float, tolerance: float = 0.0) -> Claim:
        """Return the claim of a bound or less."""
        return cls(-math.inf, bound, tolerance)

    @classmethod
    def above(cls, bound: float) -> Claim:
        """Return the claim of more than a bound: an exponent above 0 is a loss that falls."""
        return cls(bound, math.inf, strict=True)

    @classmethod
    def below(cls, bound: float) -> Claim:
        """Return the claim of less than a bound."""
        return cls(-math.inf, bound, strict=True)

    @property
    def region(self) -> tuple[float, float]:
        """The range with its tolerance."""
        return self.low - self.tolerance, self.high + self.tolerance

    def judge(self, interval: tuple[float, float]) -> str:
        """Return what an interval (low, high) says: "holds", "contradicted" or "undecided".

        Raises
        ------
        ValueError
            If its ends do not ascend.
        """
        low, high = interval
        if not (math.isfinite(low) and math.isfinite(high)):
            return UNDECIDED
        if low > high:
            raise ValueError(f"the interval is {interval}, but its ends must ascend.")
        first, last = self.region
        if self.strict:
            within, outside = first < low and high < last, high <= first or low >= last
        else:
            within, outside = first <= low and high <= last, high < first or low > last
        return HOLDS if within else CONTRADICTED if outside else UNDECIDED

    def sentence(self, measured: float, interval: tuple[float, float], form: str = ".3g") -> str:
        """Return claim, tolerance, what was measured and the verdict in one sentence."""
        found = estimate(measured, interval, form)
        return f"claim {self}: measured {found}: {self.judge(interval)}"

    def __str__(self) -> str:
        """Return the claim in words, with its tolerance."""
        one, other = (number(end) for end in (self.low, self.high))
        if self.high == math.inf:
            said = f"{'above' if self.strict else 'at least'} {one}"
        elif self.low == -math.inf:
            said = f"{'below' if self.strict else 'at most'} {other}"
        else:
            said = one if self.low == self.high else f"{one} to {other}"
        return said + (f" within {number(self.tolerance)}" if self.tolerance else "")


def all_of(verdicts: Iterable[str]) -> str:
    """Return the verdict on a claim of several parts.

    It holds if every part does, and is contradicted if any part is; of no parts it is undecided.

    Examples
    --------
    >>> all_of(["holds", "holds"]), all_of(["holds", "undecided"])
    ('holds', 'undecided')
    >>> all_of(["holds", "undecided", "contradicted"])
    'contradicted'
    """
    kinds = set(verdicts)
    if CONTRADICTED in kinds:
        return CONTRADICTED
    return HOLDS if kinds == {HOLDS} else UNDECIDED


def counted(verdicts: Iterable[str]) -> str:
    """Return the verdict on a claim of several parts, and how many parts say what.

    Examples
    --------
    >>> counted(["holds", "undecided", "contradicted", "undecided"])
    'contradicted (holds 1, contradicted 1, undecided 2 of 4)'
    >>> counted(["holds", "holds"]), counted([])
    ('holds (2 of 2)', 'not measured')
    """
    found = list(verdicts)
    if not found:
        return "not measured"
    counts = Counter(found)
    said = [f"{kind} {counts[kind]}" for kind in VERDICTS if counts[kind]]
    if len(said) == 1:
        said = [str(len(found))]
    return f"{all_of(found)} ({', '.join(said)} of {len(found)})"
