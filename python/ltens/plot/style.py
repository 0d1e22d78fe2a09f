"""What the pictures share: colours, markers, axes, ticks at the sizes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe & Ito (2008), "Color Universal Design", without the yellow that fades on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
MARKERS = "osD^vPX"
_MOST_TICKS = 12
_PLAIN, _CLOSE = (
    100.0,
    4.0,
)  # largest over smallest of an axis with plain numbers, at minor ticks too


_SIZES = {
    "width": "width N",
    "size": "size N",
    "samples": "samples D",
    "dimension": "dimension d",
    "lr": "learning rate",
    "lr_decay": "learning-rate decay",
}


def axis_label(name: str) -> str:
    """Return what a size or another axis of a sweep is called in a picture.

    Examples
    --------
    >>> axis_label("samples"), axis_label("weight_decay")
    ('samples D', 'weight decay')
    """
    return _SIZES.get(name, name.replace("_", " "))


def styles() -> Iterator[tuple[str, str]]:
    """Yield a colour and a marker for each curve, without end.

    Examples
    --------
    >>> next(styles())
    ('#0072B2', 'o')
    """
    return zip(cycle(COLOURS), cycle(MARKERS), strict=False)


def new_axes(width: float = 6.0, height: float = 4.2) -> Axes:
    """Return the axes of a new figure, its size in inches."""
    import matplotlib.pyplot as plt

    _, ax = plt.subplots(figsize=(width, height), layout="constrained")
    return ax


def stacked_axes(width: float = 6.0, height: float = 5.2) -> tuple[Axes, Axes]:
    """Return two axes above each other that share the x axis, the lower a third of the upper."""
    import matplotlib.pyplot as plt

    _, (ax, below) = plt.subplots(
        2, figsize=(width, height), sharex=True, height_ratios=(3, 1), layout="constrained"
    )
    return ax, below


def mark_sizes(ax: Axes, sizes: ArrayLike) -> None:
    """Put a tick at every size (W,) of the x axis, unless there are too many to read."""
    values: Floats = np.unique(np.asarray(sizes, dtype=np.float64))
    if values.size > _MOST_TICKS:
        return
    ax.set_xticks(values, labels=[f"{n:g}" for n in values])
    ax.set_xticks([], minor=True)


def plain_loss_axis(ax: Axes) -> None:
    """Label a log y axis of less than two decades with plain numbers."""
    low, high = ax.get_ylim()
    if high > _PLAIN * low:
        return
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter("{x:g}" if high < _CLOSE * low else "")


def light_grid(ax: Axes) -> None:
    """Draw the major grid, faint and behind the data."""
    ax.grid(visible=True, which="major", color="0.9", linewidth=0.6)
    ax.set_axisbelow(True)
