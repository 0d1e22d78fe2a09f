"""Which early checkpoints are left out, by a rule that is said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..._typing import Floats
from ...validation import real
from ..surface.calibration import unit_shifts
from ..surface.fit_runs import fit_surface
from ..surface.law import SurfaceLaw
from .table import FEWEST, Histories

STABLE = "stable"
SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)  # of each training's range of log steps
_LEVEL = 0.01  # of the test that an exponent moved, for each pair of shares
_ROUNDING = 1e-6  # of an exponent, by which losses without noise move it


@dataclass(frozen=True, eq=False)
class Discarded:
    """What one share of early checkpoints to leave out leads to.

    Attributes
    ----------
    share : float
        Of each training's range of log steps.
    kept : (R,) bool
    law : SurfaceLaw
        Fitted to the rows that are kept.
    """

    share: float
    kept: NDArray[np.bool_]
    law: SurfaceLaw


def after_warmup(table: Histories, warmup: float) -> NDArray[np.bool_]:
    """Return which rows (R,) come after step 0 and after the warm-up.

    Raises
    ------
    ValueError
        If a training has fewer than two checkpoints there.
    """
    rows = table.steps > warmup
    counts = np.bincount(table.runs[rows], minlength=len(table.run_names))
    short = np.flatnonzero(counts < FEWEST)
    if short.size:
        raise ValueError(
            f"training {table.run_names[short[0]]} has {counts[short[0]]} checkpoint(s) after "
            f"{table.time} {warmup:g}, but needs at least {FEWEST}: warmup is too long, or it has "
            "to be left out."
        )
    return rows


def left_after(table: Histories, rows: NDArray[np.bool_], share: float) -> NDArray[np.bool_]:
    """Return which of `rows` (R,) are left without the first `share` of each training's log steps.

    Kept are the steps t >= first (last / first)^share.
    """
    first, last = table.ends(rows)
    least = first * (last / first) ** share
    return np.asarray(rows & (table.steps >= least[table.runs] * (1 - 1e-12)))


def check_discard(discard: object) -> str | float:
    """Return "stable" or a share in [0, 1)."""
    if discard == STABLE:
        return STABLE
    if isinstance(discard, str):
        raise ValueError(f"discard is {discard!r}, but must be {STABLE!r} or a share below 1.")
    share = real(discard, "discard")
    if not 0 <= share < 1:
        raise ValueError(f"discard is {share:g}, but must be {STABLE!r} or from 0 to below 1.")
    return share


def tried(
    table: Histories, rows: NDArray[np.bool_], options: dict[str, object], shares: tuple[float, ...]
) -> list[Discarded]:
    """Return the fits without each share of the early checkpoints, while enough are left."""
    found: list[Discarded] = []
    for share in shares:
        kept = left_after(table, rows, share)
        if found and not _enough(table, kept):
            break
        found.append(Discarded(share, kept, _fit(table, kept, options)))
    return found


def steady(points: list[tuple[Floats, Floats]]) -> int:
    """Return the first share from which on no exponent moves as more is left out.

    That is Lepski's rule: the first whose exponents agree with those of every larger share. They
    disagree where a paired jackknife over whole trainings shows a difference at 1 %.

    Parameters
    ----------
    points : list of ((m,), (G, m)) float64
        For each share the exponents, and how they move as each training is left out.

    Examples
    --------
    >>> shifts = np.array([[0.001], [-0.001], [0.0]])
    >>> steady([(np.array([value]), k * shifts) for k, value in enumerate([0.2, 0.5, 0.51])])
    1
    """
    for i, (exponents, shifts) in enumerate(points):
        if not any(_moved(exponents, shifts, *later) for later in points[i + 1 :]):
            return i
    return len(points) - 1


def exponents_of(law: SurfaceLaw) -> tuple[Floats, Floats]:
    """Return the exponents (m,), and how they move (G, m) as each training is left out."""
    units = law.units
    assert units is not None
    slots = np.unique(law.fitted.surface.layout.exponent)
    return law.fitted.theta[0, slots], unit_shifts(law.fitted, units)[0][:, slots]


def _moved(early: Floats, early_shifts: Floats, late: Floats, late_shifts: Floats) -> bool:
    from scipy.special import stdtrit

    count = len(early_shifts)
    apart = early_shifts - late_shifts
    error = np.sqrt((count - 1) / count * (apart**2).sum(axis=0))
    least = np.maximum(stdtrit(count - 1, 1 - _LEVEL / 2) * error, _ROUNDING * late)
    return bool((np.abs(early - late) > least).any())


def _enough(table: Histories, kept: NDArray[np.bool_]) -> bool:
    counts = np.bincount(table.runs[kept], minlength=len(table.run_names))
    return bool(np.median(counts) >= FEWEST + 1 and len(np.unique(table.steps[kept])) > FEWEST)


def _fit(table: Histories, kept: NDArray[np.bool_], options: dict[str, object]) -> SurfaceLaw:
    columns = {name: column[kept] for name, column in table.sizes.items()}
    names = np.array(table.run_names)[table.runs[kept]]
    return fit_surface(
        {**columns, table.time: table.steps[kept]},
        table.losses[kept],
        runs=names,
        **options,  # type: ignore[arg-type]
    )
