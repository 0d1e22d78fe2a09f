"""The checklist of a law of one variable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ...tables import interval, number
from ...words import exact
from ..headline import over, symbol
from .questions import Checklist, answered
from .tuning import tuning_of

if TYPE_CHECKING:
    from ..law import Law


def curve_checklist(law: Law, stated: Mapping[str, str]) -> Checklist:
    """Return the checklist of a law, with what the user states."""
    table = law.observations.table
    tuning, warning = tuning_of(table.origin, table.label)
    known = {
        "form": _form(law),
        "variables": _variables(law),
        "n_counted": _counted(law),
        "range": _range(law),
        "seeds": _seeds(law),
        "exclusions": _exclusions(law),
        "tuning": tuning,
        "objective": _objective(law),
        "starts": _starts(law),
        "uncertainty": _uncertainty(law),
        "validation": _validation(law),
    }
    return answered(known, stated, {"tuning": warning})


def _form(law: Law) -> str:
    if law.chosen is None:
        return (
            "none holds over the sizes, by the tolerances of ltens; the exponent is the slope of "
            "the line through the logarithms at the large end"
        )
    given = "asked for" if law.asked else "the one that holds over the longest range"
    beside = ", ".join(row.model for row in law.alternatives if row.model != law.model)
    others = f"; compared with {beside}" if beside else ""
    return f"{law.equation}, {given}{others}"


def _variables(law: Law) -> str:
    table = law.observations.table
    name = table.axis or table.label
    found = f"the {law.statistic} over runs of {law.loss} against {name}"
    at = table.origin.get("at")
    fixed = ", ".join(f"{key} {exact(value)}" for key, value in at.items()) if at else ""
    return f"{found}, with {fixed}" if fixed else found


def _counted(law: Law) -> str:
    table = law.observations.table
    if table.label == "width":
        described = table.origin.get("configuration", {}).get("task", {})
        d = described.get("dimension")
        exactly = "" if d is None else f" = {d + 2} N + 1 for inputs of dimension {d}"
        return f"N is the number of hidden neurons; parameters are N (d + 2) + 1{exactly}"
    if "configuration" in table.origin:
        return f"{table.label} as ltens.sweep varied them"
    return ""


def _range(law: Law) -> str:
    letter = symbol(law)
    found = over(law, law.range)
    left = [f"{value:g}" for value in law.sizes if value < law.range[0]]
    return found + (f"; {letter} = {', '.join(left)} measured, but not in it" if left else "")


def _seeds(law: Law) -> str:
    few, many = int(law.samples.min()), int(law.samples.max())
    each = f"{few}" if few == many else f"{few} to {many}"
    return f"{each} at each size, {int(law.samples.sum())} in all"


def _exclusions(law: Law) -> str:
    if law.excluded:
        return f"{law.excluded} left out, {law.diverged} of them because they diverged"
    if law.diverged:
        return f"none of those given; {law.diverged} that diverged count as infinite"
    return "none of those given"


def _objective(law: Law) -> str:
    if law.chosen is None:
        return "the sum of squares of log loss about the line, all sizes with the same weight"
    squares = "squares" if law.huber is None else f"Huber's function (threshold {law.huber:g})"
    if law.observations.variances is None:
        return f"the sum of {squares} of log(loss / law), all sizes with the same weight"
    return (
        f"the sum of {squares} of log(loss / law), weighted by 1 / (variance over seeds + excess "
        "scatter)"
    )


def _starts(law: Law) -> str:
    if law.chosen is None:
        return "none: the slope is exact"
    reached = "the minimum was reached" if law.converged else "the minimum was NOT reached"
    return (
        "a grid over the parameters that are not linear, the others solved exactly; the best "
        f"points polished by Levenberg-Marquardt; {reached}"
    )


def _uncertainty(law: Law) -> str:
    from ..summary import ends_or_none

    if law.chosen is None:
        kind = "studentised bootstrap over seeds"
        if law.observations.variances is None:
            kind = "scatter about a smooth curve"
        return f"{law.end} at 95 %: {kind}"
    names = {
        "profile": "profile likelihood",
        "residuals": "profile likelihood, scatter about the law only",
    }
    kind = "residuals" if law.observations.variances is None else "profile"
    if (ends := ends_or_none(law, 0.95, kind)) is None:
        return "the exponent has no interval"
    return f"{number(law.exponent)} {interval(ends, '.3g')} at 95 %: {names[kind]}"


def _validation(law: Law) -> str:
    own = next((row for row in law.alternatives if row.model == law.model), None)
    if own is None:
        return "nothing: no law is claimed"
    return (
        f"each size from the others, to {number(own.left_out, '.2g')} dex; the largest quarter of "
        f"the sizes from the rest, to {number(own.extrapolation, '.2g')} dex"
    )
