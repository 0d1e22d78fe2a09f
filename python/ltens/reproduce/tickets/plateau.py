"""The bias toy: what averages end in is a squared bias, planted or the networks' own.

The loss of the average of k networks is bias^2 + variance / k. Both are estimated from some seeds
and compared with averages of others. A bias is planted by adding a constant to every network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from ..._typing import Floats
from ...plot import style
from ...tables import formatted, markdown
from ...tickets import bias_variance
from ...training.networks import Networks
from ..effort import Effort
from ..figures import new_figure
from .ensembles import Ensemble, Ensembles, train_protocol
from .records import Record, ends, groups
from .sections import Section

if TYPE_CHECKING:
    from matplotlib.figure import Figure

USED = ("doubled",)
_WIDTHS = (20, 80)
_LEARNT = 0.4  # of the networks: those that the prediction comes from
_SIZES = (1, 2, 4, 8, 16, 32)
PLANTED = (0.0, 0.1, 1.0)  # squared, of the variance


def plateaus(data: Ensembles) -> list[Record]:
    """Return measured and predicted losses of averages of k networks."""
    found: list[Record] = []
    for name in [name for name in USED if name in data]:
        for activation in ("silu", "relu"):
            ensemble = data[name][activation]
            for n in [n for n in _WIDTHS if n in ensemble.nets]:
                for planted in PLANTED:
                    found += _curve(ensemble, n, planted)
    return found


def _curve(ensemble: Ensemble, n: int, planted: float) -> list[Record]:
    """Return a record for each k that leaves at least 3 groups."""
    nets = ensemble.nets[n]
    count = max(3, round(_LEARNT * len(nets)))
    variance = bias_variance(nets[:count], ensemble.task, exclude="none").variance
    nets = shifted(nets, float(np.sqrt(planted * variance)))
    known = bias_variance(nets[:count], ensemble.task, exclude="none")
    errors = nets[count:](ensemble.task.x) - ensemble.task.y
    return [
        {
            "activation": nets.activation,
            "width": n,
            "planted": planted,
            "k": k,
            "plateau": known.bias2,
            **ends("plateau", known.intervals["bias2"]),
            "variance": known.variance,
            "predicted": known.bias2 + known.variance / k,
            **_averaged(errors, k),
        }
        for k in _SIZES
        if len(errors) >= 3 * k
    ]


def shifted(nets: Networks, by: float) -> Networks:
    """Return the networks in float64 with a constant added to each."""
    own = nets.astype("float64")
    return Networks(own.w, own.b, own.a, own.c + by, activation=own.activation)


def _averaged(errors: Floats, k: int) -> Record:
    """Return the mean loss of averages of disjoint groups of k, with Student's t over groups."""
    used = errors[: len(errors) // k * k]
    losses = np.square(used.reshape(-1, k, errors.shape[1]).mean(axis=1)).mean(axis=1)
    half = stats.t.ppf(0.975, len(losses) - 1) * losses.std(ddof=1) / np.sqrt(len(losses))
    mean = float(losses.mean())
    return {"measured": mean, **ends("measured", (mean - half, mean + half))}


def table(records: list[Record]) -> str:
    """Return a line for each curve: measured and predicted losses by k."""
    lines = []
    for _, own in groups(records, "activation", "width", "planted").items():
        line: Record = {**own[0]}
        for k in _SIZES:
            cells = [_cell(r) for r in own if r["k"] == k]
            line[f"k{k}"] = cells[0] if cells else "–"
        lines.append(line)
    columns = {
        "activation": "{activation}",
        "N": "{width}",
        "planted, of the variance": "{planted:g}",
        "bias²": "{plateau:.1e} [{plateau_low:.1e}, {plateau_high:.1e}]",
        "variance": "{variance:.1e}",
        **{f"k = {k}: measured, predicted": f"{{k{k}}}" for k in _SIZES},
    }
    return markdown(*formatted(lines, columns)) + "\n"


def _cell(r: Record) -> str:
    ends_of = f"[{r['measured_low']:.1e}, {r['measured_high']:.1e}]"
    return f"{r['measured']:.1e} {ends_of}, {r['predicted']:.1e}"


def draw(effort: Effort) -> Figure:
    """Draw measured losses of averages, predicted curves and plateaus."""
    records = plateaus({USED[0]: train_protocol(USED[0], effort)})
    panels = groups(records, "activation", "width")
    figure, axes = new_figure(len(panels), width=4.2 * len(panels), height=4.4)
    for ax, ((activation, n), own) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        lines = groups(own, "planted").items()
        for ((planted,), line), (colour, marker) in zip(lines, style.styles(), strict=False):
            k = np.array([r["k"] for r in line])
            value, low, high = (
                np.array([r[f"measured{end}"] for r in line]) for end in ("", "_low", "_high")
            )
            ax.errorbar(
                k, value, [value - np.maximum(low, value / 30), high - value], fmt=marker,
                color=colour, markersize=4, label=f"planted bias² = {planted:g} × variance",
            )  # fmt: skip
            ax.plot(k, [r["predicted"] for r in line], "-", color=colour, linewidth=1)
            ax.axhline(line[0]["plateau"], color=colour, linewidth=0.8, linestyle=":")
        ax.set(xscale="log", yscale="log", xlabel="networks averaged, k", ylabel="loss (MSE)")
        ax.set_title(f"{activation}, N = {n}", fontsize=10)
        style.mark_sizes(ax, [r["k"] for r in own])
        style.light_grid(ax)
    np.atleast_1d(axes)[0].legend(frameon=False, fontsize=8)
    return figure


SECTION = Section(USED, {"plateaus": plateaus}, (("plateaus", table),))
