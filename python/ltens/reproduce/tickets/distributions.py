"""Claim 4 in whole distributions: losses of averages of k narrow networks and of wide ones.

No network is left out: dead ones are part of the distribution.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..._typing import Floats
from ...tables import formatted, markdown
from ...tickets import Averaging, ensembling
from ...tickets.averaging import PARTITIONS
from ..effort import Effort
from .ensembles import Ensemble, Ensembles, train_protocol
from .records import Record, ends
from .sections import Section

if TYPE_CHECKING:
    from matplotlib.figure import Figure

USED = ("doubled",)
LEVELS = {"q10": 0.1, "q50": 0.5, "q90": 0.9}
_RESAMPLES = 1000
_DRAWN = ((1, 2), (5, 10), (20, 40), (5, 80))


def compared(ensemble: Ensemble) -> list[Averaging]:
    """Return two networks of each width, and 4 to 16 of width 5, against one."""
    rows = ensembling(ensemble.nets, ensemble.task, k=(2, 4, 8, 16), exclude="none").rows
    return [row for row in rows if row.k == 2 or row.narrow == 5]


def quantiles(data: Ensembles) -> list[Record]:
    """Return quantiles of the losses of averages, by both predictions, over those of training."""
    found: list[Record] = []
    for name in [name for name in USED if name in data]:
        for activation in ("silu", "relu"):
            for row in compared(data[name][activation]):
                found += [
                    _record(activation, row, kind, draws)
                    for kind, draws in (
                        ("outputs averaged", row.averaged_draws),
                        ("rule Σl/k²", row.uncorrelated_draws),
                    )
                ]
    return found


def _record(activation: str, row: Averaging, kind: str, draws: Floats) -> Record:
    """Compare one prediction with trained networks; resamples are as large as disjoint groups."""
    trained, levels = row.observed_draws, list(LEVELS.values())
    groups = len(draws) // PARTITIONS
    random = np.random.default_rng(0)
    ratios, worse = np.empty((_RESAMPLES, len(levels))), np.empty(_RESAMPLES)
    for i in range(_RESAMPLES):
        first = random.choice(draws, groups)
        second = random.choice(trained, len(trained))
        ratios[i] = np.quantile(first, levels) / np.quantile(second, levels)
        worse[i] = _how_often_above(first, second)
    record: Record = {
        "activation": activation,
        "k": row.k,
        "narrow": row.narrow,
        "wide": row.wide,
        "prediction": kind,
        "groups": groups,
        "networks": len(trained),
        "worse": _how_often_above(draws, trained),
        **_ends("worse", worse),
    }
    for j, (key, level) in enumerate(LEVELS.items()):
        top, bottom = float(np.quantile(draws, level)), float(np.quantile(trained, level))
        record |= {f"trained_{key}": bottom, f"predicted_{key}": top, key: top / bottom}
        record |= _ends(key, ratios[:, j])
    return record


def _how_often_above(first: Floats, second: Floats) -> float:
    """Return the probability that one of the first is above one of the second; ties are halves."""
    ordered = np.sort(second)
    below = np.searchsorted(ordered, first, "left") + np.searchsorted(ordered, first, "right")
    return float(below.mean() / 2 / len(second))


def _ends(name: str, values: Floats) -> Record:
    low, high = np.quantile(values, [0.025, 0.975])
    return ends(name, (float(low), float(high)))


def table(records: list[Record]) -> str:
    """Return one line for each comparison and prediction."""
    columns = {
        "activation": "{activation}",
        "k × N → kN": "{k} × {narrow} → {wide}",
        "prediction": "{prediction}",
        "kN trained: 10, 50, 90 %": "{trained_q10:.1e}, {trained_q50:.1e}, {trained_q90:.1e}",
        "predicted / trained at 10 %": "{q10:.2f} [{q10_low:.2f}, {q10_high:.2f}]",
        "at 50 %": "{q50:.2f} [{q50_low:.2f}, {q50_high:.2f}]",
        "at 90 %": "{q90:.2f} [{q90_low:.2f}, {q90_high:.2f}]",
        "prediction above a trained network": "{worse:.2f} [{worse_low:.2f}, {worse_high:.2f}]",
    }
    return markdown(*formatted(records, columns)) + "\n"


def draw(effort: Effort) -> Figure:
    """Draw the distributions for four pairs, SiLU above ReLU."""
    import matplotlib.pyplot as plt

    from ... import plot

    data = train_protocol(USED[0], effort)
    rows = {a: {(r.narrow, r.wide): r for r in compared(data[a])} for a in ("silu", "relu")}
    shown = [pair for pair in _DRAWN if all(pair in own for own in rows.values())]
    figure, axes = plt.subplots(
        2, len(shown), figsize=(4 * len(shown), 6.4), layout="constrained", squeeze=False
    )
    for line, (activation, own) in zip(axes, rows.items(), strict=True):
        for ax, pair in zip(line, shown, strict=True):
            plot.ensemble_losses(own[pair], ax=ax)
            ax.set_title(f"{activation}, {own[pair].k} × {pair[0]} and {pair[1]}", fontsize=10)
            if ax is not axes[0, 0]:
                ax.get_legend().remove()
    return figure


SECTION = Section(USED, {"quantiles": quantiles}, (("quantiles", table),))
