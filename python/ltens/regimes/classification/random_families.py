"""Families of curves with parameters drawn at random, to count how often `classify` is right.

`classify` holds powers and exponentials above a limit, broken powers, powers that bend steadily or
are cut off against the data. Logarithms, stretched exponentials, oscillations and sums of three
powers it does not know; of what it knows, the parameters are drawn here. What is right about a
curve follows from its shape over the sizes (`definition.regimes`), not from its formula, unless the
family says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..._typing import Floats
from .definition import POINTS, VERDICTS, regimes
from .planted_curves import Curve, random_features

Loss = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Drawn:
    """A curve's loss of sizes, its limit, and its right verdicts where its shape is not asked."""

    loss: Loss
    limit: float = 0.0
    truths: tuple[str, ...] = ()
    smallest: float | None = None


Maker = Callable[[np.random.Generator, float, float], Drawn]


def drawn_curve(family: str, span: float, rng: np.random.Generator) -> Curve:
    """Return a curve of a family, for sizes from `Curve.smallest` to `span` times it.

    Examples
    --------
    >>> curve = drawn_curve("1 / log", 100.0, np.random.default_rng(0))
    >>> curve.truth, curve.limit
    ('crossover', 0.0)
    """
    low = float(np.round(np.exp(rng.uniform(np.log(5), np.log(100)))))
    found = FAMILIES[family](rng, low, low * span)
    smallest = low if found.smallest is None else found.smallest
    truths = found.truths or (truth_of(found.loss, found.limit, smallest, smallest * span),)
    return Curve(family, truths[0], found.loss, found.limit, smallest, truths[1:])


def truth_of(loss: Loss, limit: float, low: float, high: float) -> str:
    """Return the regime of a curve that falls, by the definition.

    Examples
    --------
    >>> truth_of(lambda x: 0.1 + 9 / x, 0.1, 10, 1000)
    'variance-limited'
    >>> truth_of(lambda x: x**-1.06 + 0.05 * x**-0.4, 0.0, 10, 1000)
    'crossover'
    """
    x = np.geomspace(low, high, POINTS)
    total = loss(x)
    shares = (np.array([limit / total[0]]), np.array([limit / total[-1]]))
    logs = np.log(total)[None], np.log(total - limit)[None]
    return VERDICTS[int(regimes(*logs, shares, np.log(high / low) / 2)[0])]


def _power(rng: np.random.Generator, low: float, high: float) -> Drawn:
    alpha = rng.uniform(0.15, 0.8) if rng.random() < 0.7 else rng.uniform(1.25, 3.0)
    return Drawn(lambda x: x**-alpha)


def _inverse(rng: np.random.Generator, low: float, high: float) -> Drawn:
    return Drawn(lambda x: 1 / x, truths=("undecided",))


def _above_limit(rng: np.random.Generator, low: float, alpha: float, share: float) -> Drawn:
    limit = float(share / (1 - share))
    return Drawn(lambda x: limit + (x / low) ** -alpha, limit)


def _variance(rng: np.random.Generator, low: float, high: float) -> Drawn:
    return _above_limit(rng, low, 1.0, np.exp(rng.uniform(np.log(0.02), np.log(0.7))))


def _features(rng: np.random.Generator, low: float, high: float) -> Drawn:
    P, alpha = float(rng.integers(6, 40)), float(rng.uniform(0.3, 1.5))
    start = float(np.round(P * rng.uniform(3, 8)))
    return Drawn(
        lambda x: random_features(x, P, alpha), P**-alpha, ("variance-limited",), smallest=start
    )


def _exponent_not_one(rng: np.random.Generator) -> float:
    return float(rng.uniform(0.2, 0.85) if rng.random() < 0.7 else rng.uniform(1.2, 2.0))


def _limit(rng: np.random.Generator, low: float, high: float) -> Drawn:
    return _above_limit(rng, low, _exponent_not_one(rng), rng.uniform(0.02, 0.8))


def _small_limit(rng: np.random.Generator, low: float, high: float) -> Drawn:
    """Draw a limit of 0.3 to 10 % of the loss at the smallest size."""
    share = np.exp(rng.uniform(np.log(0.003), np.log(0.1)))
    return _above_limit(rng, low, _exponent_not_one(rng), share)


def _broken(first: float, last: float, rng: np.random.Generator, low: float, high: float) -> Drawn:
    """Draw a power that goes over into another, sharply or broadly, anywhere within the sizes."""
    place = low * (high / low) ** rng.uniform(0.1, 0.9)
    width = np.exp(rng.uniform(np.log(0.1), np.log(1.5)))

    def loss(x: Floats) -> Floats:
        bend = width * np.logaddexp(0, np.log(x / place) / width)
        return np.asarray(np.exp(-first * np.log(x / low) - (last - first) * bend))

    return Drawn(loss)


def _flattening(rng: np.random.Generator, low: float, high: float) -> Drawn:
    first = rng.uniform(0.5, 2.0)
    return _broken(first, rng.uniform(0.15, 0.6) * first, rng, low, high)


