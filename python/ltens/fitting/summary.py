"""A law as text, as HTML and as plain numbers."""

from __future__ import annotations

import math
from dataclasses import asdict
from html import escape
from typing import TYPE_CHECKING, Any

from .. import tables
from ..tables import interval, number
from .headline import end, headline, span, symbol, verdict

if TYPE_CHECKING:
    from .law import Law


def line(law: Law) -> str:
    """Return the law in one line."""
    if law.chosen is None:
        return f"{law.statistic} {law.loss}: {end(law)}; {verdict(law)}"
    shown = ", ".join(f"{name} {value:.4g}" for name, value in law.coefficients.items())
    return f"{law.statistic} {law.loss} = {law.equation}: {shown}"


def text(law: Law, level: float = 0.95) -> str:
    """Return the headline, the fit, the alternatives and the warnings for a terminal."""
    lines = [title(law), *(f"  {sentence}" for sentence in headline(law, level))]
    if facts := _facts(law, level):
        lines += ["", tables.listing(facts, indent="  ")]
    if law.alternatives:
        lines += ["", tables.text(_heads(law, "dAICc"), _cells(law), indent="  ")]
    if law.warnings:
        lines.append("")
    lines += [f"  ! {warning}" for warning in law.warnings]
    return "\n".join(lines)


def title(law: Law) -> str:
    """Return what was fitted: statistic, loss, sizes and seeds."""
    sizes = f"{symbol(law)} = {span((law.sizes[0], law.sizes[-1]))}"
    from_ = law.observations.table.pooled
    many = f"{len(law.sizes)} sizes" + (f" pooled from {from_}" if from_ else "")
    return f"{law.statistic} {law.loss}, {sizes}: {many}, {_seeds(law)}"


def html(law: Law, level: float = 0.95) -> str:
    """Return the law as HTML, for notebooks."""
    sentences = "".join(f"<p>{escape(sentence)}</p>" for sentence in headline(law, level))
    facts = _facts(law, level)
    parts = [
        f"<p><b>{escape(title(law))}</b></p>{sentences}",
        tables.html(facts) if facts else "",
        tables.html(_cells(law), _heads(law, "ΔAICc")) if law.alternatives else "",
    ]
    items = "".join(f"<li>{escape(warning)}</li>" for warning in law.warnings)
    return "".join(parts) + (f"<ul>{items}</ul>" if items else "")


def _facts(law: Law, level: float) -> list[tuple[str, str]]:
    """Return how the law was fitted, and how closely."""
    if law.chosen is None:
        return []
    return [
        ("law", f"{law.statistic} {law.loss} = {law.equation}"),
        ("exponent", f"{law.exponent:.4g}{_first_interval(law, level)}"),
        *[("", each) for each in _other_intervals(law, level)],
        ("scatter", f"{law.scatter:.2g} dex about the law{_scatter_note(law)}"),
    ]


def plain(law: Law, level: float = 0.95) -> dict[str, Any]:
    """Return the law as plain numbers; None where there is no number, as JSON has no infinity."""
    intervals = {name: ends_or_none(law, level, name) for name in ("profile", "bootstrap")}
    if law.observations.variances is None:
        intervals["residuals"] = ends_or_none(law, level, "residuals")
    found = {
        "headline": headline(law, level),
        "end": asdict(law.slopes.at_the_end(level)),
        "holds": law.holds,
        "range": law.range,
        "pieces": [asdict(piece) for piece in law.pieces],
        "model": law.model,
        "equation": law.equation,
        "exponent": law.exponent,
        "interval": intervals["profile"],
        "intervals": intervals,
        "level": level,
        "coefficients": dict(law.coefficients),
        "coefficient_intervals": law.coefficient_intervals(level),
        "amplitude": law.amplitude,
        "floor": law.floor,
        "statistic": law.statistic,
        "loss": law.loss,
        "scatter": law.scatter,
        "excess": law.excess,
        "degrees": law.degrees,
        "converged": law.converged,
        "sizes": law.sizes,
        "losses": law.losses,
        "standard_errors": law.standard_errors,
        "samples": law.samples,
        "excluded": law.excluded,
        "diverged": law.diverged,
        "resamples": law.resamples,
        "huber": law.huber,
        "alternatives": [row.to_dict() for row in law.alternatives],
        "warnings": law.warnings,
    }
    return dict(tables.plain(found))


def ends_or_none(law: Law, level: float, method: str) -> tuple[float, float] | None:
    """Return the interval, or None where the law has none of this kind."""
    if law.chosen is None:
        known = law.observations.variances is not None
        return law.interval(level, method) if known or method == "residuals" else None
    if law.chosen.model.exponent_at is None:
        return None
    if method != "bootstrap" and law.degrees < 1:
        return None
    if method != "residuals" and law.observations.variances is None:
        return None
    if method == "bootstrap" and not law.resamples:
        return None
    return law.interval(level, method)


def _seeds(law: Law) -> str:
    few, many = int(law.samples.min()), int(law.samples.max())
    count = f"{few}" if few == many else f"{few} to {many}"
    note = f", {law.excluded} {law.observations.table.noun}(s) left out" if law.excluded else ""
    each = "1 loss" if count == "1" else f"{count} losses"
    return f"{each} at each{note}"


def _first_interval(law: Law, level: float) -> str:
    kind = "profile" if law.observations.variances is not None else "residuals"
    ends = ends_or_none(law, level, kind)
    if ends is None:
        return "" if law.chosen is None or law.chosen.model.exponent_at is not None else " (given)"
    words = {"profile": "profile likelihood", "residuals": "scatter about the law only"}
    return f"  {interval(ends, '.4g')}  {100 * level:g} %, {words[kind]}"


def _other_intervals(law: Law, level: float) -> list[str]:
    ends = ends_or_none(law, level, "bootstrap")
    if ends is None:
        return []
    words = "other seeds"
    if law.resampling.widened and len(law.resampling.by_size):
        words = "other seeds and sizes"
    room = " " * len(f"{law.exponent:.4g}")
    return [f"{room}  {interval(ends, '.4g')}  {100 * level:g} %, bootstrap: {words}"]


def _scatter_note(law: Law) -> str:
    if law.chosen is None or law.huber is not None:
        return ""
    if law.observations.variances is None or law.degrees < 1:
        return ""
    times = math.sqrt(law.chosen.fitted.seed_cost[0] / law.degrees)
    return f", {times:.2g} times what the seeds explain"


def _heads(law: Law, difference: str) -> list[str]:
    """Return the heads of the alternatives; AICc where a model was asked for.

    A law that was found to hold was not chosen by AICc, whose price for parameters is steep where
    sizes are few.
    """
    return ["model", *([difference] if law.asked else []), "exponent", "left out", "beyond"]


def _cells(law: Law) -> list[list[str]]:
    """Return the alternatives; errors of prediction are in dex."""
    rows = law.alternatives
    if not law.asked:
        rows = tuple(sorted(rows, key=lambda row: row.model != law.model))
    return [
        [
            row.model,
            *([f"{row.difference:.1f}" if math.isfinite(row.criterion) else "-"] * law.asked),
            f"{row.exponent:.4g}",
            number(row.left_out, ".2g"),
            number(row.extrapolation, ".2g"),
        ]
        for row in rows
    ]
