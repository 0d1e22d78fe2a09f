"""What the ports of this core allow, measured: nanoseconds per vector instruction of each kind."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from ltens import _core

ROUNDS = 20_000
REPEATS = 15
# Which measured rate limits which count of `operations`.
LIMITS = {
    "fma": "fma", "arithmetic": "mixed", "divide": "divide", "root": "root",
    "load": "load", "store": "store",
}  # fmt: skip


def measured(dtype: str) -> dict[str, float]:
    """Nanoseconds of this thread per instruction, by kind; the best of several, taken in turns."""
    best: dict[str, float] = {}
    for _ in range(REPEATS):
        for kind in _core.port_probes():
            began = time.thread_time_ns()
            number = _core.port_probe(kind=kind, dtype=dtype, rounds=ROUNDS)
            took = (time.thread_time_ns() - began) / number
            best[kind] = min(took, best.get(kind, took))
    return best


def peak(dtype: str, threads: int) -> float:
    """GFLOP/s of fused multiply-adds on several cores together, by the clock on the wall."""
    lanes = _core.kernel_shape(dtype=dtype)["lanes"]
    rates = []
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(REPEATS):
            began = time.perf_counter()
            jobs = [
                pool.submit(_core.port_probe, kind="fma", dtype=dtype, rounds=10 * ROUNDS)
                for _ in range(threads)
            ]
            number = sum(job.result() for job in jobs)
            rates.append(2 * lanes * number / (time.perf_counter() - began) / 1e9)
    return max(rates)


def bound(counts: Mapping[str, float], ports: Mapping[str, float]) -> tuple[float, str]:
    """Nanoseconds that the most loaded port needs for the counted instructions, and its kind."""
    needed = {kind: number * ports[LIMITS[kind]] for kind, number in counts.items()}
    # division and square root share one unit
    needed["divide"] = needed.pop("root", 0.0) + needed.get("divide", 0.0)
    limiting = max(needed, key=lambda kind: needed[kind])
    return needed[limiting], limiting
