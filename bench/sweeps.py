"""What sweeping costs beside training: `python -m bench.sweeps`, on a machine of one's own.

Prints, with the build: the overhead of store, bar and scheduling over a bare loop of the same
blocks; how much a pool of two processes gains over one; the time to open 100,000 blocks; how near
`ltens.plan` comes; how fast Ctrl-C is answered. About two minutes.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

import ltens
from ltens.scheduling import Cell, Computation, Watch
from ltens.scheduling.blocks import cut
from ltens.store import Store
from ltens.sweeps.configuration import Configuration
from ltens.sweeps.sweep_computation import computation_of, train_block

TRAINING = ltens.Training(steps=4000)


class Screen(io.StringIO):
    """A terminal in memory, so that the bar is drawn and paid for."""

    def isatty(self) -> bool:
        return True


def arguments(blocks: int, threads: int) -> dict[str, Any]:
    """A dense sweep of so many blocks of about a second, as this machine runs them."""
    fixed: dict[str, Any] = {
        "widths": [50],
        "activations": "silu",
        "engine": "dense",
        "training": TRAINING,
    }
    trial = ltens.plan(**fixed, seeds=16 * threads, threads=threads, calibrate=True)
    per_block = 16 * threads * max(1, round(1.0 / trial.seconds))
    return {**fixed, "seeds": per_block * blocks, "threads": threads}


def overhead(folder: Path, threads: int, blocks: int = 8, rounds: int = 3) -> None:
    options = arguments(blocks, threads)
    count = options.pop("threads")
    configuration = Configuration.checked(**options)
    computation = computation_of(configuration, count)
    parts = cut(computation.cells, [computation.labels], threads=count)
    bare, swept, outside = [], [], []
    for i in range(rounds):
        start = time.perf_counter()
        for block in parts:
            train_block(computation.common, block.cell.coordinates, block.labels, Watch(count))
        bare.append(time.perf_counter() - start)
        with contextlib.redirect_stderr(Screen()):
            start = time.perf_counter()
            ds = ltens.sweep(**options, threads=count, store=folder / f"{i}.ltens", progress=True)
            swept.append(time.perf_counter() - start)
        outside.append(swept[-1] - float(ds.seconds.sum()))
    print(f"overhead: {len(parts)} blocks of {min(bare) / len(parts):.2f} s, {count} thread(s)")
    print(f"  bare loop {min(bare):.3f} s, with store and bar {min(swept):.3f} s: ", end="")
    print(f"{100 * (min(swept) / min(bare) - 1):+.2f} %")
    share = 100 * min(outside) / min(swept)
    print(f"  time outside of the blocks {1e3 * min(outside):.0f} ms: {share:.2f} %")


def pool(folder: Path, blocks: int = 16) -> None:
    options = arguments(blocks, 1)
    start = time.perf_counter()
    ltens.sweep(**options, progress=False, store=folder / "one.ltens")
    one = time.perf_counter() - start
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        small = {**options, "seeds": 64, "training": ltens.Training(steps=10)}
        ltens.sweep(**small, progress=False, executor=executor)  # starts and imports
        start = time.perf_counter()
        ltens.sweep(**options, progress=False, executor=executor, store=folder / "two.ltens")
        two = time.perf_counter() - start
    print(f"pool: one process {one:.2f} s, two processes {two:.2f} s: {one / two:.2f} x")


def nothing(*_: object) -> dict[str, np.ndarray]:
    return {}


def many_blocks(folder: Path, blocks: int = 100_000, cells: int = 100) -> None:
    each = 2 * blocks // cells
    configuration = Configuration.checked()
    task = configuration.task
    computation = Computation(
        kind="sweep",
        worker=nothing,
        common={},
        cells=[Cell({"activation": "relu", "width": n + 1}, 1.0, 1.0) for n in range(cells)],
        labels=np.arange(each, dtype=np.int64),
        identity=configuration.identity(),
        arrays={name: getattr(task, name) for name in ("x", "y", "weights")},
        provenance=computation_of(configuration).provenance,
    )
    path = folder / "many.ltens"
    rng = np.random.default_rng(0)
    with Store(path, computation) as store:
        list(store.read())
        store.register(computation)
        store._connection.execute("PRAGMA synchronous = OFF")  # only here, only to be quick
        for cell in computation.cells:
            for first in range(0, each, 2):
                arrays: dict[str, np.ndarray] = {
                    "loss": rng.random(2),
                    "status": np.zeros(2, np.int8),
                    "engine": np.array([b"piecewise"] * 2),
                    "nodes": np.zeros(2, np.int64),
                    "engine_error": np.zeros(2),
                }
                store.commit(cell.key, np.arange(first, first + 2), arrays, 1.0)
    ltens.open(path)  # imports
    start = time.perf_counter()
    ds = ltens.open(path)
    seconds = time.perf_counter() - start
    assert ds.loss.notnull().all()
    print(f"open: {blocks} blocks, {path.stat().st_size / 1e6:.0f} MB, in {seconds:.2f} s")


def planning() -> None:
    cases: dict[str, dict[str, Any]] = {
        "dense": {"engine": "dense", "training": ltens.Training(steps=1500)},
        "auto": {"training": ltens.Training(steps=50_000)},
    }
    for name, options in cases.items():
        sweep: dict[str, Any] = {"widths": [1, 5, 20, 50], "seeds": 128, **options}
        predicted = ltens.plan(**sweep).seconds
        calibrated = ltens.plan(**sweep, calibrate=True).seconds
        start = time.perf_counter()
        ltens.sweep(**sweep, progress=False)
        truth = time.perf_counter() - start
        print(
            f"plan ({name}): predicted {predicted:.2f} s ({predicted / truth:.2f} x), calibrated "
            f"{calibrated:.2f} s ({calibrated / truth:.2f} x), it took {truth:.2f} s"
        )


def reaction(folder: Path, tries: int = 5) -> None:
    command = [sys.executable, "-m", "ltens", "sweep", "--widths", "100", "--seeds", "1000"]
    for name in ("SIGINT", "SIGTERM"):
        line_after, exit_after = [], []
        for i in range(tries):
            store = folder / f"{name}{i}.ltens"
            with subprocess.Popen(
                [*command, "--engine", "dense", "--store", str(store)],
                stderr=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                text=True,
            ) as process:
                assert process.stderr is not None
                process.stderr.readline()
                time.sleep(1.0 + 0.13 * i)
                start = time.perf_counter()
                os.kill(process.pid, getattr(signal, name))
                while "interrupted" not in process.stderr.readline():
                    pass
                line_after.append(time.perf_counter() - start)
                process.wait()
                exit_after.append(time.perf_counter() - start)
        print(
            f"{name}: the last line after {1e3 * max(line_after):.0f} ms, exit "
            f"{process.returncode} after {1e3 * max(exit_after):.0f} ms (slowest of {tries})"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    names = ["overhead", "pool", "open", "plan", "reaction"]
    parser.add_argument("what", nargs="*", default=names, metavar=" ".join(names))
    wanted = parser.parse_args().what
    build = ltens.build_info()
    print(f"ltens {build['version']}, {build['simd_active']}, {build['cpus']} CPU(s)")
    print(f"load average {os.getloadavg()[0]:.2f}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "overhead" in wanted:
            overhead(folder, threads=2)
        if "pool" in wanted:
            pool(folder)
        if "open" in wanted:
            many_blocks(folder)
        if "plan" in wanted:
            planning()
        if "reaction" in wanted:
            reaction(folder)


if __name__ == "__main__":
    main()
