"""What each regime is: the definition of the verdicts, by the shape of a noiseless curve.

A curve is looked at where its sizes are, between the smallest and the largest, through the parabola
that fits its logarithm best over that range, evenly in log x. The parabola's slope in the middle is
the curve's exponent, the difference of its slopes at the two ends its change: two numbers that
every curve has, whatever its law. What a curve has above its limit counts by its share of the loss.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..._typing import Floats, Ints

VERDICTS = ("variance-limited", "resolution-limited", "crossover", "neither", "undecided")
VARIANCE, RESOLUTION, CROSSOVER, NEITHER, UNDECIDED = range(5)

POINTS = 9  # of log x at which a curve is looked at; a parabola needs few
NEAR_ONE = 0.15  # an exponent above the limit this close to 1 is 1
MOST_BEFORE = 1.4  # over the smaller sizes: of 1/(x - s), s half of the smallest, over a decade
SAME_CURVE = 0.1  # and without a limit, too close to 1 to say which of both laws it is
MOST_CHANGE, MOST_RATIO = 0.15, 0.4  # of one power's exponent; relative above 1, and below 3/8
SEEN = 0.1  # share of the loss at the largest size from which a limit is one
HALF = 0.5  # share of the loss from which the limit dominates
FLAT = 0.03  # an exponent that is none

_T = np.linspace(-1.0, 1.0, POINTS)
_SPREAD = float((_T**2).mean())


def exponent_and_change(
    logs: Floats, half_span: float, seen: Floats | None = None
) -> tuple[Floats, Floats]:
    """Return the exponent and its change from the small to the large end of what is seen.

    The parabola is one of least squares. Weights move its middle, and shorten its range as they
    shorten the spread of log x.

    Parameters
    ----------
    logs : (G, 9) float64
        Log loss at sizes evenly spaced in log x.
    half_span : float
        Half of log(largest / smallest size).
    seen : (G, 9) float64, optional
        Weights.

    Examples
    --------
    >>> u = np.linspace(0.0, 4.0, POINTS)
    >>> exponent, change = exponent_and_change((-0.5 * u - 0.05 * u**2)[None], 2.0)
    >>> round(float(exponent[0]), 12), round(float(change[0]), 12)
    (0.7, 0.4)
    """
    weights = np.ones_like(logs) if seen is None else seen
    weights = weights / weights.sum(axis=1, keepdims=True)
    line = _T - (weights @ _T)[:, None]
    spread = (weights * line**2).sum(axis=1)
    skew = (weights * line**3).sum(axis=1) / spread
    square = line**2 - spread[:, None] - skew[:, None] * line
    slope = (weights * line * logs).sum(axis=1) / spread
    bend = (weights * square * logs).sum(axis=1) / (weights * square**2).sum(axis=1)
    slope = slope - bend * skew  # where the parabola is in its middle
    return -slope / half_span, -4 * bend * np.sqrt(spread / _SPREAD) / half_span


def one_power(exponent: Floats, change: Floats) -> NDArray[np.bool_]:
    """Return whether the exponent changes so little that it is one."""
    size = np.abs(exponent)
    most = np.minimum(MOST_RATIO * size, MOST_CHANGE * np.maximum(1.0, size))
    return np.asarray(np.abs(change) <= most)


def regimes(
    log_loss: Floats, log_rest: Floats, shares: tuple[Floats, Floats], half_span: float
) -> Ints:
    """Return the regime of each curve, as its place in `VERDICTS`.

    Parameters
    ----------
    log_loss, log_rest : (G, 9) float64
        Of the loss and of the loss less its limit, at sizes evenly spaced in log x.
    shares : (G,) and (G,) float64
        The limit's share of the loss at the smallest and the largest size.
    half_span : float
        Half of log(largest / smallest size).
    """
    exponent, change = exponent_and_change(log_loss, half_span)
    seen = np.exp(2 * (log_rest - log_loss))
    above, above_change = exponent_and_change(log_rest, half_span, seen)
    straight, straight_above = one_power(exponent, change), one_power(above, above_change)
    first, last = shares
    found = np.full(len(log_loss), CROSSOVER)
    dominated = np.where(first > HALF, NEITHER, np.where(last > HALF, CROSSOVER, RESOLUTION))
    found = np.where(straight_above, dominated, found)
    found = np.where(straight, RESOLUTION, found)
    found = np.where(straight & (np.abs(exponent - 1) <= SAME_CURVE), UNDECIDED, found)
    found = np.where(_inverse(log_rest, seen, half_span) & (last >= SEEN), VARIANCE, found)
    flat = (exponent <= FLAT) & (found != VARIANCE)
    return np.asarray(np.where(flat, NEITHER, found))


def _inverse(logs: Floats, seen: Floats, half_span: float) -> NDArray[np.bool_]:
    """Return whether curves (G, 9) fall as 1/x, perhaps with corrections of higher order at first.

    Over the upper half of the sizes the exponent is 1; over the lower at most what 1/(x - s) has.
    """
    steps = -np.diff(logs, axis=1) * (POINTS - 1) / (2 * half_span)
    weights = seen[:, 1:] + seen[:, :-1] + 1e-300
    half = (POINTS - 1) // 2
    lower, upper = (
        (steps[:, part] * weights[:, part]).sum(axis=1) / weights[:, part].sum(axis=1)
        for part in (slice(None, half), slice(half, None))
    )
    slowly = (lower >= 1 - NEAR_ONE) & (lower <= MOST_BEFORE)
    return np.asarray((np.abs(upper - 1) <= NEAR_ONE) & slowly)
