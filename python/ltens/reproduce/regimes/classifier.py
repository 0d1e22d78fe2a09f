"""How often `ltens.regimes.classify` is right, and four curves it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...plot.regimes.verdicts import regime
from ...regimes import classify
from ...regimes.classification.confusion_counts import Design, by_family, short_table
from ...regimes.classification.planted_curves import random_features
from ..effort import Effort
from ..figures import new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def make(effort: Effort) -> str:
    """Return right / undecided / wrong in per cent for each family of curves, 10 of each."""
    rows = by_family(1 if effort.quick else 10, design=Design())
    return short_table(rows) + "\n"


def draw(effort: Effort) -> Figure:
    """Draw three random-feature models and a law that levels off, each with its verdict."""
    D = np.array([32, 64, 128, 256, 512, 1024.0])
    rng = np.random.default_rng(0)
    curves = (
        ("12 features", D - 13, random_features(D, 12, 0.5), 12**-0.5),
        ("endless features", D, random_features(D, np.inf, 0.5), None),
        ("80 features", np.array([8, 16, 32, 60, 110, 200, 400, 800.0]), None, None),
        ("0.06 + D^-0.6", D / 3, 0.06 + (D / 3) ** -0.6, 0.06),
    )
    figure, axes = new_figure(4, width=17.0, height=4.0)
    for ax, (name, x, loss, limit) in zip(axes, curves, strict=True):
        exact = random_features(x, 80, 0.5) if loss is None else loss
        drawn = exact[:, None] * np.exp(0.03 * rng.standard_normal((len(x), 10)))
        found = classify(x, drawn, limit)
        regime(found, ax=ax)
        label = "samples less features less 1" if name == "12 features" else "samples D"
        ax.set(title=f"{name}: {found.verdict}", xlabel=label)
    return figure
