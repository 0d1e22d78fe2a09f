"""Curves whose regime is known, to count how often `classify` is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..._typing import Floats


@dataclass(frozen=True)
class Curve:
    """A planted curve.

    Attributes
    ----------
    name : str
    truth : str
        Its regime; "undecided" where two regimes are the same curve.
    loss : callable
        Of sizes (K,), returns (K,).
    limit : float
        At infinite size.
    smallest : float
        Size to begin with.
    also : tuple of str
        Other verdicts that are as right.
    """

    name: str
    truth: str
    loss: Callable[[Floats], Floats]
    limit: float
    smallest: float = 10.0
    also: tuple[str, ...] = ()


def random_features(D: Floats, P: float, alpha: float) -> Floats:
    """Return the ridgeless loss of P random features on D samples, all Gaussian.

    L(D, P) = l(min) (max - 1) / (max - min - 1), l(n) = n^(-alpha) for a spectrum i^-(1+alpha):
    both variance-limited ends, both resolution-limited ends and the peak between.
    Infinite within 1 of D = P.

    Examples
    --------
    >>> random_features(np.array([np.inf]), 16.0, 0.5)
    array([0.25])
    """
    low, high = np.minimum(D, P), np.maximum(D, P)
    gap = np.where(high > low + 1, high - low - 1, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(np.isinf(high), 1.0, (high - 1) / gap)
    return np.asarray(low**-alpha * factor)


def _features(alpha: float, P: float) -> Callable[[Floats], Floats]:
    return lambda D: random_features(D, P, alpha)


CURVES = (
    Curve("E + A/x, E a tenth at the start", "variance-limited", lambda x: 0.1 + 9 / x, 0.1),
    Curve("E + A/x, E half at the start", "variance-limited", lambda x: 0.5 + 5 / x, 0.5),
    Curve("random features, D from 2.6 P", "variance-limited", _features(0.5, 12.0), 12**-0.5, 32),
    Curve("random features, D from 4 P", "variance-limited", _features(1.0, 12.0), 1 / 12, 48),
    Curve("x^-0.25", "resolution-limited", lambda x: x**-0.25, 0.0),
    Curve("x^-0.5", "resolution-limited", lambda x: x**-0.5, 0.0),
    Curve("x^-1.5", "resolution-limited", lambda x: x**-1.5, 0.0),
    Curve("random features, P endless, l(D)", "resolution-limited", _features(0.7, np.inf), 0.0),
    Curve("E + A x^-0.5, E from 6 to 39 %", "resolution-limited", lambda x: 0.02 + x**-0.5, 0.02),
    Curve("E + A x^-0.6, E from 20 to 80 %", "crossover", lambda x: 0.06 + x**-0.6, 0.06),
    Curve("random features, D through P = 75", "crossover", _features(0.5, 75.0), 75**-0.5),
    Curve("x^-0.3 to x^-1.3 at 100", "crossover", lambda x: x**-0.3 / (1 + x / 100), 0.0),
    Curve("exponential", "neither", lambda x: np.exp(-x / 200), 0.0),
    Curve("flat", "neither", np.ones_like, 1.0),
    Curve("E + A x^-0.5, E 75 % at the start", "neither", lambda x: 1 + x**-0.5, 1.0),
    Curve("falls, then rises", "neither", lambda x: 1 / x + 2e-4 * x, 0.0),
    Curve("x^-1, no limit", "undecided", lambda x: 1 / x, 0.0),
)
# Plain laws, and curves that look like one.
NAMED = (
    CURVES[4],
    CURVES[5],
    CURVES[0],
    Curve(
        "E + A x^-0.8, E a tenth at the start",
        "crossover",
        lambda x: 0.1 + 0.9 * (x / 10) ** -0.8,
        0.1,
    ),
    Curve("x^-1.06 to x^-0.4 at 100", "crossover", lambda x: x**-1.06 * (1 + x / 100) ** 0.66, 0.0),
    Curve("1 / log x", "crossover", lambda x: 1 / np.log(x), 0.0),
)
# At infinite size these have another limit than the law they begin with: none is given for them.
UNLIMITED = ("flat", "falls, then rises")
