"""Fit the constants of the engines' cost models, and draw predicted against measured times.

    python -m bench.cost_model [--figure docs/figures/cost_model.png] [--seconds 0.05]

The dense engine's cost of one step of one network, in nanoseconds of one core, is taken as

    network + width (neuron + samples (update[activation] + coordinate (dimension - 1))),

with constants of their own for each dtype, and for narrow and wide networks. The quadrature engine
is the same on its nodes. Prints the constants as they stand in cpp/src/engines/dense.cpp and, those
of the activations, in cpp/include/ltens/activation.hpp; nothing is measured when networks are
trained.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

import ltens
from bench.peers.machine import description
from bench.peers.table import machine_lines
from ltens import _core
from ltens.training.engines import choose, names

WIDTHS = (1, 3, 10, 30, 100, 255, 256, 1000, 4000)
SAMPLES = (16, 64, 1000)
WIDE_FROM = 256
DTYPES = ("float32", "float64")


@dataclass(frozen=True)
class Case:
    """What is timed."""

    engine: str
    activation: str
    dtype: str
    width: int
    samples: int
    dimension: int = 1

    @property
    def networks(self) -> int:
        """As many as fill the lanes, or two."""
        return 32 if self.width < WIDE_FROM else 2

    def task(self) -> ltens.Task:
        """Uneven samples and their squares."""
        x = np.random.default_rng(0).uniform(-2, 2, (self.samples, self.dimension))
        return ltens.Task(x, (x**2).sum(axis=1))

    def predicted(self) -> float:
        """Nanoseconds per network and step."""
        choice = choose(self.width, self.task(), self.activation, self.dtype, engine=self.engine)
        return 1e9 * choice.seconds_per_network_step

    def measured(self, seconds: float) -> float:
        """The same: processor time of one thread, median of three, less that of no steps."""
        nets = ltens.Networks.init(
            self.width, self.networks, activation=self.activation, dtype=self.dtype,
            dimension=self.dimension,
        )  # fmt: skip
        task = self.task()
        steps = max(4, int(seconds * 1e9 / (self.predicted() * self.networks)))

        def run(count: int) -> float:
            training = ltens.Training(steps=count, lr=1e-6)
            start = time.process_time()
            ltens.train(nets, task, training, engine=self.engine, rtol=1e6, threads=1)
            return time.process_time() - start

        idle = min(run(0) for _ in range(3))
        took = statistics.median(run(steps) for _ in range(3)) - idle
        return max(took, 1e-9) * 1e9 / (steps * self.networks)


def cases() -> Iterator[Case]:
    """Every engine over activations, sizes and dtypes; the dense one in three dimensions too."""
    for activation, dtype, width, samples in itertools.product(
        _core.activations(), DTYPES, WIDTHS, SAMPLES
    ):
        if width * samples > 300_000:
            continue
        yield Case("dense", activation, dtype, width, samples)
        if samples == 1000 and activation in ("relu", "silu"):
            yield Case("dense", activation, dtype, width, samples, dimension=4)
            for engine in names()[1:]:
                case = Case(engine, activation, dtype, width, samples)
                if engine in _core.engine_costs(
                    width=width, samples=samples, dimension=1, activation=activation,
                    float64=dtype == "float64",
                ):  # fmt: skip
                    yield case


def fit(measured: dict[Case, float], dtype: str, *, wide: bool) -> np.ndarray:
    """(3 + activations,): network, neuron, coordinate, update of each activation; all >= 0."""
    activations = _core.activations()
    rows, ones = [], []
    for case, nanoseconds in measured.items():
        if (case.engine, case.dtype) != ("dense", dtype) or (case.width >= WIDE_FROM) != wide:
            continue
        updates = case.width * case.samples
        row = [1.0, case.width, updates * (case.dimension - 1)]
        row += [updates * (name == case.activation) for name in activations]
        rows.append(np.array(row) / nanoseconds)  # relative errors count, not absolute ones
        ones.append(1.0)
    return np.asarray(nnls(np.array(rows), np.array(ones))[0])


def constants(measured: dict[Case, float]) -> str:
    """The fit as C++, {narrow, wide} for each dtype; in ns."""
    fits = np.array(
        [[fit(measured, dtype, wide=wide) for wide in (False, True)] for dtype in DTYPES]
    )  # (dtypes, 2, 3 + activations)

    def braced(numbers: np.ndarray) -> str:
        if numbers.ndim == 0:
            return f"{numbers:.3g}"
        return "{" + ", ".join(braced(part) for part in numbers) + "}"

    lines = [f"costs[2][2] = {braced(fits[..., :3])};  // network, neuron, coordinate"]
    for k, activation in enumerate(_core.activations()):
        lines.append(f"{activation}: .cost = {braced(fits[..., 3 + k])}")
    return "\n".join(lines)


def draw(measured: dict[Case, float], path: str) -> None:
    """Predicted against measured."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    figure, ax = plt.subplots(figsize=(5.2, 4.8), layout="constrained")
    ends = np.array([min(measured.values()) / 2, max(measured.values()) * 2])
    ax.loglog(ends, ends, color="black", linewidth=0.8)
    ax.fill_between(ends, ends / 2, ends * 2, color="black", alpha=0.08, linewidth=0)
    for engine in names():
        mine = {case: ns for case, ns in measured.items() if case.engine == engine}
        ax.loglog([*mine.values()], [case.predicted() for case in mine], "o", markersize=3,
                  alpha=0.6, label=engine)  # fmt: skip
    ax.set(
        xlabel="measured, ns per network and step of one core",
        ylabel="predicted by the constants in the source",
        title="Cost models; the band is a factor of two",
    )
    ax.legend(frameon=False)
    figure.savefig(path, dpi=130)


def main() -> None:
    """Measure, fit, print, draw."""
    parser = argparse.ArgumentParser(prog="python -m bench.cost_model", description=__doc__)
    parser.add_argument("--seconds", type=float, default=0.03, help="of each of three runs")
    parser.add_argument("--figure", help="draw predicted against measured into this file")
    options = parser.parse_args()
    print(machine_lines(description()))
    measured = {case: case.measured(options.seconds) for case in cases()}
    for engine in names():
        ratios = np.array([c.predicted() / ns for c, ns in measured.items() if c.engine == engine])
        low, middle, high = np.quantile(ratios, [0, 0.5, 1])
        print(
            f"{engine:<11} {len(ratios):4d} cases, predicted / measured: "
            f"{low:.2f} to {high:.2f}, median {middle:.2f}"
        )
    print(constants(measured))
    if options.figure:
        draw(measured, options.figure)
        print(f"wrote {options.figure}")


if __name__ == "__main__":
    main()
