"""Everything measured on lottery tickets: verdicts on the six claims, then the tables behind them.

The claims are those of Liu & Tegmark (2023), arXiv 2310.02258, numbered as in
``docs/results/tickets.md``.
"""

from __future__ import annotations

import os
import platform
import time

from ...tables import formatted, markdown
from ..effort import Effort
from ..registry import ITEMS
from .ensembles import Ensembles
from .records import save
from .sections import Found, Section, train_protocols
from .verdicts import verdicts


def make(effort: Effort) -> str:
    """Train all protocols, or read them from `folder`, and return verdicts and tables."""
    start = time.perf_counter()
    wanted = [name for section in sections().values() for name in section.protocols]
    return document(train_protocols(wanted, effort), effort, start=start)


def sections() -> dict[str, Section]:
    """Return the sections by title."""
    loaded = {item.title: item.load() for item in ITEMS.values() if item.function == "SECTION"}
    return {title: section for title, section in loaded.items() if isinstance(section, Section)}


def document(data: Ensembles, effort: Effort, *, start: float | None = None) -> str:
    """Return the verdicts and, under a heading for each section, its tables."""
    begun = time.perf_counter() if start is None else start
    found: Found = {}
    parts = []
    for title, section in sections().items():
        own = section.measured(data, effort)
        found |= own
        parts += [f"**{title}**", "", section.render(own)]
    claims = effort.judged(verdicts(found))
    save(claims, effort.table("claims"))
    columns = {name: f"{{{name}}}" for name in ("claim", "holds if", "measured", "verdict")}
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
