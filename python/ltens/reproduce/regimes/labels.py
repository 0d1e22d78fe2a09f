"""Coarser labels and noisier inputs: which of them moves the exponent of digits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np

from ...plot.style import light_grid, styles
from ...regimes import (
    DataScan,
    dimension_table,
    group_labels,
    kernel_data_scan,
    noisy_inputs,
    two_nn,
)
from ...regimes.kernels.label_scans import GROUPINGS, INPUTS, standardised
from ...solvable import digits
from ...standard_errors import standard_errors
from ...tables import estimate, interval, markdown
from ..effort import Effort
from ..figures import new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NOISES = (0.0, 0.25, 0.5, 1.0)


def superclasses(effort: Effort) -> Figure:
    """Draw kernel regression on labels of 10, 5 and 2 classes."""
    return _figure("labels", superclass_scans(effort.quick), "Digits, coarser labels")


def noise(effort: Effort) -> Figure:
    """Draw kernel regression on inputs with noise."""
    return _figure("inputs", noise_scans(effort.quick), "Digits, noisier inputs")


def table(effort: Effort) -> str:
    """Return exponents of both, for inputs prepared in three ways, beside the dimension."""
    heads = ["digits", *(f"{how} [95 %]" for how in INPUTS), "TwoNN", "4 / exponent (standardised)"]
    rows = []
    X = digits()[0]
    for scans, inputs in ((superclass_scans, lambda _: X), (noise_scans, _inputs_of)):
        by_input = {how: scans(effort.quick, inputs=how) for how in INPUTS}
        for name, scan in by_input["standardised"].items():
            found = [by_input[how][name] for how in INPUTS]
            d = two_nn(standardised(inputs(name)), duplicates="drop")
            row = dimension_table({name: scan.law}, {name: d}).rows[0]
            cells = [estimate(each.exponent, each.interval, ".3f") for each in found]
            rows.append([name, *cells, d, f"{row.inverse:.1f}"])
    return markdown(heads, rows) + "\n"


def superclass_scans(quick: bool, *, inputs: str = "standardised") -> dict[str, DataScan]:
    """Return the scans by grouping."""
    X, labels = _digits()
    return _scans(
        GROUPINGS, lambda name: (X, group_labels(labels, name)), quick=quick, inputs=inputs
    )


def noise_scans(quick: bool, *, inputs: str = "standardised") -> dict[str, DataScan]:
    """Return the scans by noise."""
    y = group_labels(_digits()[1])
    names = [f"noise {noise:g}" for noise in NOISES]
    return _scans(names, lambda name: (_inputs_of(name), y), quick=quick, inputs=inputs)


def _inputs_of(name: str) -> np.ndarray:
    return noisy_inputs(_digits()[0], float(name.split()[1]))


def _digits() -> tuple[np.ndarray, np.ndarray]:
    X, one_hot = digits()
    return X, one_hot.argmax(axis=1)


def _scans(
    names: Iterable[str],
    data: Callable[[str], tuple[np.ndarray, np.ndarray]],
    *,
    quick: bool,
    inputs: str,
) -> dict[str, DataScan]:
    sizes = (32, 64, 128, 256) if quick else (32, 64, 128, 256, 512, 1024)
    draws = 4 if quick else 20
    return {
        name: kernel_data_scan(*data(name), sizes, draws=draws, inputs=inputs) for name in names
    }


def _figure(changed: str, scans: dict[str, DataScan], title: str) -> Figure:
    figure, ax = new_figure()
    for (name, scan), (colour, marker) in zip(scans.items(), styles(), strict=False):
        mean = scan.losses.mean(axis=1)
        error = standard_errors(scan.losses)
        label = f"{name}: {scan.exponent:.2f} {interval(scan.interval, '.3f')}"
        ax.errorbar(scan.sizes, mean, error, fmt=marker, color=colour, markersize=4.5, label=label)
        ax.plot(scan.sizes, scan.law.predict(scan.sizes), color=colour, linewidth=1)
    ax.set(xscale="log", yscale="log", xlabel="samples D", ylabel="test loss", title=title)
    ax.set_xticks(scan.sizes, labels=[f"{n}" for n in scan.sizes])
    ax.set_xticks([], minor=True)
    light_grid(ax)
    ax.legend(frameon=False, fontsize=8, title=f"{changed}: exponent", title_fontsize=8)
    return figure
