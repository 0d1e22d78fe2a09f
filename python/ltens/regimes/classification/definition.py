"""What each regime is: the definition of the verdicts, by the shape of a noiseless curve.

A curve is looked at where its sizes are, between the smallest and the largest, through the parabola
that fits its logarithm best over that range, evenly in log x. The parabola's slope in the middle is
the curve's exponent, the difference of its slopes at the two ends its change: two numbers that
every curve has, whatever its law.
"""

from __future__ import annotations

import numpy as np

from ..._typing import Floats, Ints

VERDICTS = ("variance-limited", "resolution-limited", "crossover", "neither", "undecided")
VARIANCE, RESOLUTION, CROSSOVER, NEITHER, UNDECIDED = range(5)

POINTS = 9  # of log x at which a curve is looked at; a parabola needs few
NEAR_ONE = 0.15  # an exponent above the limit this close to 1 is 1
SAME_CURVE = 0.1  # and without a limit, too close to 1 to say which of both laws it is
MOST_CHANGE, MOST_RATIO = 0.15, 0.4  # of one power's exponent over the sizes, absolute and relative
SEEN = 0.1  # share of the loss at the largest size from which a limit is one
HALF = 0.5  # share of the loss from which the limit dominates
FLAT = 0.03  # an exponent that is none

_T = np.linspace(-1.0, 1.0, POINTS)
_SQUARE = _T**2 - (_T**2).mean()
_LINE, _BEND = _T / (_T @ _T), _SQUARE / (_SQUARE @ _SQUARE)


def exponent_and_change(logs: Floats, half_span: float) -> tuple[Floats, Floats]:
    """Return the exponent and its change from the small to the large end.

    Parameters
    ----------
    logs : (..., 9) float64
        Log loss at sizes evenly spaced in log x.
    half_span : float
        Half of log(largest / smallest size).

    Examples
    --------
    >>> u = np.linspace(0.0, 4.0, POINTS)
    >>> exponent, change = exponent_and_change(-0.5 * u - 0.05 * u**2, 2.0)
    >>> round(float(exponent), 12), round(float(change), 12)
    (0.7, 0.4)
    """
    exponent, change = -(logs @ _LINE) / half_span, -4 * (logs @ _BEND) / half_span
    return np.asarray(exponent), np.asarray(change)


def one_power(exponent: Floats, change: Floats) -> Floats:
    """Return whether the exponent changes so little that it is one."""
    return np.abs(change) <= np.minimum(MOST_CHANGE, MOST_RATIO * np.abs(exponent))


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
    above, above_change = exponent_and_change(log_rest, half_span)
    straight, straight_above = one_power(exponent, change), one_power(above, above_change)
    first, last = shares
    near_one = np.abs(above - 1) <= NEAR_ONE
    found = np.full(len(log_loss), CROSSOVER)
    dominated = np.where(first > HALF, NEITHER, np.where(last > HALF, CROSSOVER, RESOLUTION))
    found = np.where(straight_above, dominated, found)
    found = np.where(straight, RESOLUTION, found)
    found = np.where(straight & (np.abs(exponent - 1) <= SAME_CURVE), UNDECIDED, found)
    steady = np.abs(above_change) <= 2 * NEAR_ONE
    found = np.where(near_one & steady & (last >= SEEN), VARIANCE, found)
    flat = (exponent <= FLAT) & (found != VARIANCE)
    return np.asarray(np.where(flat, NEITHER, found))
