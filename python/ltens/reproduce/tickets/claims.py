"""Everything measured on lottery tickets: verdicts on the six claims, then the tables behind them.

The claims are those of Liu & Tegmark (2023), arXiv 2310.02258, numbered as in ``docs/tickets.md``.
"""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path

from ...tables import formatted, markdown
from . import averages as tickets_averages
from . import counts as tickets_counts
from . import exponents as tickets_exponents
from . import kinks as tickets_kinks
from . import modes as tickets_modes
from . import partners as tickets_partners
from . import peaks as tickets_peaks
from . import polished as tickets_polished
from . import pruned as tickets_pruned
from . import refitted as tickets_refitted
from . import splits as tickets_splits
from .ensembles import Ensembles
from .records import save
from .sections import Found, Section, measured, train_protocols
from .verdicts import verdicts

SECTIONS: tuple[Section, ...] = (
    tickets_exponents.SECTION,
    tickets_kinks.SECTION,
    tickets_peaks.SECTION,
    tickets_partners.SECTION,
    tickets_averages.SECTION,
    tickets_splits.SECTION,
    tickets_modes.SECTION,
    tickets_counts.SECTION,
    tickets_refitted.SECTION,
    tickets_polished.SECTION,
    tickets_pruned.SECTION,
)


def make(quick: bool, threads: int, *, folder: Path | None = None) -> str:
    """Train all protocols, or read them from `folder`, and return verdicts and tables."""
    start = time.perf_counter()
    wanted = [name for section in SECTIONS for name in section.protocols]
    data = train_protocols(wanted, quick=quick, threads=threads, folder=folder)
    return document(data, folder=folder, start=start)


def document(data: Ensembles, *, folder: Path | None = None, start: float | None = None) -> str:
    """Return the verdicts and, under a heading for each section, its tables."""
    begun = time.perf_counter() if start is None else start
    found: Found = {}
    parts = []
    for section in SECTIONS:
        own = measured(section, data, folder)
        found |= own
        parts += [f"**{section.title}**", "", section.render(own)]
    claims = verdicts(found)
    save(claims, folder, "claims")
    columns = {"claim": "{claim}", "measured": "{measured}", "verdict": "{verdict}"}
    return "\n".join(
        [markdown(*formatted(claims, columns)), "", _provenance(data, begun), "", *parts]
    )


def _provenance(data: Ensembles, start: float) -> str:
    """Return seeds, failures, machine and time in a line."""
    seeds = {
        name: max(len(loss) for e in kinds.values() for loss in e.loss.values())
        for name, kinds in data.items()
    }
    failed = sum(e.diverged for kinds in data.values() for e in kinds.values())
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    counts = "; ".join(f"{name} {count}" for name, count in seeds.items())
    return (
        f"Seeds per width and activation, by protocol: {counts}. Diverged: {failed}. {machine}, "
        f"{time.perf_counter() - start:.0f} s."
    )
