"""How the losses of the seeds are distributed at each size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..._typing import Floats
from ...fitting import Law
from ...fitting.loss_table import from_dataset
from ..style import axis_label, new_axes

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

_FILL = 0.85  # of the distance between rows
_FEWEST = 5  # losses of a row that make a histogram


def distribution(
    data: xr.Dataset | Law, *, x: str = "width", bins: int = 40, ax: Axes | None = None
) -> Axes:
    """Draw a histogram of log loss for each width, smallest below, each with its median marked.

    Separate peaks are separate kinds of solution; a shape that changes with width makes the
    exponents of median and mean differ.

    Parameters
    ----------
    data : xarray.Dataset or Law
        One activation of a sweep, such as ``ds.sel(activation="silu")``, or a fitted law.
    x : str
        The dimension of a sweep that is the size, such as "samples".
    bins : int
        Over the range of all losses, equal in log loss.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If `data` holds several activations, or no size with 5 losses.

    Examples
    --------
    >>> import ltens
    >>> noise = np.random.default_rng(0).lognormal(size=(3, 50))
    >>> law = ltens.fit([1, 10, 100], noise / [[1], [10], [100]])
    >>> len(distribution(law, bins=20).get_yticks())
    3
    """
    table = (
        data.observations.table if isinstance(data, Law) else from_dataset(_single(data), size=x)
    )
    rows = [
        (size, np.log10(losses[np.isfinite(losses)]))
        for size, losses in zip(table.sizes, table.losses, strict=True)
        if np.isfinite(losses).sum() >= _FEWEST
    ]
    if not rows:
        raise ValueError(f"data has no size with {_FEWEST} losses, but a histogram needs as many.")
    values = np.concatenate([logs for _, logs in rows])
    edges = np.linspace(values.min() - 0.05, values.max() + 0.05, bins + 1)
    ax = new_axes(6.0, max(2.4, 0.55 * len(rows) + 1.0)) if ax is None else ax
    for height, (_, logs) in enumerate(rows):
        _draw_row(ax, height, logs, edges, shade=height / max(len(rows) - 1, 1))
    ax.set_yticks(range(len(rows)), labels=[f"{size:g}" for size, _ in rows])
    ax.set(xscale="log", xlabel="loss", ylabel=axis_label(table.label))
    ax.set_ylim(-0.25, len(rows))
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.tick_params(left=False)
    return ax


def _single(ds: xr.Dataset) -> xr.Dataset:
    """Return the one activation of a Dataset."""
    if "activation" not in ds.dims:
        return ds
    names = [str(name) for name in ds["activation"].values]
    if len(names) > 1:
        raise ValueError(
            f"data has the activations {', '.join(names)}, but must have one: select it, such as "
            f"data.sel(activation={names[0]!r})."
        )
    return ds.isel(activation=0)


def _draw_row(
    ax: Axes,
    height: int,
    logs: Floats,
    edges: Floats,
    shade: float,
) -> None:
    """Draw one histogram from its base line up."""
    from matplotlib import colormaps

    counts, _ = np.histogram(logs, edges)
    colour = colormaps["viridis"](0.1 + 0.7 * shade)
    tops = height + _FILL * counts / counts.max()
    ax.stairs(tops, 10.0**edges, baseline=height, fill=True, color=colour, alpha=0.75)
    ax.plot(10.0 ** edges[[0, -1]], [height, height], color="0.6", linewidth=0.6)
    median = 10.0 ** np.median(logs)
    ax.plot([median, median], [height - 0.12, height + 0.12], color="black", linewidth=1.4)
