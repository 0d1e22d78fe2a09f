"""Pictures of the inside of trained networks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ... import plot
from ...plot import style as plot_style
from ...tickets import Ensembling, algorithms, bias_variance, ensembling, kinks, pair_scores, prune
from ..effort import Effort
from ..figures import new_figure, slope_line
from .ensembles import Ensemble, protocol, train_protocol
from .exponents import PIECES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PRUNING_METHODS = ("backward", "clusters")
_PRUNED = 100
_SHOWN = 40  # networks of each width in the picture of kinks
_COMPARED = (1, 2, 5, 10, 20, 40, 50)  # narrow widths in the picture of averages


def scatter(effort: Effort) -> Figure:
    """Draw (w, b) of one network of 10,000 SiLU neurons, on [-2, 2] and on [-1, 1]."""
    figure, axes = new_figure(2, width=10.0, height=4.8)
    for ax, name in zip(axes, ("huge", "huge-unit"), strict=True):
        ensemble = train_protocol(name, effort)["silu"]
        width = max(ensemble.nets)
        plot.neuron_scatter(ensemble.nets[width], ax=ax)
        low, high = ensemble.task.domain
        loss = float(ensemble.loss[width][0])
        title = f"{width} SiLU neurons, x in [{low:g}, {high:g}], loss {loss:.1e}"
        ax.set_title(title, fontsize=10)
    return figure


def histograms(effort: Effort) -> Figure:
    """Draw the losses of N = 1, 2, 3 by solution type, SiLU above ReLU."""
    import matplotlib.pyplot as plt

    data = train_protocol("small", effort)
    widths = sorted(data["silu"].nets)
    figure, axes = plt.subplots(
        2, len(widths), figsize=(6 * len(widths), 6.4), layout="constrained", squeeze=False
    )
    for row, activation in zip(axes, ("silu", "relu"), strict=True):
        for ax, n in zip(row, widths, strict=True):
            ensemble = data[activation]
            plot.loss_histogram(algorithms(ensemble.nets[n], ensemble.loss[n]), ax=ax)
            ax.set_title(f"{activation}, N = {n}, {len(ensemble.loss[n])} seeds", fontsize=10)
    return figure


def pairs(effort: Effort) -> Figure:
    """Draw the scores of all pairs of one network of N = 40, SiLU and ReLU."""

    def panel(ensemble: Ensemble, ax: Axes) -> str:
        n = 40 if 40 in ensemble.nets else max(ensemble.nets)
        plot.pair_score_map(pair_scores(ensemble.nets[n][:1], ensemble.task), ax=ax)
        return f", N = {n}"

    return _by_activation(effort, 11.0, panel)


def averages(effort: Effort) -> Figure:
    """Draw two narrow networks against a wide one, SiLU and ReLU."""

    def panel(ensemble: Ensemble, ax: Axes) -> str:
        found = ensembling(ensemble.nets, ensemble.task)
        rows = tuple(row for row in found.rows if row.narrow in _COMPARED)
        plot.ensembling(Ensembling(rows), ax=ax)
        return ""

    return _by_activation(effort, 13.0, panel)


def more_averages(effort: Effort) -> Figure:
    """Draw k = 2 ... 16 networks of N = 5 against one of 5 k."""

    def panel(ensemble: Ensemble, ax: Axes) -> str:
        found = ensembling(
            {n: nets for n, nets in ensemble.nets.items() if n in (5, 10, 20, 40, 80)},
            ensemble.task,
            k=(2, 4, 8, 16),
        )
        plot.ensembling(found, ax=ax)
        return ""

    return _by_activation(effort, 13.0, panel)


def bias(effort: Effort) -> Figure:
    """Draw squared bias and variance against width, SiLU and ReLU."""

    def panel(ensemble: Ensemble, ax: Axes) -> str:
        splits = {n: bias_variance(m, ensemble.task) for n, m in ensemble.nets.items() if n >= 5}
        plot.bias_variance(splits, ax=ax)
        return ""

    return _by_activation(effort, 11.0, panel)


def correlation(effort: Effort) -> Figure:
    """Draw the correlations of seeds' errors at N = 40, SiLU and ReLU."""

    def panel(ensemble: Ensemble, ax: Axes) -> str:
        n = 40 if 40 in ensemble.nets else max(ensemble.nets)
        split = bias_variance(ensemble.nets[n], ensemble.task)
        plot.error_correlation(split, ax=ax)
        return f", N = {n}, {ax.get_title()}"

    return _by_activation(effort, 11.0, panel)


