"""A law of whole trainings as text, as HTML and as plain numbers."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from ... import tables
from ..surface import summary as surface_summary

if TYPE_CHECKING:
    from .discarding import Discarded
    from .law import HistoryLaw


def rule(law: HistoryLaw) -> str:
    """Return how many checkpoints are left out, and by what rule."""
    rows = len(law.kept)
    early, warm = int((law.rows & ~law.kept).sum()), int((~law.rows).sum())
    parts = []
    if warm:
        until = f"up to the warm-up's end at {law.time} {law.warmup:g}" if law.warmup else "at 0"
        parts.append(f"{warm} {until}")
    if law.given:
        why = "as given"
    elif len(law.tried) == 1:
        why = "since there are too few to leave any out"
    elif law.chosen == len(law.tried) - 1 and law.chosen:
        why = "the largest share that was tried: the exponents move to the end"
    else:
        why = "the smallest share from which no exponent moves as more is left out"
    share = f"the first {100 * law.share:.0f} % of each training's range of log {law.time}, {why}"
    if not law.share:
        share = f"no early ones, {why}"
    parts.append(f"{early} early, {share}" if early or law.share else share)
    return f"{warm + early} of {rows} checkpoints are left out: {'; '.join(parts)}"


def text(law: HistoryLaw, level: float = 0.95) -> str:
    """Return the law as text."""
    lines = surface_summary.text(law.surface, level).split("\n")
    kept = [line for line in lines if not line.startswith("  ! ")]
    while kept and not kept[-1]:
        kept.pop()
    found = [*kept, "", *(f"  {line}" for line in _steps(law, level)), "", f"  {rule(law)}."]
    return "\n".join([*found, *(f"  ! {warning}" for warning in law.warnings)])


def html(law: HistoryLaw, level: float = 0.95) -> str:
    """Return the law as HTML, for notebooks."""
    items = "".join(f"<li>{escape(warning)}</li>" for warning in (f"{rule(law)}.", *law.warnings))
    rows = tables.html(
        [
            ("loss", law.equation),
            *(
                (name, surface_summary.shown(value, law.interval(name, level)))
                for name, value in law.coefficients.items()
            ),
        ]
    )
    return f"{rows}<ul>{items}</ul>"


def plain(law: HistoryLaw, level: float = 0.95) -> dict[str, Any]:
    """Return the law as plain numbers: those of its surface, and what was left out."""
    found = law.surface.to_dict(level)
    found |= {
        "model": "histories",
        "time": law.time,
        "trainings": len(law.histories.run_names),
        "checkpoints": len(law.kept),
        "share": law.share,
        "given": law.given,
        "warmup": law.warmup,
        "discarded": int((~law.kept).sum()),
        "rule": rule(law),
        "tried": [{"share": each.share, "exponents": each.law.exponents} for each in law.tried],
        "misfit": law.misfit,
        "warnings": law.warnings,
    }
    return dict(tables.plain(found))


def _steps(law: HistoryLaw, level: float) -> list[str]:
    """Return a table of the exponents by the share that is left out."""
    if len(law.tried) < 2:
        return []
    heads = ["left out", "checkpoints", *(f"alpha_{name}" for name in law.names)]
    cells = [
        [
            f"{100 * each.share:.0f} %" + (" *" if i == law.chosen else ""),
            str(int(np.count_nonzero(each.kept))),
            *(exponent(each, name, level) for name in law.names),
        ]
        for i, each in enumerate(law.tried)
    ]
    return tables.text(heads, cells).split("\n")


def exponent(fit: Discarded, name: str, level: float) -> str:
    """Return the exponent of a variable with its interval."""
    ends = fit.law.interval(f"alpha_{name}", level)
    return surface_summary.shown(fit.law.exponents[name], ends)
