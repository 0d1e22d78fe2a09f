"""Claim 3: mirror partners (w, b, a), (-w, b, a) against laws that are symmetric without pairs."""

from __future__ import annotations

import numpy as np

from ...tables import formatted, markdown
from ...tickets import symmetry
from ...training.networks import Networks
from .ensembles import Ensembles, protocol
from .records import Record, mean_of
from .sections import Section
from .verdicts import SOME, paired

USED = ("base", "unit", "ten", "skewed", "one-sided")
_WIDTHS = (10, 20, 40, 80)
NETWORKS = 100


def partners(data: Ensembles) -> list[Record]:
    """Score how much closer partners are than with signs redrawn, and than across seeds."""
    found = []
    for name in USED:
        for ensemble in data.get(name, {}).values():
            for n in [n for n in _WIDTHS if n in ensemble.nets]:
                kind = protocol(name)
                nets = ensemble.nets[n][:NETWORKS]
                half = min(abs(end) for end in kind.domain)
                found.append(_record(nets, kind.title, half))
    for n in (10, 80):  # untrained: what the estimators say where there is no pairing
        for activation in ("silu", "relu"):
            nets = Networks.init(n, NETWORKS, activation=activation)
            found.append(_record(nets, "untrained", 2.0))
    return found


def table(records: list[Record]) -> str:
    """Return one line for each ensemble."""
    columns = {
        "activation": "{activation}",
        "protocol": "{protocol}",
        "N": "{width}",
        "against signs redrawn": "{own:.2f} [{own_low:.2f}, {own_high:.2f}]",
        "p ≤ 0.05": "{significant:.0%}",
        "against independent neurons": "{mixed:.2f} [{mixed_low:.2f}, {mixed_high:.2f}]",
        "against another seed": "{others:.2f} [{others_low:.2f}, {others_high:.2f}]",
        "odd share of f": "{odd:.1e}",
        f"pairs (against independent neurons and another seed {SOME})": "{verdict}",
    }
    return markdown(*formatted(records, columns)) + "\n"


def _record(nets: Networks, title: str, half: float) -> Record:
    found = symmetry(nets, domain=half)
    record = {
        "activation": nets.activation,
        "protocol": title,
        "width": nets.width,
        "networks": len(nets.c),
        **mean_of("own", found.score),
        "significant": float((found.p_value < 0.051).mean()),
        **mean_of("mixed", found.score_mixed),
        **mean_of("others", found.score_others),
        "odd": float(np.median(found.odd_share)),
    }
    mixed, others = ((record[f"{key}_low"], record[f"{key}_high"]) for key in ("mixed", "others"))
    return {**record, "verdict": paired(mixed, others)}


SECTION = Section(USED, {"partners": partners}, (("partners", table),))
