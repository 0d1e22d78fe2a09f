"""How far the neurons (w, b) of N = 10,000 are from the arch of the published scatter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from ..._typing import Floats
from ...standard_errors import standard_error
from ...tables import formatted, markdown
from ...training.networks import Networks
from ..effort import Effort
from .ensembles import Ensembles, protocol, train_protocol
from .records import Record, ends
from .sections import Section

if TYPE_CHECKING:
    from matplotlib.figure import Figure

USED = ("huge", "huge-unit")
# Read off the published figure by eye, to about 0.03: |w| and b.
ARCH = ((0.0, 0.0), (0.5, -0.14), (0.8, -0.48), (1.0, -0.85), (1.2, -1.15))
_ARMS = (0.4, 1.2)  # of |w|: nearer to zero is a cloud, further out the arch could not be read
_CLOSE = 0.1
_DRAWN = 4


def distances(nets: Networks) -> tuple[Floats, Floats, Floats]:
    """Return, of each network, how far its arms are from the arch.

    Parameters
    ----------
    nets : Networks
        Of dimension 1.

    Returns
    -------
    distance : (S,) float64
        Median over neurons with 0.4 <= |w| <= 1.2 of |b - arch(|w|)|, the arch linear
        between the points read off; NaN if there is no such neuron.
    close : (S,) float64
        Share of these neurons with at most 0.1.
    arms : (S,) float64
        Share of such neurons among all.

    Examples
    --------
    >>> w, b = [[[0.5], [-0.8], [0.0]]], [[-0.14, -0.58, 3.0]]
    >>> nets = Networks(w, b, [[1.0, 1.0, 1.0]], [0.0], activation="silu")
    >>> [part.round(2).tolist() for part in distances(nets)]
    [[0.05], [1.0], [0.67]]
    """
    size, b = np.abs(nets.w[:, :, 0]).astype(np.float64), nets.b.astype(np.float64)
    off = np.abs(b - np.interp(size, *np.transpose(ARCH)))
    inside = (size >= _ARMS[0]) & (size <= _ARMS[1])
    rows = [own[chosen] for own, chosen in zip(off, inside, strict=True)]
    return (
        np.array([np.median(own) if len(own) else np.nan for own in rows]),
        np.array([np.mean(own <= _CLOSE) if len(own) else np.nan for own in rows]),
        inside.mean(axis=1),
    )


def arches(data: Ensembles) -> list[Record]:
    """Return the distances of trained networks, and of untrained ones as a null."""
    found: list[Record] = []
    for name in [name for name in USED if name in data]:
        ensemble = data[name]["silu"]
        for n, nets in ensemble.nets.items():
            found.append(_record(protocol(name).title, nets, ensemble.loss[n]))
    if found:
        start = Networks.init(max(r["width"] for r in found), found[0]["networks"])
        found.append(_record("untrained", start, np.full(len(start), np.nan)))
    return found


def _record(title: str, nets: Networks, loss: Floats) -> Record:
    distance, close, arms = distances(nets)
    known = distance[np.isfinite(distance)]
    return {
        "protocol": title,
        "width": nets.width,
        "networks": len(nets),
        **_mean("distance", known),
        "nearest": float(known.min()) if len(known) else np.nan,
        "furthest": float(known.max()) if len(known) else np.nan,
        "close": float(close[np.isfinite(close)].mean()) if len(known) else np.nan,
        "arms": float(arms.mean()),
        "loss": float(np.median(loss)),
    }


def _mean(name: str, values: Floats) -> Record:
    """Return the mean over networks with Student's t: they are few."""
    if len(values) < 2:
        return {name: np.nan, **ends(name, (np.nan, np.nan))}
    half = float(stats.t.ppf(0.975, len(values) - 1)) * standard_error(values)
    return {name: float(values.mean()), **ends(name, (values.mean() - half, values.mean() + half))}


def table(records: list[Record]) -> str:
    """Return one line for each interval, and the untrained ones."""
    columns = {
        "SiLU": "{protocol}",
        "N": "{width}",
        "networks": "{networks}",
        "median loss": "{loss:.1e}",
        "distance to the arch": "{distance:.2f} [{distance_low:.2f}, {distance_high:.2f}]",
        "nearest, furthest": "{nearest:.2f}, {furthest:.2f}",
        "arms within 0.1": "{close:.0%}",
        "neurons in the arms": "{arms:.0%}",
    }
    return markdown(*formatted(records, columns)) + "\n"


def draw(effort: Effort) -> Figure:
    """Draw (w, b) of the first networks on each interval with the published arch."""
    import matplotlib.pyplot as plt

    from ... import plot

    figure, axes = plt.subplots(2, _DRAWN, figsize=(15, 7), layout="constrained")
    for line, name in zip(axes, USED, strict=True):
        ensemble = train_protocol(name, effort)["silu"]
        (nets,) = ensemble.nets.values()
        off = distances(nets)[0]
        x, y = np.transpose(ARCH)
        for s, ax in enumerate(line):
            plot.neuron_scatter(nets, s, ax=ax)
            for sign in (-1, 1):
                ax.plot(sign * x, y, "s-", color="black", linewidth=0.9, markersize=3)
            low, high = ensemble.task.domain
            off_by = f", distance {off[s]:.2f}" if np.isfinite(off[s]) else ""
            ax.set_title(f"x in [{low:g}, {high:g}], seed {s}{off_by}", fontsize=10)
    return figure


SECTION = Section(USED, {"arches": arches}, (("arches", table),))
