"""The losses of small networks, their peaks and solution types."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from ..style import COLOURS, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...tickets import Algorithms

_SHOWN = 6  # types with a colour of their own
_ALWAYS = {"constant": 6, "1 pair": 1, "1 single": 0, "2 single": 4, "3 single": 2}  # in all panels


def loss_histogram(found: Algorithms, *, ax: Axes | None = None) -> Axes:
    """Draw the histogram of log10 loss, coloured by solution type, with the peaks marked.

    Parameters
    ----------
    found : Algorithms
        Of `ltens.tickets.algorithms`.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import ltens
    >>> nets = ltens.Networks.init(2, 50)
    >>> loss_histogram(ltens.tickets.algorithms(nets, np.geomspace(0.1, 1, 50))).get_xlabel()
    'final loss (MSE)'
    """
    from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

    if ax is None:
        ax = new_axes(7.0, 4.2)
    values = np.log10(found.loss)
    edges = np.linspace(values.min() - 0.05, values.max() + 0.05, 81)
    common = [name for name, _ in Counter(found.types.tolist()).most_common()]
    groups = [(name, found.types == name) for name in common[:_SHOWN]]
    if len(common) > _SHOWN:
        groups.append(("other", ~np.isin(found.types, common[:_SHOWN])))
    ax.hist(
        [10 ** values[chosen] for _, chosen in groups],
        (10**edges).tolist(),
        stacked=True,
        color=_colours([name for name, _ in groups]),
        label=[f"{name} ({chosen.mean():.0%})" for name, chosen in groups],
    )
    top = ax.get_ylim()[1]
    for peak in found.peaks:
        ax.plot(peak.loss, 1.04 * top, "v", color="0.2", markersize=5, clip_on=False)
    ax.set(xscale="log", xlabel="final loss (MSE)", ylabel="networks", ylim=(0, 1.08 * top))
    if edges[-1] - edges[0] < 1:  # less than a decade: the usual labels would overlap
        ax.xaxis.set_major_locator(MaxNLocator(4))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        ax.xaxis.set_minor_formatter(NullFormatter())
    ax.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return ax


def _colours(names: list[str]) -> list[str]:
    """Return a colour for each type: its own, or one that no other type here has."""
    taken = {_ALWAYS[name] for name in names if name in _ALWAYS}
    free = iter([i for i in range(len(COLOURS)) if i not in taken])
    return [COLOURS[_ALWAYS[name] if name in _ALWAYS else next(free)] for name in names]
