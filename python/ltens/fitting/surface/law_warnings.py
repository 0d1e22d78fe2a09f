"""What a careful colleague would say about a fitted surface, in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .checkpoints import checkpoint_warning
from .design import design_warnings
from .model import ABSENT

if TYPE_CHECKING:
    from .law import SurfaceLaw

_PREFERRED = 2.0  # in AICc: Burnham & Anderson (2002), section 2.6
_SENSIBLE_SHIFT = 0.02  # of an exponent that a reader would notice
_MOVED = 0.5  # of the half-length of a 95 % interval
_FEW_TRAININGS = 10  # below which a variance over whole trainings is a guess
_SPARE = 2  # rows for each coefficient


def warnings_of(law: SurfaceLaw) -> tuple[str, ...]:
    """Return the warnings of a fit, the gravest first."""
    own = "amplitudes" not in law.form.shared
    return (
        *_convergence(law),
        *_few_runs(law),
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


def _absent(law: SurfaceLaw) -> list[str]:
    """Say which variables take no part in the fit."""
    layout, theta = law.fitted.surface.layout, law.fitted.theta[0]
    found = []
    for name, amplitudes, exponents in zip(
        layout.names, layout.amplitude, layout.exponent, strict=True
    ):
        flat = bool((theta[exponents] <= 0).all())
        if flat or (theta[amplitudes] <= ABSENT / 2).all():
            found.append(
                f"The loss does not fall with {name} in these runs: its part is a constant or "
                "nothing, and its exponent means nothing."
            )
    return found


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
        half = (high - low) / 2
        if not np.isfinite(half) or abs(each.shift) < max(_SENSIBLE_SHIFT, _MOVED * half):
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
    """Return which other forms AICc prefers to the fitted one."""
    rows = {row.form: row for row in law.alternatives}
    own = rows["as fitted"].criterion
    if not np.isfinite(own):
        return []
    better = [row for row in law.alternatives if own - row.criterion > _PREFERRED]
    return [
        f"The law {row.form} is preferred (AICc lower by {own - row.criterion:.1f}): its exponents "
        f"are {', '.join(f'{name} {value:.3g}' for name, value in row.exponents.items())}."
        for row in better[:1]
    ]
