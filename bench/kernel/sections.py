"""What is measured: each section makes its cases, times them in turns and returns its rows."""

from __future__ import annotations

from dataclasses import dataclass

from bench.kernel.operations import Listing
from bench.kernel.ports import bound, measured, peak
from bench.kernel.timing import TimedCase, time_in_turns
from ltens import _core

DTYPES = ("float32", "float64")
Row = dict[str, object]


@dataclass(frozen=True)
class Effort:
    """How long and how often each case is timed, and how many cores there are."""

    seconds: float
    repeats: int
    threads: int

    def time(self, cases: list[TimedCase]) -> None:
        """Time all cases in turns."""
        time_in_turns(cases, seconds=self.seconds, repeats=self.repeats)


def port_rows(effort: Effort) -> list[Row]:
    """Nanoseconds per instruction of one core; GFLOP/s of one and of all."""
    return [
        {
            "dtype": dtype,
            **{f"{kind} ns": value for kind, value in measured(dtype).items()},
            "GFLOP/s, 1 core": peak(dtype, 1),
            f"GFLOP/s, {effort.threads} cores": peak(dtype, effort.threads),
        }
        for dtype in DTYPES
    ]


def activation_rows(effort: Effort, listing: Listing) -> list[Row]:
    """Every activation beside the bound of its loops, on one thread."""
    cases = [
        TimedCase(activation, width, dtype=dtype)
        for activation in _core.activations()
        for width in (10, 100)
        for dtype in DTYPES
    ]
    effort.time(cases)
    ports = {dtype: measured(dtype) for dtype in DTYPES}
    rate32 = {(c.activation, c.width): c.rate for c in cases if c.dtype == "float32"}
    rows: list[Row] = []
    for case in cases:
        lanes, block = _core.kernel_shape(dtype=case.dtype).values()
        counts = listing.count(case.activation, case.dtype, block)
        allowed, limit = bound(counts, ports[case.dtype])
        found = 1e3 * lanes / case.rate  # ns per neuron, sample and pack
        rows.append(
            {
                "activation": case.activation, "N": case.width, "dtype": case.dtype,
                "operations": counts["arithmetic"], "divisions": counts.get("divide", 0.0),
                "loads": counts.get("load", 0.0), "stores": counts.get("store", 0.0),
                "bound ns": allowed, "by": limit, "found ns": found,
                "M updates/s": case.rate, "of bound": allowed / found,
                "at best": allowed / found * case.best,
                "time / float32": rate32[case.activation, case.width] / case.rate,
            }
        )  # fmt: skip
    return rows


def shape_rows(effort: Effort) -> list[Row]:
    """One wide network beside many narrow ones, more dimensions, one thread beside all."""
    cases = [
        TimedCase(activation, width, networks=networks, dimension=dimension, threads=threads)
        for activation, width, networks, dimension in (
            ("silu", 10, 64, 1),
            ("silu", 100, 64, 1),
            ("relu", 100, 64, 1),
            ("silu", 100, 100, 1),
            ("silu", 10_000, 1, 1),
            ("silu", 100, 64, 2),
            ("silu", 100, 64, 8),
            ("relu", 100, 64, 8),
        )
        for threads in sorted({1, effort.threads})
    ]
    effort.time(cases)
    alone = {
        (c.activation, c.width, c.networks, c.dimension): c.rate for c in cases if c.threads == 1
    }
    return [
        {
            "activation": c.activation, "N": c.width, "S": c.networks, "d": c.dimension,
            "threads": c.threads, "M updates/s": c.rate,
            "scaling": c.rate / alone[c.activation, c.width, c.networks, c.dimension],
        }
        for c in cases
    ]  # fmt: skip


def small_rows(effort: Effort) -> list[Row]:
    """Few samples: what Adam and the step itself cost."""
    cases = [
        TimedCase(activation, width, samples=samples, dtype=dtype)
        for activation in ("silu", "tanh")
        for dtype in DTYPES
        for width in (10, 100)
        for samples in (8, 16, 24, 32)
    ]
    effort.time(cases)
    return [
        {
            "activation": c.activation, "dtype": c.dtype, "N": c.width, "D": c.samples,
            "ns per network-step": c.network_step, "M updates/s": c.rate,
        }
        for c in cases
    ]  # fmt: skip


def batch_rows(effort: Effort) -> list[Row]:
    """A step that draws its samples, beside one that sees as many without drawing."""
    shapes = [(activation, n, d) for activation in ("relu", "silu") for n, d in ((10, 4), (192, 4))]
    drawn = [
        TimedCase(activation, n, networks=16, dimension=d, samples=4096, batch_size=64)
        for activation, n, d in shapes
    ]
    whole = [
        TimedCase(activation, n, networks=16, dimension=d, samples=64)
        for activation, n, d in shapes
    ]
    effort.time([*drawn, *whole])
    return [
        {
            "activation": one.activation, "N": one.width, "d": one.dimension,
            "batch": one.batch_size, "ns per network-step": one.network_step,
            "M updates/s": one.rate, "64 samples in all, ns": other.network_step,
        }
        for one, other in zip(drawn, whole, strict=True)
    ]  # fmt: skip
