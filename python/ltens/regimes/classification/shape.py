"""The shape of a curve before any law: whether it falls, peaks, bends."""

from __future__ import annotations

import numpy as np

from ..._typing import Floats
from ...fitting.comparison import Candidate
from .curve_evidence import Evidence

_SURE = 4.0  # standard errors of a rise: some hundred pairs of sizes are compared
_LEAST_RISE = 0.02  # of log loss: below, rounding and luck
_LARGE_RISE = 1.0  # of log loss: a factor e, which the quietest part of the curve may judge
_NO_SUPPORT = 10.0  # of AICc: "essentially none" (Burnham & Anderson 2002, section 2.6)
_ONE_SIDED = 0.005  # level of the test for steepening
_LEAST_CHANGE = 0.2  # of an exponent: less is a correction to the law, not another law
_FLAT = 0.05  # an exponent that is none

Finding = tuple[str, str]


def shape_of(evidence: Evidence) -> Finding | None:
    """Return the verdict on a curve that peaks, rises or stays; None if it falls."""
    rises = _rises(evidence)
    if rises is not None:
        start, top = rises
        sizes = evidence.observations.table.sizes
        if _falls_after(evidence, top):
            return "crossover", (
                f"L rises from x = {sizes[start]:g} to a peak near x = {sizes[top]:g} and falls "
                "again, as at an interpolation threshold (D = P): judge each side by itself."
            )
        return "neither", f"L rises from x = {sizes[start]:g} to x = {sizes[top]:g}."
    slope = evidence.slope
    if slope.low > 0 or _drops(evidence):
        return None
    if slope.half <= _FLAT:
        return "neither", f"L does not fall: its exponent is {slope}."
    return "undecided", f"L may or may not fall: its exponent is {slope}."


def bent(evidence: Evidence) -> Finding | None:
    """Return the verdict on a curve that is an exponential or has a break; None otherwise."""
    laws = (evidence.power, evidence.limited, evidence.inverse, evidence.shifted_inverse)
    best = min(each.criterion for each in (*laws, evidence.shifted))
    if evidence.exponential.criterion < best - _NO_SUPPORT:
        return "neither", "L falls as an exponential of x, not as a power."
    steeper = _steepens(evidence)
    if steeper is not None:
        return "crossover", (
            f"L steepens, which no limit explains: its exponent goes from {steeper[0]:.2g} over "
            f"the smallest sizes to {steeper[1]:.2g} over the largest."
        )
    broken = evidence.broken if _misses(evidence, laws) else None
    if (
        broken is None
        or broken.criterion >= min(best, evidence.exponential.criterion) - _NO_SUPPORT
    ):
        return None
    ends = [_end(evidence, part) for part in (slice(None, 4), slice(-4, None))]
    first, last = ends
    if min(ends) > _FLAT:
        return "crossover", (
            f"L has a break: its exponent goes from {first:.2g} over the smallest sizes to "
            f"{last:.2g} over the largest."
        )
    return "neither", f"L has a break, after which its exponent is {last:.2g}."


def _steepens(evidence: Evidence) -> tuple[float, float] | None:
    """Return the exponents at both ends if a parabola through the logarithms bends down, at 1 %."""
    from scipy.special import stdtrit

    u, y = evidence.observations.u, evidence.observations.y[0]
    degrees = len(u) - 3
    if degrees < 1:
        return None
    root = np.sqrt(evidence.power.fitted.weights[0])
    columns = np.stack([np.ones_like(u), u, u**2], axis=1) * root[:, None]
    inverse = np.linalg.pinv(columns)
    found = inverse @ (y * root)
    rest = y * root - columns @ found
    error = float(np.sqrt((rest @ rest) / degrees * (inverse[2] @ inverse[2])))
    ends = -(found[1] + 2 * found[2] * np.array([0.0, u[-1]]))
    change = float(ends[1] - ends[0])
    sure = -found[2] > max(float(stdtrit(degrees, 1 - _ONE_SIDED)) * error, 1e-12)
    if not sure or change < _LEAST_CHANGE or ends[0] < _FLAT:
        return None
    return float(ends[0]), float(ends[1])


def _misses(evidence: Evidence, laws: tuple[Candidate, ...]) -> bool:
    """Return whether the best of the laws leaves more scatter than the noise."""
    best = min((*laws, evidence.shifted), key=lambda each: each.criterion)
    rest = evidence.observations.y - best.model.curve(evidence.observations.u, best.fitted.theta)[0]
    degrees = max(int(best.fitted.degrees[0]), 1)
    noise = np.maximum(evidence.noise, 1e-12)
    return float(((rest[0] / noise) ** 2).sum()) > 1.5 * degrees


def _rises(evidence: Evidence) -> tuple[int, int] | None:
    """Return the pair of sizes with the surest rise, if any is sure."""
    y = evidence.observations.y[0]
    rise = y[None] - y[:, None]  # [i, j]: from i to j
    least = np.minimum(
        np.maximum(_SURE * _of_pairs(evidence.noise), _LEAST_RISE),
        np.maximum(_SURE * _of_pairs(evidence.least_noise), _LARGE_RISE),
    )
    sure = np.triu(rise - least, 1)
    i, j = np.unravel_index(int(sure.argmax()), sure.shape)
    return (int(i), int(j)) if sure[i, j] > 0 else None


def _drops(evidence: Evidence) -> bool:
    """Return whether a later size is surely below an earlier one: the fall may end early."""
    y = evidence.observations.y[0]
    fall = np.triu(y[:, None] - y[None], 1)
    least = np.maximum(_SURE * _of_pairs(evidence.noise), _LEAST_RISE)
    return bool((fall > least).any())


def _of_pairs(error: Floats) -> Floats:
    """Return the standard errors (K, K) of differences."""
    return np.asarray(np.hypot(error[None], error[:, None]))


def _falls_after(evidence: Evidence, top: int) -> bool:
    y, noise = evidence.observations.y[0], evidence.least_noise
    drop = y[top] - y[top + 1 :]
    error = np.hypot(noise[top], noise[top + 1 :])
    return bool((drop > np.maximum(_SURE * error, _LEAST_RISE)).any())


def _end(evidence: Evidence, part: slice) -> float:
    """Return the exponent over the sizes of one end."""
    u, y = evidence.observations.u[part], evidence.observations.y[0, part]
    return -float(np.polyfit(u, y, 1)[0])
