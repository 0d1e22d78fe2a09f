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
    from matplotlib.figure import Figure

# Okabe & Ito (2008), "Color Universal Design", without the yellow that fades on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
MARKERS = "osD^vPX"
_MOST_TICKS = 12
_LINE = 46  # letters of a line in a legend
_PLAIN, _CLOSE = 100.0, 4.0  # largest over smallest of an axis with plain numbers, evenly apart
_LARGE = 1e5  # sizes from here on have a unit
_UNITS = (("T", 1e12), ("B", 1e9), ("M", 1e6), ("k", 1e3))
_CHARACTER, _GAP = 0.6, 0.8  # of the size of the letters: width of one, and between two labels


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
    """Put a tick at every size (W,) of the x axis, a label where there is room.

    Unless there are too many to read: the axis is then left as it is.
    """
    values: Floats = np.unique(np.asarray(sizes, dtype=np.float64))
    if values.size > _MOST_TICKS:
        return
    ax.set_xticks(values, labels=_with_room(ax, values, [size_label(n) for n in values]))
    ax.set_xticks([], minor=True)


def size_label(size: float) -> str:
    """Return a size in few letters.

    Examples
    --------
    >>> size_label(4096), size_label(1.5e7), size_label(6.91e10), size_label(3e21)
    ('4096', '15M', '69.1B', '3e+21')
    """
    for unit, least in _UNITS:
        if max(_LARGE, least) <= size < 1000 * least:
            return f"{size / least:.3g}{unit}"
    return f"{size:g}" if size < _LARGE else f"{size:.3g}"


def root_figure(ax: Axes) -> Figure | None:
    """Return the whole figure that the axes are in, also of axes in a part of it.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> figure = plt.figure()
    >>> root_figure(figure.subfigures(1, 2)[0].subplots()) is figure
    True
    """
    return None if ax.figure is None else ax.figure.figure  # get_figure(root=) is of 3.10


def _with_room(ax: Axes, values: Floats, labels: list[str]) -> list[str]:
    """Return the labels, blank where one would run into another: the ends come first."""
    from matplotlib import rcParams
    from matplotlib.font_manager import FontProperties

    letter = FontProperties(size=rcParams["xtick.labelsize"]).get_size_in_points()
    figure = root_figure(ax)
    points = 72 * ax.get_position().width * (figure.get_figwidth() if figure is not None else 6.0)
    scale = np.log if ax.get_xscale() == "log" else np.asarray
    low, high = scale(np.array(ax.get_xlim()))
    middles = (scale(values) - low) / (high - low) * points
    halves = np.array([_CHARACTER * letter * len(label) / 2 for label in labels])
    shown: list[int] = []
    for at in dict.fromkeys([0, len(labels) - 1, *range(len(labels))]):
        free = np.abs(middles[shown] - middles[at]) > halves[shown] + halves[at] + _GAP * letter
        if free.all():
            shown.append(at)
    return [label if at in shown else "" for at, label in enumerate(labels)]


def plain_loss_axis(ax: Axes) -> None:
    """Label a log y axis of less than two decades with plain numbers."""
    from matplotlib.ticker import LogLocator, MaxNLocator

    low, high = ax.get_ylim()
    if high > _PLAIN * low:
        return
    if high < _CLOSE * low:
        ax.yaxis.set_major_locator(MaxNLocator(10, steps=[1, 2, 5, 10]))
    else:
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter("")


def wrapped_legend(ax: Axes) -> None:
    """Draw a legend whose long labels are broken into lines."""
    from textwrap import fill

    handles, labels = ax.get_legend_handles_labels()
    broken = [
        fill(label.replace(" = ", "\xa0=\xa0"), _LINE, break_on_hyphens=False) for label in labels
    ]
    ax.legend(handles, broken, frameon=False, fontsize="small")


def light_grid(ax: Axes) -> None:
    """Draw the major grid, faint and behind the data."""
    ax.grid(visible=True, which="major", color="0.9", linewidth=0.6)
    ax.set_axisbelow(True)
