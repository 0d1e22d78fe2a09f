"""The verdict on a curve that falls: what all curves that agree with the data have in common.

Rules 2 to 4 of docs/guide/regimes.md.
"""

from __future__ import annotations

from .curve_evidence import Evidence
from .definition import UNDECIDED, VERDICTS

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
            f"the data agree with {law} ({VERDICTS[best.verdict]}), but also with {others}: a longer "
            "range, less noise"
            + (", or a known limit" if evidence.limit is None else "")
            + " would tell."
        )
    return VERDICTS[best.verdict], _REASONS[best.verdict].format(law=law)


_REASONS = (
    "L - limit falls as 1/x: the data agree with {law}, and with no curve of another kind.",
    "L itself falls as a power of x: the data agree with {law}, and with no curve of another kind.",
    "L goes from one law to another, or to its limit, within the sizes: it falls as {law}.",
    "L is no power law and none that is becoming one: it falls as {law}.",
)
