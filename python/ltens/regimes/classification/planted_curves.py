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
# At infinite size these have another limit than the law they begin with: none is given for them.
UNLIMITED = ("flat", "falls, then rises")


def drawn_curves(count: int, rng: int = 0) -> tuple[Curve, ...]:
    """Return `count` curves of each regime with parameters drawn at random.

    The rules of `classify` were made with `CURVES` at hand; these they have not seen.

    Examples
    --------
    >>> [curve.truth for curve in drawn_curves(1)][:2]
    ['variance-limited', 'resolution-limited']
    """
    random = np.random.default_rng(rng)
    makers = (_variance, _resolution, _crossover, _neither)
    return tuple(make(random) for _ in range(count) for make in makers)


def _variance(rng: np.random.Generator) -> Curve:
    if rng.random() < 0.5:
        share = rng.uniform(0.1, 0.7)
        return Curve(
            "E + A/x", "variance-limited", lambda x: share + (1 - share) * 10 / x, float(share)
        )
    P, alpha = float(rng.integers(6, 40)), rng.uniform(0.3, 1.5)
    start = float(np.round(P * rng.uniform(3, 8)))
    loss = _features(float(alpha), P)
    return Curve("random features", "variance-limited", loss, float(P**-alpha), start)


def _resolution(rng: np.random.Generator) -> Curve:
    alpha = rng.uniform(0.15, 0.75) if rng.random() < 0.7 else rng.uniform(1.3, 4.0)
    return Curve("x^-alpha", "resolution-limited", lambda x: x**-alpha, 0.0)


def _crossover(rng: np.random.Generator) -> Curve:
    kind = rng.integers(3)
    if kind == 0:
        P, alpha = float(rng.integers(50, 300)), float(rng.uniform(0.3, 1.5))
        limit = P**-alpha
        return Curve("peak at D = P", "crossover", _bounded(alpha, P), limit)
    if kind == 1:
        # A limit of an eighth to a third at x = 10 that dominates at x = 1000.
        alpha, share = rng.uniform(0.55, 0.8), rng.uniform(0.12, 0.3)
        start = 10.0**-alpha
        limit = float(start * share / (1 - share))
        return Curve("levels off", "crossover", lambda x: limit + x**-alpha, limit)
    first, change = rng.uniform(0.15, 0.5), rng.uniform(0.6, 1.2)
    place = rng.uniform(50, 200)
    return Curve("steepens", "crossover", lambda x: x**-first * (1 + x / place) ** -change, 0.0)


def _bounded(alpha: float, P: float) -> Callable[[Floats], Floats]:
    """Random features with the peak cut at 50 times the loss, as by a small ridge."""

    def loss(D: Floats) -> Floats:
        smooth = np.minimum(D, P) ** -alpha
        return np.asarray(np.minimum(random_features(D, P, alpha), 50 * smooth))

    return loss


def _neither(rng: np.random.Generator) -> Curve:
    kind = rng.integers(3)
    if kind == 0:
        length = rng.uniform(80, 300)
        return Curve("exponential", "neither", lambda x: np.exp(-x / length), 0.0)
    if kind == 1:
        alpha, share = rng.uniform(0.25, 0.6), rng.uniform(0.6, 0.8)
        limit = float(share / (1 - share) * 10.0**-alpha)
        return Curve("limit dominates", "neither", lambda x: limit + x**-alpha, limit)
    turn = rng.uniform(50, 300)
    return Curve(UNLIMITED[1], "neither", lambda x: turn / x + x / turn, 0.0)
