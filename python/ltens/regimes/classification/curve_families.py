"""The curves that are held against the data: families of many parameters, of every regime.

Each is L = limit + R, R falling: a power, 1/(x - s), a broken power, a power whose exponent runs
evenly with log x, an exponential, a power that an exponential cuts off. The parameters lie in a
box; the last is the limit's share of the loss, as log odds, where there is a limit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..._typing import Floats, Ints
from .definition import NEITHER, POINTS, SEEN, UNDECIDED, VARIANCE, VERDICTS, regimes

MOST_SHIFT = 0.5  # of the smallest size: 1/(x - s) with a pole that the sizes keep clear of
_LEAST_CUT = 0.3  # exponent of a power that an exponential cuts off; less is an exponential
_LEAST, _STEEPEST = 0.05, 6.0  # exponents of a broken or bending power
_LEVEL = 0.2  # a power that flattens to less of its first exponent is nearly at a limit
_LEAST_ODDS = -8.0  # log of rest to limit at the anchor: below, all is limit
SLOW = len(VERDICTS)  # a crossover to a power that is nearly a limit: no rival to one
_INVISIBLE = 0.005  # share of the loss at the largest size

Rest = Callable[[Floats, Floats, float], Floats]


@dataclass(frozen=True)
class Family:
    """Curves of one kind.

    Attributes
    ----------
    name : str
    log_rest : callable
        Of parameters (G, p), log sizes u (K,) from 0 on and their span: log R (G, K).
    low, high : tuple of float
        Of the parameters.
    verdict : int or None
        Of all its curves, where the definition by shape does not say it.
    limited : bool
        Whether its curves may have a limit that is not known: what bends by itself and levels off
        towards a limit, too, could be anything.
    anchor : {0, -1}
        Whether the curve is 1, and the limit's share a parameter, at the smallest or largest size.
    most_odds : float
        Log of rest to limit at the anchor, from which on there is no limit.
    """

    name: str
    log_rest: Rest
    low: tuple[float, ...]
    high: tuple[float, ...]
    verdict: int | None = None
    limited: bool = True
    anchor: int = -1
    most_odds: float = 8.0


def _power(theta: Floats, u: Floats, span: float) -> Floats:
    return np.asarray(-np.exp(theta[:, :1]) * u)


def _shifted(theta: Floats, u: Floats, span: float) -> Floats:
    return -np.log(np.exp(u) - theta[:, :1])


def _running(theta: Floats, u: Floats, span: float) -> Floats:
    """Exponents at both ends, evenly between in log x."""
    first, last = theta[:, :1], theta[:, 1:2]
    return -first * u - (last - first) * u**2 / (2 * span)


def _broken(theta: Floats, u: Floats, span: float) -> Floats:
    first, last, place, width = (theta[:, i : i + 1] for i in range(4))
    width = np.exp(width)
    bend = np.logaddexp(0.0, (u - place * span) / width) - np.logaddexp(0, -place * span / width)
    return np.asarray(-first * u - (last - first) * width * bend)


def _exponential(theta: Floats, u: Floats, span: float) -> Floats:
    return np.asarray(-np.exp(theta[:, :1] - span) * np.expm1(u))


def _cut_off(theta: Floats, u: Floats, span: float) -> Floats:
    return np.asarray(-theta[:, :1] * u - np.exp(theta[:, 1:2] - span) * np.expm1(u))


FAMILIES = (
    Family("power", _power, (float(np.log(0.02)),), (float(np.log(_STEEPEST)),)),
    Family("shifted", _shifted, (0.0,), (MOST_SHIFT,), VARIANCE),
    Family(
        "running",
        _running,
        (_LEAST, _LEAST),
        (_STEEPEST, _STEEPEST),
        limited=False,
    ),
    Family(
        "broken",
        _broken,
        (_LEAST, _LEAST, -0.1, float(np.log(0.05))),
        (_STEEPEST, _STEEPEST, 1.1, float(np.log(2.0))),
        limited=False,
    ),
    Family(
        "exponential",
        _exponential,
        (-3.0,),
        (4.0,),
        NEITHER,
        anchor=0,
        most_odds=30.0,
    ),
    Family(
        "cut_off",
        _cut_off,
        (_LEAST_CUT, -3.0),
        (_STEEPEST, 4.0),
        limited=False,
        anchor=0,
    ),
)


@dataclass(frozen=True)
class Range:
    """Where curves are compared with data and where they are looked at.

    Attributes
    ----------
    u : (K,) float64
        log(size / smallest size).
    limit : float or None
        The known limit; None if the curves may have any.
    """

    u: Floats
    limit: float | None

    @property
    def span(self) -> float:
        """log(largest / smallest size)."""
        return float(self.u[-1])

    def has_limit(self, family: Family) -> bool:
        """Whether the family's curves have the limit's share as a parameter."""
        return family.limited if self.limit is None else self.limit > 0


def log_loss(family: Family, theta: Floats, where: Range, u: Floats) -> tuple[Floats, Floats]:
    """Return log L and log R (G, K) at u, L = 1 at the family's anchor."""
    rest = family.log_rest(theta, np.append(u, where.u[family.anchor]), where.span)
    rest = rest[:, :-1] - rest[:, -1:]
    if not where.has_limit(family):
        return rest, rest
    odds = theta[:, -1:]
    rest = rest - np.logaddexp(0.0, -odds)
    return np.logaddexp(rest, -np.logaddexp(0.0, odds)), rest