def schedules(effort: Effort) -> Figure:
    """Draw the median loss against width for longer and longer training."""
    panels = (
        ("silu", ("base", "wide", "four", "ten", "wide-ten", "forty"), (5.0, 2e-6)),
        ("silu", ("unit", "unit-ten"), (5.0, 4e-7)),
        ("relu", ("base", "wide", "four", "ten", "wide-ten", "forty"), (80.0, 2.5e-6)),
    )
    names = dict.fromkeys(name for _, used, _ in panels for name in used)
    data = {n: train_protocol(n, effort) for n in names}
    figure, axes = new_figure(3, width=14.0, height=4.8)
    for ax, (activation, used, (low, loss)) in zip(axes, panels, strict=True):
        curves = {protocol(n).title: data[n][activation].loss for n in used}
        plot.medians(curves, ax=ax)
        slope_line(ax, (low, 5 * low), loss, -1.0, "slope −1")
        if activation == "relu":
            ends = np.array([4.0, 80.0])
            ax.plot(ends, PIECES / ends**4, ":", color="0.2", label="best piecewise linear fit")
        ax.legend(frameon=False, fontsize=8)
        ax.set_title(activation, fontsize=10)
    return figure


def bends(effort: Effort) -> Figure:
    """Draw the loss of every ReLU network against its neurons and against its kinks."""
    used = ("base", "wide", "four", "ten", "wide-ten", "forty")
    figure, axes = new_figure(2, width=11.0, height=4.8)
    for name, (colour, _) in zip(used, plot_style.styles(), strict=False):
        ensemble = train_protocol(name, effort)["relu"]
        for n, nets in ensemble.nets.items():
            loss, label = ensemble.loss[n][:_SHOWN], protocol(name).title
            named = label if n == min(ensemble.nets) else None
            pieces = kinks(nets[:_SHOWN]) + 1
            for ax, x in zip(axes, (np.full(len(loss), n), pieces), strict=True):
                ax.scatter(x, loss, s=5, color=colour, alpha=0.5, linewidths=0, label=named)
    ends = np.array([2.0, 200.0])
    for ax, label in zip(axes, ("neurons N", "kinks of f on [-2, 2], plus 1"), strict=True):
        ax.plot(ends, PIECES / ends**4, ":", color="0.2", label="best piecewise linear fit")
        ax.set(xscale="log", yscale="log", xlabel=label, ylabel="loss (MSE)", ylim=(1e-8, 3))
        plot_style.light_grid(ax)
    legend = axes[0].legend(frameon=False, fontsize=8, markerscale=2)
    for handle in legend.legend_handles:
        handle.set_alpha(1)
    return figure


def shared_error(effort: Effort) -> Figure:
    """Draw the seeds' mean error along x at N = 20, SiLU on two intervals and ReLU."""
    figure, axes = new_figure(3, width=14.0, height=4.8)
    panels = (("base", "silu"), ("unit", "silu"), ("base", "relu"))
    for ax, (name, activation) in zip(axes, panels, strict=True):
        ensemble = train_protocol(name, effort)[activation]
        n = 20 if 20 in ensemble.nets else max(ensemble.nets)
        plot.shared_error(bias_variance(ensemble.nets[n], ensemble.task), ax=ax)
        title = f"{activation}, {protocol(name).title}, N = {n}: {ax.get_title()}"
        ax.set_title(title, fontsize=10)
    return figure


def pruning(effort: Effort) -> Figure:
    """Draw the loss against neurons kept, SiLU and ReLU."""

    def panel(ensemble: Ensemble, ax: Axes) -> str:
        start = max(ensemble.nets)
        nets = ensemble.nets[start][:_PRUNED]
        keep = [n for n in ensemble.nets if n <= start]
        runs = {m: prune(nets, ensemble.task, keep=keep, method=m) for m in PRUNING_METHODS}
        plot.pruning(runs, ensemble.loss, ax=ax)
        return f", from N = {start}"

    return _by_activation(effort, 11.0, panel)


def _by_activation(effort: Effort, width: float, panel: Callable[[Ensemble, Axes], str]) -> Figure:
    """Draw SiLU and ReLU side by side; `panel` draws one and returns the rest of its title."""
    data = train_protocol("base", effort)
    figure, axes = new_figure(2, width=width, height=4.8)
    for ax, activation in zip(axes, ("silu", "relu"), strict=True):
        ax.set_title(f"{activation}{panel(data[activation], ax)}", fontsize=10)
    return figure
