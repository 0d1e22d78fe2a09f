"""Claim 4: does width act as ensembling? Narrow networks averaged against real wide ones."""

from __future__ import annotations

from ...tables import formatted, markdown
from ...tickets import Averaging, ensembling
from .ensembles import Ensembles, protocol
from .records import Record, ends
from .sections import Section
from .verdicts import SAME

USED = ("base", "unit", "four", "ten", "unit-ten")
_NARROW = (1, 2, 5, 10, 20, 40, 50)


def averages(data: Ensembles) -> list[Record]:
    """Compare 2 networks of each width, and 2 to 16 of width 5, with one network."""
    found = []
    for name in [name for name in USED if name in data]:
        for activation in ("silu", "relu"):
            ensemble = data[name][activation]
            rows = ensembling(ensemble.nets, ensemble.task, k=(2, 4, 8, 16)).rows
            found += [
                comparison(activation, protocol(name).title, row)
                for row in rows
                if (row.k == 2 and row.narrow in _NARROW) or row.narrow == 5
            ]
    return found


def table(records: list[Record]) -> str:
    """Return one line for each comparison."""
    columns = {
        "activation": "{activation}",
        "protocol": "{protocol}",
        "k × N → kN": "{k} × {narrow} → {wide}",
        "kN trained": "{observed:.1e}",
        "outputs averaged / trained": "{averaged_ratio:.2f} [{averaged_low:.2f}, "
        "{averaged_high:.2f}]",
        "rule Σl/k² / trained": "{rule_ratio:.2f} [{rule_low:.2f}, {rule_high:.2f}]",
        f"ratio is {SAME}: averaged; rule": "{averaged_verdict}; {rule_verdict}",
    }
    return markdown(*formatted(records, columns)) + "\n"


def comparison(activation: str, title: str, row: Averaging) -> Record:
    """Return one comparison with its intervals and verdicts."""
    averaged, rule = row.intervals["synergy"], row.intervals["synergy_uncorrelated"]
    return {
        "activation": activation,
        "protocol": title,
        "k": row.k,
        "narrow": row.narrow,
        "wide": row.wide,
        "narrow_loss": row.narrow_loss,
        "observed": row.observed,
        "averaged_ratio": row.synergy,
        **ends("averaged", averaged),
        "rule_ratio": row.synergy_uncorrelated,
        **ends("rule", rule),
        "averaged_verdict": SAME.judge(averaged),
        "rule_verdict": SAME.judge(rule),
    }


SECTION = Section(USED, {"averages": averages}, (("averages", table),))