def log_share(family: Family, theta: Floats, where: Range) -> Floats:
    """Return log of the limit's share (G,) of the loss at the anchor."""
    if not where.has_limit(family):
        return np.full(len(theta), -np.inf)
    return -np.logaddexp(0.0, theta[:, -1])


def verdicts_of(family: Family, theta: Floats, where: Range) -> Ints:
    """Return the regime (G,) of each curve."""
    loss, rest = log_loss(family, theta, where, np.linspace(0.0, where.span, POINTS))
    share = log_share(family, theta, where)[:, None]
    first, last = np.exp(share - loss[:, [0, -1]]).T
    if family.verdict == VARIANCE:
        return np.where(last >= SEEN, VARIANCE, UNDECIDED)
    if family.verdict is not None:
        return np.full(len(theta), family.verdict)
    found = regimes(loss, rest, (first, last), where.span / 2)
    if family.name in ("running", "broken") and where.limit is None:
        return np.where(theta[:, 1] < _LEVEL * theta[:, 0], SLOW, found)
    return found


def box(family: Family, where: Range) -> tuple[Floats, Floats]:
    """Return the lowest and highest parameters (p,)."""
    low, high = list(family.low), list(family.high)
    if where.has_limit(family):
        low.append(_LEAST_ODDS)
        high.append(family.most_odds)
    return np.array(low), np.array(high)


def described(family: Family, theta: Floats, where: Range, level: float, smallest: float) -> str:
    """Return a curve in words, its sizes and losses in the user's unit.

    Parameters
    ----------
    level : float
        Log loss at the anchor.
    smallest : float
        Smallest size.
    """
    law = _LAWS[family.name](theta, where.span, smallest)
    if where.limit is not None or not where.has_limit(family):
        return law if not where.limit else f"{law} above the limit"
    curve = log_loss(family, theta[None], where, where.u[-1:])[0][0, 0]
    log_limit = float(log_share(family, theta[None], where)[0])
    if np.exp(log_limit - curve) < _INVISIBLE:
        return law
    share = 100 * np.exp(log_limit - curve)
    return f"{law} above a limit of {np.exp(level + log_limit):.3g} ({share:.0f} % at the end)"


_LAWS: dict[str, Callable[[Floats, float, float], str]] = {
    "power": lambda theta, span, x: f"x^-{np.exp(theta[0]):.3g}",
    "shifted": lambda theta, span, x: f"1/(x - {theta[0] * x:.3g})",
    "running": lambda theta, span, x: f"x^-a, a going from {theta[0]:.2g} to {theta[1]:.2g}",
    "broken": lambda theta, span, x: (
        f"x^-{theta[0]:.2g}, from x = {x * np.exp(theta[2] * span):.2g} on x^-{theta[1]:.2g}"
    ),
    "cut_off": lambda theta, span, x: (
        f"x^-{theta[0]:.2g} exp(-x/{x * np.exp(span - theta[1]):.3g})"
    ),
    "exponential": lambda theta, span, x: f"exp(-x/{x * np.exp(span - theta[0]):.3g})",
}
