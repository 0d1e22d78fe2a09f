"""The verdict on a curve that falls: what all curves that agree with the data have in common.

Rules 2 to 4 of docs/guide/regimes.md.
"""

from __future__ import annotations

from .agreement import Agreeing
from .curve_evidence import Evidence
from .definition import CROSSOVER, RESOLUTION, UNDECIDED, VARIANCE, VERDICTS

Finding = tuple[str, str]

_SAME = (
    "variance-limited with a limit near 0 and resolution-limited with exponent 1 are the same "
    "curve. Change the data and see whether the exponent moves."
)


def verdict_by_laws(evidence: Evidence) -> Finding:
    """Return the regime of the best curve, if the data exclude those of every other regime."""
    found = evidence.agreement
    best = found.best
    law = evidence.described(best)
    if found.is_misfit:
        return "undecided", (
            f"L scatters by {100 * found.excess:.2g} % about every law, more than the noise of "
            "its replicates explains: it oscillates, or the sizes differ in more than size."
        )
    if best.verdict == UNDECIDED:
        return "undecided", f"L falls as {law} without a limit that could be seen: {_SAME}"
    if found.rivals:
        others = "; or ".join(
            f"{evidence.described(each)} ({VERDICTS[each.verdict]})"
            if each.verdict != UNDECIDED
            else f"{evidence.described(each)} (both regimes at once)"
            for each in found.rivals
        )
        return "undecided", (
            f"the data agree with {law} ({VERDICTS[best.verdict]}), but also with {others}: a "
            "longer range, less noise"
            + (", or a known limit" if evidence.limit is None else "")
            + " would tell."
        )
    return VERDICTS[best.verdict], _reason(best, evidence, law)


def _reason(best: Agreeing, evidence: Evidence, law: str) -> str:
    only = f"the data agree with {law}, and with no curve of another regime"
    if best.verdict == VARIANCE:
        return f"L - limit falls as 1/x: {only}."
    if best.verdict == RESOLUTION:
        return f"L itself falls as a power of x: {only}."
    if best.verdict == CROSSOVER:
        first, last = evidence.end_exponents(best)
        turns = "steepens" if last > first else "flattens"
        return (
            f"L {turns}: its exponent goes from {first:.2g} over the smallest sizes to {last:.2g} "
            f"over the largest, as does that of {law}."
        )
    if best.family.name == "exponential":
        return f"L falls as an exponential of x, not as a power: {only}."
    return (
        f"the limit dominates, and what is above it does not fall as 1/x: {only}. If the limit is "
        "noise of the targets, give it as irreducible."
    )
