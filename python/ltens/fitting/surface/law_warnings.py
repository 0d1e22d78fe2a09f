"""What a careful colleague would say about a fitted surface, in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .checkpoints import checkpoint_warning
from .design import design_warnings
from .model import ABSENT

if TYPE_CHECKING:
    from .law import SurfaceLaw

_SURELY = 0.01  # a form with more coefficients fits so much better by chance in so few cases
_AS_WELL = 0.05  # a form with fewer coefficients is not excluded
_SENSIBLE_SHIFT = 0.02  # of an exponent that a reader would notice
_MOVED = 0.5  # of the half-length of a 95 % interval, or the whole of that without the run
_FEW_TRAININGS = 10  # below which a variance over whole trainings is a guess
_SPARE = 2  # rows for each coefficient


def warnings_of(law: SurfaceLaw) -> tuple[str, ...]:
    """Return the warnings of a fit, the gravest first."""
    own = "amplitudes" not in law.form.shared
    return (
        *_convergence(law),
        *_few_runs(law),
        *_small_groups(law),
        *_still_groups(law),
        *checkpoint_warning(law.table, law.residuals),
        *_absent(law),
        *_open(law),
        *_floor(law),
        *_influence(law),
        *design_warnings(law.table, own),
        *_preferences(law),
    )


def _convergence(law: SurfaceLaw) -> list[str]:
    if law.converged:
        return []
    return ["The fit did not converge: its coefficients are only the best that were found."]


def _few_runs(law: SurfaceLaw) -> list[str]:
    rows, count = len(law.losses), law.fitted.surface.layout.size
    found = []
    if rows < (_SPARE + 1) * count:
        found.append(
            f"{rows} runs for {count} coefficients leave {rows - count} degrees of freedom: the "
            "intervals rest on little."
        )
    trainings = len(law.table.training_names)
    if law.table.trainings is not None and trainings < _FEW_TRAININGS:
        found.append(
            f"{trainings} trainings only: how far other trainings would move the coefficients is "
            "known roughly."
        )
    return found


def _small_groups(law: SurfaceLaw) -> list[str]:
    """Say which groups determine little more than what is their own."""
    counts = np.bincount(law.table.groups)
    return [
        f"Group {label} has {runs} runs for {own} coefficients of its own: they rest on "
        f"{'nothing but' if runs == own else 'little more than'} these runs, and it says next to "
        "nothing about what all share."
        for label, runs, own in zip(
            law.table.labels, counts, law.fitted.surface.layout.own, strict=True
        )
        if own and runs < own + _SPARE
    ]


def _still_groups(law: SurfaceLaw) -> list[str]:
    """Say in which groups a variable stands still, so that its part is one with the floor."""
    table, shared = law.table, law.form.shared
    if law.form.limits is not None or {"amplitudes", "floor"} & {*shared}:
        return []
    return [
        f"{name} has one value only in group {label}: A_{name}[{label}] and E[{label}] cannot be "
        "told apart, only their sum."
        for at, label in enumerate(table.labels)
        if len(table.labels) > 1
        for name, column in zip(table.names, table.sizes, strict=True)
        if np.ptp(column[table.groups == at]) == 0
    ]


def _absent(law: SurfaceLaw) -> list[str]:
    """Say which variables take no part in the fit."""
    return [
        f"The loss does not fall with {name} in these runs: its part is a constant or nothing, and "
        "its exponent means nothing."
        for name in _taking_no_part(law)
    ]


def _taking_no_part(law: SurfaceLaw) -> list[str]:
    layout, theta = law.fitted.surface.layout, law.fitted.theta[0]
    return [
        name
        for name, amplitudes, exponents in zip(
            layout.names, layout.amplitude, layout.exponent, strict=True
        )
        if (theta[exponents] <= 0).all() or (theta[amplitudes] <= ABSENT / 2).all()
    ]


def _open(law: SurfaceLaw) -> list[str]:
    ends = law.intervals()
    names = [n for n, e in ends.items() if n.startswith("alpha") and not np.isfinite(e).all()]
    return [
        f"The runs do not determine {name}: they fit as well with "
        + ("any value." if not ends[name][0] > 0 else f"anything above {ends[name][0]:.2g}.")
        for name in names
    ]


def _floor(law: SurfaceLaw) -> list[str]:
    layout, theta = law.fitted.surface.layout, law.fitted.theta[0]
    found = []
    for slot in np.unique(layout.floor):
        if theta[slot] > 0:
            continue
        name = layout.labels[slot]
        high = law.intervals()[name][1]
        most = f"{name} up to {high:.2g}" if np.isfinite(high) else f"any {name}"
        found.append(
            f"{name} is at 0, the least it can be: the runs do not show where the loss levels off "
            f"({most} fits as well), and the exponents lean on that."
        )
    return found


def _influence(law: SurfaceLaw) -> list[str]:
    """Name the run without which an exponent would be another."""
    found = []
    for each in law.influence:
        low, high = law.intervals()[each.coefficient]
        half = (high - low) / 2 * min(_MOVED, each.narrower)
        if not np.isfinite(half) or abs(each.shift) < max(_SENSIBLE_SHIFT, half):
            continue
        now = law.values[each.coefficient]
        found.append(
            f"{each.coefficient} is {now:.3g} with and {each.without:.3g} without "
            f"{_unit(law, each.unit)}: one {_kind(law)} moves it that far."
        )
    return found


def _kind(law: SurfaceLaw) -> str:
    return "run" if law.table.trainings is None else "training"


def _unit(law: SurfaceLaw, unit: int) -> str:
    if law.table.trainings is None:
        return f"row {unit} ({law.table.row(unit)})"
    return f"training {law.table.training_names[unit]}"


def _preferences(law: SurfaceLaw) -> list[str]:
    """Return which larger form the runs ask for, and which sizes they do not.

    AICc prefers the form with fewer coefficients by ten and more where runs are few: no evidence.
    """
    count = law.fitted.surface.layout.size
    larger = [row for row in law.alternatives if row.parameters > count and row.chance < _SURELY]
    idle = [
        name
        for name in (law.names if len(law.names) > 1 else ())
        if any(row.form == f"without {name}" and row.chance > _AS_WELL for row in law.alternatives)
    ]
    return [
        *(
            f"The law {row.form} fits better than chance explains (p = {row.chance:.1g}): its "
            "exponents are "
            f"{', '.join(f'{name} {value:.3g}' for name, value in row.exponents.items())}."
            for row in sorted(larger, key=lambda row: row.chance)[:1]
        ),
        *(
            f"The runs do not show that the loss depends on {name}: without it the law fits as "
            "well."
            for name in idle
            if name not in _taking_no_part(law)
        ),
    ]
