"""The checklist of a surface."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ...tables import number
from ..surface.summary import shown
from .questions import Checklist, answered

if TYPE_CHECKING:
    from ..surface import SurfaceLaw

_OWN = "as fitted"


def surface_checklist(law: SurfaceLaw, stated: Mapping[str, str]) -> Checklist:
    """Return the checklist of a surface, with what the user states."""
    reached = "the minimum was reached" if law.converged else "the minimum was NOT reached"
    known = {
        "form": _form(law),
        "variables": f"loss against {', '.join(law.names)}",
        "range": ", ".join(
            f"{name} = {values.min():.4g}–{values.max():.4g}" for name, values in law.sizes.items()
        ),
        "seeds": _runs(law),
        "objective": _objective(law),
        "starts": (
            "a grid over the exponents, E and amplitudes solved exactly; the best points polished "
            f"by Newton's method; {reached}"
        ),
        "uncertainty": _uncertainty(law),
        "validation": _validation(law),
    }
    return answered(known, stated, {})


def _form(law: SurfaceLaw) -> str:
    groups = [label for label in law.table.labels if label]
    found = law.equation
    if groups:
        common = ", ".join(law.form.shared) or "nothing"
        found += f" for {len(groups)} groups, which share {common}"
    others = ", ".join(sorted(each.form for each in law.alternatives if each.form != _OWN))
    return f"{found}; compared with the law {others}" if others else found


def _runs(law: SurfaceLaw) -> str:
    rows = len(law.losses)
    if law.table.trainings is None:
        return f"{rows} runs"
    return f"{rows} rows of {len(law.table.training_names)} trainings"


def _objective(law: SurfaceLaw) -> str:
    if law.huber is None:
        return "the sum of squares of log(loss / law)"
    return f"the sum of Huber's function (threshold {law.huber:g}) of log(loss / law)"


def _uncertainty(law: SurfaceLaw) -> str:
    ends = law.intervals()
    parts = [f"{name} {shown(law.values[name], ends[name])}" for name in law.values if _told(name)]
    unit = "rows" if law.table.trainings is None else "whole trainings"
    return f"{', '.join(parts)} at 95 %: profile likelihood, {unit} independent"


def _told(name: str) -> bool:
    return name.startswith(("alpha", "allocation"))


def _validation(law: SurfaceLaw) -> str:
    own = next(row for row in law.alternatives if row.form == _OWN)
    unit = "runs" if law.table.trainings is None else "trainings"
    return (
        f"tenths of the {unit} from the others, to {number(own.left_out, '.2g')} dex; the quarter "
        "with the largest product of sizes from the rest, to "
        f"{number(own.extrapolation, '.2g')} dex"
    )
