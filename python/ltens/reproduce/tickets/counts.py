"""How many tickets a network holds, how their errors correlate, and how both change with width."""

from __future__ import annotations

import numpy as np

from ...tables import formatted, markdown
from ...tickets import find_tickets, slope
from ...training.networks import Networks
from ...training.task import Task
from .ensembles import Ensembles, protocol
from .records import Record, ends, groups, mean_of
from .sections import Section

USED = ("stop-500", "stop-5000", "base", "ten", "unit")
_WIDTHS = (5, 10, 20, 40, 60, 80, 100)
# Thresholds of R^2 by field name. The best two ReLU neurons reach 0.988, so that a ReLU pair can
# count at the lowest only.
_LEVELS = {"n95": 0.95, "n99": 0.99, "n999": 0.999, "n9999": 0.9999}
_CONTROL = (10, 20, 40, 80)
NETWORKS = 200


def counts(data: Ensembles) -> list[Record]:
    """Count disjoint tickets at four thresholds of R^2; correlations at 0.99."""
    found = []
    for name in [name for name in USED if name in data]:
        for ensemble in data[name].values():
            for n in [n for n in _WIDTHS if n in ensemble.nets]:
                nets = ensemble.nets[n][:NETWORKS]
                found.append(ticket_record(nets, ensemble.task, protocol(name).title))
    for n in _CONTROL:  # before training: how many pairs fit by chance
        for activation in ("relu", "silu"):
            start = Networks.init(n, NETWORKS, activation=activation)
            found.append(ticket_record(start, protocol("base").task, "untrained"))
    return found


def ticket_record(nets: Networks, task: Task, title: str) -> Record:
    """Return the number of tickets at each threshold, and the correlation of their errors."""
    tickets = find_tickets(nets, task, threshold=_LEVELS["n99"], thresholds=(*_LEVELS.values(),))
    record: Record = {
        "activation": nets.activation,
        "protocol": title,
        "width": nets.width,
        "networks": len(nets.c),
    }
    for k, key in enumerate(_LEVELS):
        record |= mean_of(key, tickets.count[:, k].astype(np.float64))
    sizes = tickets.by_size[:, 1].sum(axis=0)
    record["triples"] = float(sizes[2] / max(1, sizes.sum()))
    record |= mean_of("correlation", tickets.correlation)
    return record | mean_of("effective", tickets.effective)


def exponents(records: list[Record]) -> list[Record]:
    """Return beta of n(N) ~ N^beta at each threshold that has tickets at three widths."""
    found: list[Record] = []
    for (title, activation), own in groups(records, "protocol", "activation").items():
        for key, level in _LEVELS.items():
            good = [r for r in own if r[key] > 0]
            if len(good) < 3:
                continue
            errors = [(r[f"{key}_high"] - r[key]) / 1.96 for r in good]
            law = slope([r["width"] for r in good], [r[key] for r in good], errors)
            record = {"protocol": title, "activation": activation, "r2": level}
            record |= {"low": good[0]["width"], "high": good[-1]["width"]}
            record |= {"exponent": law.exponent, **ends("exponent", law.interval)}
            found.append({**record, "chi2": law.chi2})
    return found


def table(records: list[Record]) -> str:
    """Return one line for each ensemble."""
    columns = {
        "activation": "{activation}",
        "protocol": "{protocol}",
        "N": "{width}",
        "tickets at R² ≥ 0.95": "{n95:.1f}",
        "0.99": "{n99:.1f}",
        "0.999": "{n999:.1f}",
        "0.9999": "{n9999:.1f}",
        "correlation of their errors": "{correlation:.2f} [{correlation_low:.2f}, "
        "{correlation_high:.2f}]",
        "effective number": "{effective:.1f}",
    }
    return markdown(*formatted(records, columns)) + "\n"


def exponents_table(records: list[Record]) -> str:
    """Return one line for each threshold."""
    columns = {
        "activation": "{activation}",
        "protocol": "{protocol}",
        "R² ≥": "{r2}",
        "N": "{low} to {high}",
        "n ~ N^β": "{exponent:.2f} [{exponent_low:.2f}, {exponent_high:.2f}]",
        "χ² / degrees of freedom": "{chi2:.1f}",
    }
    return markdown(*formatted(records, columns)) + "\n"


SECTION = Section(
    USED,
    measures={"tickets": counts},
    derived={"ticket_exponents": ("tickets", exponents)},
    tables=(("tickets", table), ("ticket_exponents", exponents_table)),
)