def _steepening(rng: np.random.Generator, low: float, high: float) -> Drawn:
    last = rng.uniform(0.5, 2.0)
    return _broken(rng.uniform(0.15, 0.6) * last, last, rng, low, high)


def _sum(count: int) -> Maker:
    def make(rng: np.random.Generator, low: float, high: float) -> Drawn:
        exponents = np.sort(rng.uniform(0.15, 2.5, count))
        parts = rng.dirichlet(np.ones(count))  # of the loss at the middle of the sizes
        middle = np.sqrt(low * high)
        return Drawn(
            lambda x: (parts * (np.asarray(x)[..., None] / middle) ** -exponents).sum(axis=-1)
        )

    return make


def _inverse_log(rng: np.random.Generator, low: float, high: float) -> Drawn:
    return Drawn(lambda x: 1 / np.log(x))


def _log_power(rng: np.random.Generator, low: float, high: float) -> Drawn:
    power = rng.uniform(1.0, 3.0)
    return Drawn(lambda x: np.log(x) ** -power)


def _log_corrected(rng: np.random.Generator, low: float, high: float) -> Drawn:
    """Return x^-1 log x."""
    return Drawn(lambda x: np.log(x) / x)


def _power_and_log(rng: np.random.Generator, low: float, high: float) -> Drawn:
    """Draw x^-a log(x)^p, p from -2 to 2, that falls everywhere."""
    power = rng.uniform(-2.0, 2.0)
    alpha = rng.uniform(0.3, 1.5) + max(power, 0) / np.log(low)
    return Drawn(lambda x: x**-alpha * np.log(x) ** power)


def _exponential(rng: np.random.Generator, low: float, high: float) -> Drawn:
    length = high / rng.uniform(1.5, 15)
    limit = float(rng.uniform(0.01, 0.5)) if rng.random() < 0.5 else 0.0
    return Drawn(lambda x: limit + np.exp(-x / length), limit, ("neither",))


def _stretched(rng: np.random.Generator, low: float, high: float) -> Drawn:
    """Draw exp(-(x/l)^c): it steepens, and is no power anywhere."""
    c, length = rng.uniform(0.4, 0.8), high / np.exp(rng.uniform(np.log(3), np.log(100)))
    return Drawn(lambda x: np.exp(-((x / length) ** c)), 0.0, ("crossover", "neither"))


def _cut_off(rng: np.random.Generator, low: float, high: float) -> Drawn:
    """Draw a power that ends in an exponential."""
    alpha, length = rng.uniform(0.3, 1.5), high / rng.uniform(2, 10)
    return Drawn(lambda x: x**-alpha * np.exp(-x / length), 0.0, ("crossover", "neither"))


def _oscillation(rng: np.random.Generator, low: float, high: float) -> Drawn:
    """Draw a log-periodic power: 1.5 to 5 periods, 10 to 40 %, over the sizes."""
    alpha, depth = rng.uniform(0.3, 1.5), rng.uniform(0.1, 0.4)
    rate = 2 * np.pi * rng.uniform(1.5, 5) / np.log(high / low)
    phase = rng.uniform(0, 2 * np.pi)

    def loss(x: Floats) -> Floats:
        wave = 1 + depth * np.cos(rate * np.log(x / low) + phase)
        return np.asarray((x / low) ** -alpha * wave)

    return Drawn(loss, 0.0, ("neither", "crossover"))


def _peak(rng: np.random.Generator, low: float, high: float) -> Drawn:
    """Draw random features through D = P, the peak cut at 50 times the loss as by a ridge."""
    P, alpha = float(np.round(low * (high / low) ** rng.uniform(0.3, 0.7))), rng.uniform(0.3, 1.5)

    def loss(x: Floats) -> Floats:
        cut = 50 * np.minimum(x, P) ** -alpha
        return np.asarray(np.minimum(random_features(x, P, float(alpha)), cut))

    return Drawn(loss, P**-alpha, ("crossover",))


def _rise(rng: np.random.Generator, low: float, high: float) -> Drawn:
    turn = low * (high / low) ** rng.uniform(0.3, 0.7)
    return Drawn(lambda x: turn / x + x / turn, 0.0, ("neither",))


def _flat(rng: np.random.Generator, low: float, high: float) -> Drawn:
    return Drawn(np.ones_like, 1.0, ("neither",))


FAMILIES: dict[str, Maker] = {
    "power": _power,
    "1/x, no limit": _inverse,
    "limit + 1/x": _variance,
    "random features": _features,
    "limit + power": _limit,
    "small limit + power": _small_limit,
    "broken, flattens": _flattening,
    "broken, steepens": _steepening,
    "two powers": _sum(2),
    "three powers": _sum(3),
    "1 / log": _inverse_log,
    "power of log": _log_power,
    "log x / x": _log_corrected,
    "power times log": _power_and_log,
    "exponential": _exponential,
    "stretched": _stretched,
    "cut off": _cut_off,
    "log-periodic": _oscillation,
    "peak": _peak,
    "falls, then rises": _rise,
    "flat": _flat,
}
