"""Draw how the error of the quadrature engine falls with the number of nodes.

    python -m bench.quadrature_error [docs/figures/quadrature_error.png]

Left: the gradient of one SiLU neuron, beside the rate that its nearest pole predicts. Right: the
engine's own measure of its error, on networks trained for the whole protocol.
"""

from __future__ import annotations

import sys

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

import ltens
from ltens.training.engines import RTOL, gauss_rule

TASK = ltens.Task.from_function("square", samples=1000)
SLOPES = (1.0, 2.0, 4.0, 8.0)
WIDTHS = (10, 100)
SEEDS = 64
BIAS = 0.3


def gradient_error(nets: ltens.Networks, nodes: int) -> float:
    """Largest error of a parameter's derivative, relative to the largest of its kind."""
    _, exact = ltens.loss_and_gradient(nets, TASK, engine="dense")
    _, found = ltens.loss_and_gradient(nets, gauss_rule(TASK, nodes)[0], engine="dense")
    errors = [
        np.abs(getattr(found, k) - getattr(exact, k)).max() / np.abs(getattr(exact, k)).max()
        for k in ("w", "b", "a", "c")
    ]
    return float(max(errors))


def predicted_rate(w: float) -> float:
    """Factor per node: rho^-2 of the Bernstein ellipse through the pole of silu(w x + b)."""
    pole = (-BIAS + 1j * np.pi) / w / 2
    return float(np.exp(-2 * abs(np.log(abs(pole + np.sqrt(pole**2 - 1))))))


def one_neuron(w: float) -> ltens.Networks:
    """c + a silu(w x + b)."""
    ones = np.ones((1, 1))
    return ltens.Networks(np.full((1, 1, 1), w), BIAS * ones, ones, np.zeros(1), activation="silu")


def draw_gradients(ax: Axes) -> None:
    """Left panel."""
    nodes = np.arange(2, 61, 2)
    for i, w in enumerate(SLOPES):
        error = np.array([gradient_error(one_neuron(w), int(k)) for k in nodes])
        ax.semilogy(nodes, error, "o", color=f"C{i}", markersize=3.5, label=f"|w| = {w:g}")
        last = int(np.flatnonzero(error > 1e-12)[-1])
        line = error[last] * predicted_rate(w) ** (nodes - nodes[last]).astype(float)
        shown = (line > 1e-14) & (line < 1)
        ax.semilogy(nodes[shown], line[shown], "-", color=f"C{i}", linewidth=0.8)
    ax.set(
        xlabel="nodes K", ylabel="relative error of the gradient", ylim=(1e-15, 10),
        title="one SiLU neuron; lines: slope of $\\rho^{-2K}$",
    )  # fmt: skip
    ax.legend(frameon=False)


def engine_errors(nets: ltens.Networks, nodes: int) -> np.ndarray:
    """(S,) the engine's measure of its error."""
    full, _ = ltens.loss_and_gradient(nets, TASK, engine="dense")
    rule, constant = gauss_rule(TASK, nodes)
    seen, _ = ltens.loss_and_gradient(nets.astype("float64"), rule, engine="dense")
    return np.asarray(np.abs(seen + constant - full) / (full - constant))


def draw_trained(ax: Axes) -> None:
    """Right panel."""
    nodes = np.arange(4, 41, 2)
    for i, width in enumerate(WIDTHS):
        start = ltens.Networks.init(width=width, seeds=SEEDS, activation="silu")
        nets = ltens.train(start, TASK, engine="quadrature", rtol=1e-6).networks.astype("float64")
        errors = np.array([engine_errors(nets, int(k)) for k in nodes])
        ax.semilogy(nodes, np.median(errors, axis=1), "o-", color=f"C{i}", markersize=3.5,
                    linewidth=0.8, label=f"N = {width}: median, all {SEEDS} seeds")  # fmt: skip
        ax.fill_between(nodes, errors.min(axis=1), errors.max(axis=1), color=f"C{i}", alpha=0.15)
    ax.axhline(RTOL, color="black", linewidth=0.8, linestyle="--")
    ax.text(40, 1.5 * RTOL, "rtol", ha="right", va="bottom")
    ax.set(
        xlabel="nodes K", ylabel="error of the loss", ylim=(1e-15, 1e4),
        title="SiLU networks after 50,000 steps on $x^2$",
    )  # fmt: skip
    ax.legend(frameon=False, loc="upper right")


def main(path: str = "docs/figures/quadrature_error.png") -> None:
    """Draw both panels into a file."""
    mpl.use("agg")
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    draw_gradients(left)
    draw_trained(right)
    figure.savefig(path, dpi=130)
    print(f"wrote {path}")


if __name__ == "__main__":
    main(*sys.argv[1:])
