"""The verdict on a curve that falls as a power: which exponent, above which limit.

Rules 3 to 5 of docs/guide/regimes.md.
"""

from __future__ import annotations

from .curve_evidence import Evidence, Measured

_SUPPORT = 4.0  # of AICc: "considerably less support" (Burnham & Anderson 2002, section 2.6)
_PRECISE = 0.25  # half-length of an interval from which on an exponent is known
_REJECTED = 0.01  # p-value below which the exponent above the limit is not 1
_TWICE = 2.0  # a limit that doubles the exponent dominates the loss
_HALF = 0.5  # share of the loss from which the limit dominates
_CLOSE = 1 / 3  # an interval of 1 within 1/3 of it leaves no room for the data's usual exponents
_NEAR = 0.05  # an exponent this close to 1 is 1 to anybody who asks for the regime

Finding = tuple[str, str]


def verdict_by_laws(evidence: Evidence) -> Finding:
    """Return the verdict on a curve that falls towards a limit, perhaps 0, as a power."""
    inverse = min((evidence.inverse, evidence.shifted_inverse), key=lambda each: each.criterion)
    best = min(inverse.criterion, evidence.limited.criterion, evidence.above_law.criterion)
    power = evidence.power.criterion
    dominated = evidence.limit is not None and evidence.shares()[1] > _HALF
    if (power <= best + _SUPPORT and not dominated) or evidence.floor == 0:
        return _without_limit(evidence, inverse.criterion - power)
    if evidence.p_one > _REJECTED or _near_one(evidence.above):
        return _at_one(evidence)
    return _shifted(evidence) or _other_exponent(evidence)


def _shifted(evidence: Evidence) -> Finding | None:
    """Weigh 1/(x - s) against x^-alpha, alpha above 1: they have as many parameters."""
    if evidence.above.exponent < 1 or evidence.above_law is evidence.shifted:
        return None
    found = evidence.shifted_inverse
    worse = found.criterion - evidence.limited.criterion
    if not worse <= _SUPPORT:  # also where both are infinite: too few sizes
        return None
    given = found.model.coefficients(found.fitted.theta[0], evidence.observations.table.sizes[0])
    law = f"1/(x - s), s = {given['shift']:.3g}"
    if worse < -_SUPPORT:
        return "variance-limited", f"L - limit falls as {law}, better than as any power of x."
    return "undecided", (
        f"L - limit falls as {law}, as near an interpolation threshold, or with exponent "
        f"{evidence.above}: larger sizes or less noise would tell, or x - s if s is known."
    )


def _without_limit(evidence: Evidence, worse: float) -> Finding:
    """Judge a curve that a power law without a limit describes; `worse` is 1/x's AICc less its."""
    slope = evidence.slope
    if slope.half > max(_PRECISE, slope.exponent / 2):
        return "undecided", f"the exponent of L is only known as {slope}."
    if worse > _SUPPORT and not _near_one(slope):
        if evidence.limit is None and evidence.above.high > _TWICE * slope.exponent:
            return "undecided", (
                f"L falls with exponent {slope} if its limit is 0, but with one of up to "
                f"{evidence.above.high:.2g} above a limit that the data allow."
            )
        return "resolution-limited", f"L itself falls as a power of x, with exponent {slope}."
    if slope.holds(1.0) or _near_one(slope):
        return "undecided", (
            f"L falls as x^-1 ({slope}) without a limit that could be seen: variance-limited with "
            "a limit near 0 and resolution-limited with exponent 1 are the same curve. Change the "
            "data and see whether the exponent moves."
        )
    return "undecided", (
        f"a power law of exponent {slope} and a limit plus 1/x fit alike: it takes a longer "
        "range, less noise, or a known limit."
    )


def _near_one(found: Measured) -> bool:
    return found.low >= 1 - _NEAR and found.high <= 1 + _NEAR


def _at_one(evidence: Evidence) -> Finding:
    above = evidence.above
    if above.low < 1 - _CLOSE or above.high > 1 + _CLOSE:
        return "undecided", (
            f"L - limit has the exponent {above}, which holds 1 and much else: "
            + ("less noise" if evidence.limit is not None else "a known limit, less noise")
            + " or a longer range would tell."
        )
    shift = " once the size is shifted" if "shifted" in above.model else ""
    return "variance-limited", f"L - limit falls as 1/x{shift}: its exponent is {above}."


def _other_exponent(evidence: Evidence) -> Finding:
    """Judge a power law above a limit, its exponent not 1, by how large the limit is."""
    above, (first, last) = evidence.above, evidence.shares()
    if above.half > max(_PRECISE, above.exponent / 2):
        return "undecided", f"L - limit has the exponent {above}: too uncertain to tell."
    if last < _HALF:
        return "resolution-limited", (
            f"L falls as a power, with exponent {above} above a limit that is at most "
            f"{100 * last:.0f} % of it."
        )
    if first < _HALF:
        return "crossover", (
            f"L begins as a power law with exponent {above} and levels off: the limit is "
            f"{100 * first:.0f} % of it at the smallest size and {100 * last:.0f} % at the largest."
        )
    return "neither", (
        f"the limit dominates, and L - limit falls with exponent {above}, not 1: if the limit is "
        "noise of the targets, give it as irreducible."
    )
