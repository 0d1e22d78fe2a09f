"""The four regimes of digits by classification (Bahri et al., 2102.06701), and their picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..._typing import Floats
from ...regimes import Classification, classify
from ...tables import estimate, markdown, number
from ..effort import NO_VERDICT, Effort
from ..figures import slope_line
from .digits import FAR, FEW, QUANTITIES, Grid, measured

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CLASSES = 10


@dataclass(frozen=True, eq=False)
class Curve:
    """A curve of losses that the paper expects to be in a regime.

    Attributes
    ----------
    name, expected : str
    sizes : tuple of int
    losses : (K, R) float64
    limit : float or None
        Of networks far wider; None where there is none to be had.
    """

    name: str
    expected: str
    sizes: tuple[int, ...]
    losses: Floats
    limit: float | None = None

    def classified(self) -> Classification:
        """Return the verdict on the mean over draws, of which the theory speaks."""
        return classify(self.sizes, self.losses, self.limit, statistic="mean")


def curves(grid: Grid) -> list[Curve]:
    """Return the four, each size with the other held small and large; one near its limit, too.

    Fewer neurons than classes cannot give all probabilities: near the limit is above that.
    """
    many, narrow, wide = grid.samples[-1], grid.widths[0], grid.widths[-1]
    limit, above = float(grid.far.mean()), grid.above_far()
    near = next(w for w, width in enumerate(grid.widths) if width > CLASSES)
    losses = grid.against_samples("loss", narrow), grid.against_samples("loss", wide)
    return [
        Curve(f"L(D), N = {narrow}", "variance-limited", grid.samples, losses[0]),
        Curve(f"L(N), D = {FEW}", "variance-limited", grid.widths, above, limit),
        Curve(
            f"L(N), D = {FEW}, N ≥ {grid.widths[near]}",
            "variance-limited",
            grid.widths[near:],
            above[near:],
            limit,
        ),
        Curve(f"L(D), N = {wide}", "resolution-limited", grid.samples, losses[1]),
        Curve(
            f"L(N), D = {many}",
            "resolution-limited",
            grid.widths,
            grid.against_width("loss", many),
        ),
    ]


def table(effort: Effort) -> str:
    """Return expected and found regimes; a quick run has no verdict."""
    rows = []
    for curve in curves(measured(effort)):
        found = curve.classified()
        said = (NO_VERDICT, "–") if effort.quick else (found.verdict, found.reason)
        rows.append((curve.name, curve.expected, _exponents(found), _limit(found), *said))
    heads = ("curve", "expected", "exponents", "limit", "verdict", "why")
    return markdown(heads, rows) + "\n"


def _exponents(found: Classification) -> str:
    said = f"L: {_measured(found.slope)}"
    return said if found.above is None else f"{said}; L - limit: {_measured(found.above)}"


def _measured(value: object) -> str:
    exponent, low, high = (float(getattr(value, name)) for name in ("exponent", "low", "high"))
    if not np.isfinite([exponent, low, high]).all():
        return number(exponent, ".2f")
    return estimate(exponent, (low, high), ".2f")


def _limit(found: Classification) -> str:
    if found.limit is None:
        return "–"
    return f"{found.limit:.3g}, {f'of N = {FAR}' if found.limit_known else 'fitted'}"


def make(effort: Effort) -> Figure:
    """Draw loss and error against N and D, and the loss above that of far wider networks."""
    import matplotlib.pyplot as plt

    grid = measured(effort)
    figure, axes = plt.subplot_mosaic(
        [["loss N", "loss D", "excess"], ["error N", "error D", "excess"]],
        figsize=(13.0, 7.6),
        layout="constrained",
    )
    for quantity, label in QUANTITIES.items():
        values = grid.values[quantity]
        swapped = values.swapaxes(0, 1)
        names = ("width N", label, "D"), ("samples D", label, "N")
        _draw(axes[f"{quantity} N"], grid.widths, values, names[0], grid.samples)
        _draw(axes[f"{quantity} D"], grid.samples, swapped, names[1], grid.widths)
    _draw_excess(axes["excess"], grid)
    return figure


def _draw(
    ax: Axes,
    sizes: tuple[int, ...],
    values: Floats,
    labels: tuple[str, str, str],
    held: tuple[int, ...],
) -> None:
    """Draw means of (K, H, R) values with one standard error, a line for each size held."""
    from matplotlib import colormaps

    from ...plot.style import light_grid, mark_sizes
    from ...standard_errors import standard_errors

    for h, size in enumerate(held):
        colour = colormaps["viridis"](0.9 * (1 - h / (len(held) - 1)))
        mean, error = values[:, h].mean(axis=-1), standard_errors(values[:, h])
        name = f"{labels[2]} = {size}"
        ax.errorbar(sizes, mean, yerr=error, color=colour, marker="o", markersize=3.5,
                    linewidth=1.2, label=name)  # fmt: skip
    ax.set(xscale="log", yscale="log", xlabel=labels[0], ylabel=f"test {labels[1]}")
    mark_sizes(ax, sizes)
    light_grid(ax)
    ax.legend(frameon=False, fontsize=7, ncols=2)


def _draw_excess(ax: Axes, grid: Grid) -> None:
    from ...plot.style import COLOURS, light_grid, mark_sizes
    from ...standard_errors import standard_errors

    losses = grid.above_far()
    excess, error = losses.mean(axis=-1) - grid.far.mean(), standard_errors(losses)
    shown = excess > 0
    sizes = np.array(grid.widths)
    ax.errorbar(
        sizes[shown], excess[shown], yerr=np.minimum(error, 0.7 * np.abs(excess))[shown],
        color=COLOURS[0], marker="o", markersize=4.5, label=f"D = {FEW}",
    )  # fmt: skip
    middle = float(excess[shown][0])
    slope_line(ax, (float(sizes[0]), float(sizes[-1])), middle, -1.0, "slope -1")
    ax.set(xscale="log", yscale="log", xlabel="width N", ylabel=f"L(N) - L({FAR}), cross entropy")
    mark_sizes(ax, sizes)
    light_grid(ax)
    ax.legend(frameon=False)
