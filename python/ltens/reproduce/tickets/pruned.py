"""Pruning: the loss of a wide network with few neurons kept, beside networks trained narrow."""

from __future__ import annotations

import numpy as np

from ...tables import formatted, markdown
from ...tickets import prune
from .ensembles import Ensembles, protocol
from .records import Record, ends
from .sections import Section

USED = ("base", "ten")
_KEPT = (1, 2, 3, 5, 7, 10, 14, 20, 30, 40, 60, 80, 100)
_NETWORKS = 200


def pruned(data: Ensembles) -> list[Record]:
    """Prune the networks of N = 100 (80 of the longer schedule) by both methods."""
    found = []
    for name in [name for name in USED if name in data]:
        for activation in ("silu", "relu"):
            ensemble = data[name][activation]
            start = max(ensemble.nets)
            keep = [n for n in _KEPT if n <= start]
            runs = {
                method: prune(
                    ensemble.nets[start][:_NETWORKS], ensemble.task, keep=keep, method=method
                )
                for method in ("backward", "clusters")
            }
            done = runs["backward"]
            for k, n in enumerate(done.kept.tolist()):
                record = {
                    "activation": activation,
                    "protocol": protocol(name).title,
                    "start": start,
                    "start_loss": float(np.median(done.trained)),
                    "networks": len(done.trained),
                    "kept": n,
                }
                for method, each in runs.items():
                    middle = np.quantile(each.loss[:, k], [0.5, 0.25, 0.75])
                    record |= {method: float(middle[0]), **ends(method, (middle[1], middle[2]))}
                direct = ensemble.loss.get(n)
                record["trained"] = np.nan if direct is None else float(np.median(direct))
                found.append(record)
    return found


def table(records: list[Record]) -> str:
    """Return one line for each number of neurons kept; in brackets the quartiles."""
    columns = {
        "activation": "{activation}",
        "protocol, from": "{protocol}, N = {start}, {start_loss:.1e}",
        "kept": "{kept}",
        "backward elimination": "{backward:.1e} [{backward_low:.1e}, {backward_high:.1e}]",
        "correlation clusters": "{clusters:.1e} [{clusters_low:.1e}, {clusters_high:.1e}]",
        "trained at that width": "{trained:.1e}",
    }
    return markdown(*formatted(records, columns)) + "\n"


SECTION = Section(USED, {"pruning": pruned}, (("pruning", table),))
