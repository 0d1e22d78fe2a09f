"""Synergy against training time: whether it fades with width, and grows with time.

The loss of two averaged networks over that of one of twice the width, along one trajectory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...plot import style
from ...tables import formatted, markdown, pivoted
from ...tickets import ensembling
from ..effort import Effort
from ..figures import new_figure
from .ensembles import Ensembles, protocol
from .records import Record, ends, groups
from .sections import Section, train_protocols

if TYPE_CHECKING:
    from matplotlib.figure import Figure

USED = tuple(f"stop-{n}" for n in (500, 2_000, 5_000, 10_000, 20_000, 50_000))


def synergies(data: Ensembles) -> list[Record]:
    """Return both predictions for every pair of widths, at every stop, over trained networks."""
    found: list[Record] = []
    for activation in ("silu", "relu"):
        for name in [name for name in USED if name in data]:
            ensemble = data[name][activation]
            alive = ensemble.living_pairs()
            for row in ensembling(alive, ensemble.task).rows if alive else ():
                found.append(
                    {
                        "activation": activation,
                        "steps": protocol(name).training().steps,
                        "narrow": row.narrow,
                        "wide": row.wide,
                        "pair": f"{row.narrow} → {row.wide}",
                        "observed": row.observed,
                        "synergy": row.synergy,
                        **ends("synergy", row.intervals["synergy"]),
                        "rule": row.synergy_uncorrelated,
                        **ends("rule", row.intervals["synergy_uncorrelated"]),
                    }
                )
    return found


def trends(records: list[Record]) -> list[Record]:
    """Return what changes from the first step to the last, and from the second pair to the last.

    The first pairs hold dead networks, and for ReLU there are none that live.
    """
    found: list[Record] = []
    for (activation,), own in groups(records, "activation").items():
        for (pair,), line in groups(own, "pair").items():
            first, last = line[0], line[-1]
            found.append(
                {
                    "activation": activation,
                    "what": f"{pair}, from {first['steps']:,} to {last['steps']:,} steps",
                    **_change(first, last),
                }
            )
        for (steps,), line in groups([r for r in own if r["narrow"] >= 5], "steps").items():
            first, last = line[0], line[-1]
            found.append(
                {
                    "activation": activation,
                    "what": f"step {steps:,}, from {first['pair']} to {last['pair']}",
                    **_change(first, last),
                }
            )
    return found


def _change(first: Record, last: Record) -> Record:
    return {
        "from": f"{first['synergy']:.2f} [{first['synergy_low']:.2f}, {first['synergy_high']:.2f}]",
        "to": f"{last['synergy']:.2f} [{last['synergy_low']:.2f}, {last['synergy_high']:.2f}]",
        "change": change(first, last),
    }


def change(first: Record, last: Record) -> str:
    """Return whether the synergy changed: intervals that do not meet decide.

    Examples
    --------
    >>> change({"synergy_low": 1, "synergy_high": 2}, {"synergy_low": 3, "synergy_high": 4})
    'grows'
    """
    if last["synergy_low"] > first["synergy_high"]:
        return "grows"
    return "fades" if last["synergy_high"] < first["synergy_low"] else "undecided"


def table(records: list[Record]) -> str:
    """Return both ratios, a row for each number of steps and a column for each pair."""
    parts = []
    for activation in ("silu", "relu"):
        own = [r for r in records if r["activation"] == activation]
        for key, title in (("synergy", "outputs averaged"), ("rule", "rule Σl/k²")):
            form = f"{{{key}:.2f}} [{{{key}_low:.2f}}, {{{key}_high:.2f}}]"
            parts += [f"{title} / trained, {activation}:", ""]
            parts += [markdown(*pivoted(own, "steps", "pair", form, corner="steps")), ""]
    return "\n".join(parts)


def trends_table(records: list[Record]) -> str:
    """Return one line for each comparison."""
    columns = {
        "activation": "{activation}",
        "outputs averaged / trained": "{what}",
        "first": "{from}",
        "last": "{to}",
        "it": "{change}",
    }
    return markdown(*formatted(records, columns)) + "\n"


def draw(effort: Effort) -> Figure:
    """Draw the synergy of every pair against training steps, SiLU and ReLU."""
    records = synergies(train_protocols(USED, effort))
    figure, axes = new_figure(2, width=11.0, height=4.8)
    for ax, activation in zip(axes, ("silu", "relu"), strict=True):
        own = [r for r in records if r["activation"] == activation]
        lines = groups(own, "pair").items()
        for ((pair,), line), (colour, marker) in zip(lines, style.styles(), strict=False):
            value, low, high = (
                np.array([r[f"synergy{end}"] for r in line]) for end in ("", "_low", "_high")
            )
            ax.errorbar(
                [r["steps"] for r in line], value, [value - low, high - value],
                fmt=f"{marker}-", color=colour, markersize=4, linewidth=1, label=pair,
            )  # fmt: skip
        ax.axhline(1.0, color="0.4", linewidth=0.9)
        ax.set(xscale="log", yscale="log", xlabel="training steps")
        ax.set_ylabel("two averaged / one of twice the width")
        ax.set_title(activation, fontsize=10)
        style.light_grid(ax)
        ax.legend(frameon=False, fontsize=8)
    return figure


SECTION = Section(
    USED,
    measures={"synergy": synergies},
    derived={"synergy_trends": ("synergy", trends)},
    tables=(("synergy", table), ("synergy_trends", trends_table)),
)
