"""What the measurements say about the six claims, by the rule of `ltens.verdicts`.

The tolerances, chosen for all such quantities alike and not by the results: an exponent within a
tenth of what is claimed (`exponent_tolerance`); two losses the same within 25 % (`SAME_LOSS`); a
share, a correlation or a score below a tenth is none (`NEGLIGIBLE`). A claim about all widths or
protocols holds if it does at each, and is contradicted if one contradicts it; the intervals are
not corrected for how many there are, so the verdict says how many of them say what.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...tables import estimate
from ...verdicts import NEGLIGIBLE, SAME_LOSS, Claim, all_of, counted
from .records import Record
from .sections import Found

INVERSE, FOURTH = Claim.exponent(1.0), Claim.exponent(4.0)
SAME = Claim(*SAME_LOSS)
NONE, SOME = Claim.at_most(NEGLIGIBLE), Claim.at_least(NEGLIGIBLE)
# More than the factor of 60 between the median and the best peak of networks of N = 2 as trained:
# choosing the best of them does not pass for a better optimum.
REACHED = Claim.at_least(0.01)


def verdicts(found: Found) -> list[Record]:
    """Return claim, when it holds, what was measured, and verdict."""
    return [
        _silu(found["exponents"]),
        _relu(found["exponents"]),
        _partners(found["partners"]),
        _averages(found["averages"]),
        _variance(found["splits"]),
        _single_ticket(found["polish"]),
    ]


def paired(mixed: tuple[float, float], others: tuple[float, float]) -> str:
    """Return whether neurons pair: closer by a tenth than both nulls, given the scores' intervals.

    Examples
    --------
    >>> paired((0.2, 0.3), (0.14, 0.3)), paired((0.2, 0.3), (-0.05, 0.07))
    ('holds', 'contradicted')
    """
    return all_of([SOME.judge(mixed), SOME.judge(others)])


def unbiased(share: tuple[float, float], correlation: tuple[float, float]) -> str:
    """Return whether seeds share no error, given the intervals of bias² / loss and correlation.

    Examples
    --------
    >>> unbiased((0.02, 0.05), (0.0, 0.08)), unbiased((0.02, 0.05), (0.08, 0.2))
    ('holds', 'undecided')
    """
    return all_of([NONE.judge(share), NONE.judge(correlation)])


def attained(trained: float, best: float) -> str:
    """Return whether approximation sets a loss: what a better search found bounds it from above.

    A search that finds nothing better does not show that there is nothing: that is undecided.

    Examples
    --------
    >>> attained(1e-4, 1e-9), attained(1e-4, 0.9e-4)
    ('contradicted', 'undecided')
    """
    return REACHED.judge((0.0, best / trained))


def _silu(records: list[Record]) -> Record:
    own = [r for r in records if r["activation"] == "silu" and _shown(r)]
    return {
        "claim": "1 SiLU: loss ∝ N⁻¹ at all N",
        "holds if": f"α is {INVERSE}",
        "measured": "; ".join(map(_exponent, own)) or "nothing",
        "verdict": counted(INVERSE.judge(_ends(r, "exponent")) for r in own),
    }


def _relu(records: list[Record]) -> Record:
    own = [r for r in records if r["activation"] == "relu"]
    steep = [r for r in own if r["low"] == 4 and r["high"] == 20]
    tail = [r for r in own if r["low"] >= 20]
    kinds = []
    for name, chosen, claim in (("N⁻⁴", steep, FOURTH), ("N⁻¹", tail, INVERSE)):
        kinds.append(f"{name}: {counted(claim.judge(_ends(r, 'exponent')) for r in chosen)}")
    return {
        "claim": "2 ReLU: N⁻⁴, then N⁻¹",
        "holds if": f"α is {FOURTH} for N = 4–20, {INVERSE} from 20 on",
        "measured": "; ".join(map(_exponent, [*steep, *tail])) or "nothing",
        "verdict": "; ".join(kinds),
    }


def _partners(records: list[Record]) -> Record:
    own = [r for r in records if r["protocol"] != "untrained"]
    parts = [
        f"{activation}: closer than independent neurons by {_range(some, 'mixed')}, than another "
        f"seed's by {_range(some, 'others')}"
        for activation, some in _by_activation(own)
    ]
    return {
        "claim": "3 Wide networks hold mirror partners",
        "holds if": f"both scores are {SOME}",
        "measured": "; ".join(parts) or "nothing",
        "verdict": counted(r["verdict"] for r in own),
    }


def _averages(records: list[Record]) -> Record:
    own = [r for r in records if r["activation"] == "silu" and r["k"] == 2]
    own = [r for r in own if r["narrow"] in (10, 20, 40) and " 4 x" not in r["protocol"]]
    parts = [
        f"{r['protocol']}, 2 × {r['narrow']}: "
        f"averaged {estimate(r['averaged_ratio'], _ends(r, 'averaged'), '.2f')}, "
        f"rule {estimate(r['rule_ratio'], _ends(r, 'rule'), '.2f')}"
        for r in own
    ]
    kinds = [counted(r[key] for r in own) for key in ("averaged_verdict", "rule_verdict")]
    return {
        "claim": "4 Width acts as ensembling (2 × 20 ~ 40)",
        "holds if": f"predicted / trained is {SAME}",
        "measured": "SiLU: " + "; ".join(parts),
        "verdict": f"outputs averaged: {kinds[0]}; uncorrelated rule: {kinds[1]}",
    }


def _variance(records: list[Record]) -> Record:
    own = [r for r in records if r["width"] in (10, 20, 40, 80) and "step" not in r["protocol"]]
    parts = [
        f"{activation}: bias² is {_range(some, 'share')} of the loss, seeds correlate "
        f"{_range(some, 'correlation')}"
        for activation, some in _by_activation(own)
    ]
    return {
        "claim": "5 The loss is variance of unbiased, uncorrelated parts",
        "holds if": f"share of bias² and correlation are {NONE}",
        "measured": "; ".join(parts) or "nothing",
        "verdict": "; ".join(
            f"{activation}: {counted(r['verdict'] for r in some)}"
            for activation, some in _by_activation(own)
        )
        or counted([]),
    }


def _single_ticket(records: list[Record]) -> Record:
    own = [r for r in records if r["activation"] == "silu" and r["width"] == 2]
    parts = [
        f"N = 2, median trained {r['trained']:.1e}, best of {r['networks']} after "
        f"{r['budget']} second-order steps {r['best']:.1e}"
        for r in own
    ]
    return {
        "claim": "6 A single ticket's error is set by approximation",
        "holds if": f"the best loss over the trained median is {REACHED}",
        "measured": "; ".join(parts) or "nothing",
        "verdict": counted(attained(r["trained"], r["best"]) for r in own),
    }


def _shown(record: Record) -> bool:
    """Return whether the range is one of those the verdict names; the table has all."""
    middle = record["low"] == 5 and record["high"] in (56, 60)
    return (middle or record["low"] >= 20) and " 4 x" not in record["protocol"]


def _ends(record: Record, name: str) -> tuple[float, float]:
    return record[f"{name}_low"], record[f"{name}_high"]


def _exponent(record: Record) -> str:
    found = estimate(record["exponent"], _ends(record, "exponent"), ".2f")
    return f"{record['protocol']}, {record['low']}–{record['high']}: {found}"


def _by_activation(records: list[Record]) -> Iterable[tuple[str, list[Record]]]:
    for activation in ("silu", "relu"):
        some = [r for r in records if r["activation"] == activation]
        if some:
            yield activation, some


def _range(records: list[Record], name: str) -> str:
    values = [r[name] for r in records]
    return f"{min(values):.2f} to {max(values):.2f}"
