"""What the measurements say about the six claims: one line for each."""

from __future__ import annotations

from collections.abc import Iterable

from .records import Record
from .sections import Found

_NEAR_ONE, _NEAR_FOUR = (0.9, 1.1), (3.6, 4.4)  # an exponent whose interval meets this is that one
_SHARP = 0.8  # a wider interval decides nothing


def verdicts(found: Found) -> list[Record]:
    """Return claim, what was measured, and verdict."""
    return [
        _silu(found["exponents"]),
        _relu(found["exponents"]),
        _partners(found["partners"]),
        _averages(found["averages"]),
        _variance(found["splits"]),
        _single_ticket(found["polish"]),
    ]


def decide(low: float, high: float, wanted: tuple[float, float]) -> str:
    """Return what an interval says about a wanted range.

    Examples
    --------
    >>> decide(0.95, 1.05, (0.9, 1.1)), decide(1.3, 1.4, (0.9, 1.1)), decide(-2, 4, (0.9, 1.1))
    ('holds', 'fails', 'undecided')
    """
    if low > wanted[1] or high < wanted[0]:
        return "fails"
    return "holds" if high - low < _SHARP else "undecided"


def together(found: Iterable[str], on: str) -> str:
    """Return one verdict of several: what they agree on, or that it depends.

    Examples
    --------
    >>> together(["holds", "holds"], "width"), together(["holds", "fails"], "width")
    ('holds', 'depends on width')
    """
    kinds = set(found) or {"not measured"}
    return kinds.pop() if len(kinds) == 1 else f"depends on {on}"


def _silu(records: list[Record]) -> Record:
    own = [r for r in records if r["activation"] == "silu" and _shown(r)]
    kinds = [decide(r["exponent_low"], r["exponent_high"], _NEAR_ONE) for r in own]
    return {
        "claim": "1 SiLU: loss ∝ N⁻¹ at all N",
        "measured": "; ".join(map(_exponent, own)) or "nothing",
        "verdict": together(kinds, "interval, widths and training time"),
    }


def _relu(records: list[Record]) -> Record:
    own = [r for r in records if r["activation"] == "relu"]
    steep = [r for r in own if r["low"] == 4 and r["high"] == 20]
    tail = [r for r in own if r["low"] >= 20]
    parts = []
    for name, chosen, wanted in (("N⁻⁴", steep, _NEAR_FOUR), ("N⁻¹", tail, _NEAR_ONE)):
        kinds = [decide(r["exponent_low"], r["exponent_high"], wanted) for r in chosen]
        if kinds:
            parts.append(f"{name}: {together(kinds, 'interval, widths and training time')}")
    return {
        "claim": "2 ReLU: N⁻⁴, then N⁻¹",
        "measured": "; ".join(map(_exponent, [*steep, *tail])),
        "verdict": "; ".join(parts) or "not measured",
    }


def _partners(records: list[Record]) -> Record:
    own = [r for r in records if r["protocol"] != "untrained"]
    yes = [
        f"{r['activation']} {r['protocol']} N = {r['width']}" for r in own if r["verdict"] == "yes"
    ]
    return {
        "claim": "3 Wide networks hold mirror partners",
        "measured": f"closer than both nulls in {len(yes)} of {len(own)} ensembles: "
        + ("; ".join(yes) or "none"),
        "verdict": "holds" if len(yes) == len(own) else "depends" if yes else "fails",
    }


def _averages(records: list[Record]) -> Record:
    own = [r for r in records if r["activation"] == "silu" and r["k"] == 2]
    own = [r for r in own if r["narrow"] in (10, 20, 40) and " 4 x" not in r["protocol"]]
    parts = [
        f"{r['protocol']}, 2 × {r['narrow']}: {r['averaged_ratio']:.2f}, rule {r['rule_ratio']:.2f}"
        for r in own
    ]
    kinds = [
        together([("holds" if r[key] == "holds" else "fails") for r in own], "width and training")
        for key in ("averaged_verdict", "rule_verdict")
    ]
    return {
        "claim": "4 Width acts as ensembling (2 × 20 ~ 40)",
        "measured": "predicted / trained, SiLU: " + "; ".join(parts),
        "verdict": f"outputs averaged: {kinds[0]}; uncorrelated rule: {kinds[1]}",
    }


def _variance(records: list[Record]) -> Record:
    own = [r for r in records if r["width"] in (10, 20, 40, 80) and "step" not in r["protocol"]]
    parts = []
    for activation in ("silu", "relu"):
        some = [r for r in own if r["activation"] == activation]
        if some:
            share, corr = ([r[key] for r in some] for key in ("share", "correlation"))
            yes = sum(r["verdict"] == "yes" for r in some)
            parts.append(
                f"{activation}: bias² is {min(share):.0%} to {max(share):.0%} of the loss, seeds "
                f"correlate {min(corr):.2f} to {max(corr):.2f}, none in {yes} of {len(some)}"
            )
    return {
        "claim": "5 The loss is variance of unbiased, uncorrelated parts",
        "measured": "; ".join(parts),
        "verdict": together(
            ["holds" if r["verdict"] == "yes" else "fails" for r in own], "activation and width"
        ),
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
        "measured": "; ".join(parts),
        "verdict": together(
            ["fails" if r["best"] < 0.01 * r["trained"] else "holds" for r in own], "the budget"
        ),
    }


def _shown(record: Record) -> bool:
    """Return whether the range is one of those the verdict names; the table has all."""
    middle = record["low"] == 5 and record["high"] in (56, 60)
    return (middle or record["low"] >= 20) and " 4 x" not in record["protocol"]


def _exponent(record: Record) -> str:
    return (
        f"{record['protocol']}, {record['low']}–{record['high']}: {record['exponent']:.2f} "
        f"[{record['exponent_low']:.2f}, {record['exponent_high']:.2f}]"
    )
