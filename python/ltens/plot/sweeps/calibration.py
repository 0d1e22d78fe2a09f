"""How often intervals held what was planted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..style import COLOURS, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...fitting.coverage import Coverage


def coverage(results: list[Coverage], *, ax: Axes | None = None) -> Axes:
    """Draw measured coverage for each experiment, beside that of a plain line.

    Parameters
    ----------
    results : list of ltens.fitting.Coverage
        From `ltens.fitting.measure_coverage`.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If there are no results.

    Examples
    --------
    >>> from ltens.fitting import Experiment, measure_coverage
    >>> results = [measure_coverage(Experiment(sizes=5, seeds=10), trials=20)]
    >>> coverage(results).get_xlabel()
    'intervals that held the planted exponent (%)'
    """
    if not results:
        raise ValueError("results is empty, but must hold at least one Coverage.")
    ax = new_axes(7.6, 0.22 * len(results) + 1.3) if ax is None else ax
    rows = np.arange(len(results))[::-1]
    level = 100 * results[0].level
    ax.axvspan(level - 2, level + 2, color="0.9", linewidth=0)
    ax.axvline(level, color="0.5", linewidth=0.8)
    covered = np.array([100 * each.covered for each in results])
    lines = np.array([100 * each.line_covered for each in results])
    errors = [196 * each.standard_error for each in results]
    ax.errorbar(
        covered,
        rows,
        xerr=errors,
        fmt="o",
        color=COLOURS[0],
        markersize=4.5,
        elinewidth=1,
        label="profile interval",
    )
    ax.plot(lines, rows, "x", color=COLOURS[1], markersize=5, label="line through the logarithms")
    ax.set_yticks(rows, labels=[_label(each) for each in results], fontsize="x-small")
    ax.set(xlabel="intervals that held the planted exponent (%)", xlim=(-3, 103))
    ax.set_ylim(-1, len(results))
    ax.grid(visible=True, axis="x", color="0.9", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.legend(frameon=False, fontsize="small", loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return ax


def _label(result: Coverage) -> str:
    """Return the experiment in a few words."""
    one = result.experiment
    parts = [one.noise, f"{one.sizes} × {one.seeds}"]
    parts.append(f"floor {one.floor:g}" if one.floor else "no floor")
    if one.misfit:
        parts.append(f"misfit {one.misfit:g}")
    if one.exponent != 1:
        parts.append(f"exponent {one.exponent:g}")
    return ", ".join(parts) + {"power_law": "; law", "power_law_floor": "; law + floor"}[one.model]
