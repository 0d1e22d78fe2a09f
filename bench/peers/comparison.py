"""Peers side by side on one problem: check the losses, then time in turns.

Every formulation runs a heat by itself; the fastest of each library are timed in turns.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np

from bench.peers import PEERS
from bench.peers.client import Client, NotInstalledError, PeerError
from bench.peers.numpy_batched import train
from bench.peers.problem import PeerProblem, losses, save

CHECK_STEPS = 50
CHECK_NETWORKS = 8
CHECK_TOLERANCE = 1e-3  # float32 rounding, eps = 6e-8, grown by 50 steps of Adam


class OtherLossesError(Exception):
    """A peer trained to losses that are not those of the reference."""


@dataclass
class Row:
    """What was measured of one peer."""

    peer: str
    state: str = "ok"  # or "not installed", "failed", "other losses"
    detail: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    steps: int = 0
    compile_seconds: float = 0.0
    seconds: list[float] = field(default_factory=list)
    heat: float = float("nan")  # M updates/s of one run by itself
    rates: list[float] = field(default_factory=list)  # million neuron-sample updates per second
    loss_error: float = float("nan")  # largest relative deviation after CHECK_STEPS

    @property
    def rate(self) -> float:
        """Median over the repeats."""
        return statistics.median(self.rates) if self.rates else float("nan")


@dataclass
class PeerComparison:
    """All peers on one problem."""

    task: str
    activation: str
    width: int
    networks: int
    samples: int
    dimension: int
    dtype: str
    threads: int
    rows: list[Row]

    def best_peer(self) -> Row | None:
        """The fastest that is not ltens."""
        sound = [row for row in self.rows if row.state == "ok" and row.rates]
        others = [row for row in sound if not row.peer.startswith("ltens")]
        return max(others, key=lambda row: row.rate, default=None)

    def ratios(self) -> dict[str, float]:
        """Speed of every engine of ltens over the best peer."""
        best = self.best_peer()
        return {
            row.peer: row.rate / best.rate
            for row in self.rows
            if best is not None and row.peer.startswith("ltens") and row.state == "ok" and row.rates
        }

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        best = self.best_peer()
        result = asdict(self)
        for row, found in zip(result["rows"], self.rows, strict=True):
            row["rate"] = found.rate if found.rates else None
            row["heat"] = None if np.isnan(found.heat) else found.heat
            row["loss_error"] = None if np.isnan(found.loss_error) else found.loss_error
        result["best_peer"] = None if best is None else best.peer
        result["ratios"] = self.ratios()
        return result


def reference_losses(problem: PeerProblem) -> tuple[np.ndarray, np.ndarray]:
    """Indices of some networks spread over the batch, and their losses in float64."""
    chosen = np.unique(np.linspace(0, problem.networks - 1, CHECK_NETWORKS).round().astype(int))
    start = [array[chosen].astype(np.float64) for array in problem.start]
    w, b, a, c = train(problem, start, CHECK_STEPS)
    part = replace(problem, start=(w, b, a, c))
    return chosen, losses(part, (w, b, a, c))


def compare(
    problem: PeerProblem, peers: list[str], *, steps: int | None, seconds: float, repeats: int
) -> PeerComparison:
    """Check and time `peers`; `steps` None chooses them so that a run takes about `seconds`."""
    rows = [Row(peer) for peer in peers if PEERS[peer].applies(problem)]
    expected = reference_losses(problem)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problem.npz"
        save(path, problem)
        for row in rows:
            with noted(row), closing(Client(row.peer, path, problem.threads)) as client:
                check(row, client, expected)
                choose_steps(row, client, steps, seconds / 3)
                heat(row, client, problem)
        finalists = fastest_of_each_library(rows)
        clients: dict[str, Client] = {}
        try:
            for row in finalists:
                with noted(row):
                    clients[row.peer] = Client(row.peer, path, problem.threads)
                    clients[row.peer].prepare(row.steps)
                    choose_steps(row, clients[row.peer], steps, seconds)
            for _ in range(repeats):
                for row in finalists:
                    if row.state == "ok":
                        with noted(row):
                            time_once(row, clients[row.peer], problem)
        finally:
            for client in clients.values():
                client.close()
    return PeerComparison(
        problem.task,
        problem.activation,
        problem.width,
        problem.networks,
        problem.samples,
        problem.dimension,
        problem.dtype.name,
        problem.threads,
        rows,
    )


def heat(row: Row, client: Client, problem: PeerProblem) -> None:
    """Time one formulation by itself."""
    row.heat = problem.updates_per_step * row.steps / client.run() / 1e6


def fastest_of_each_library(rows: list[Row]) -> list[Row]:
    """Return the rows that go on, in their order."""
    best: dict[str, Row] = {}
    for row in rows:
        library = PEERS[row.peer].library
        if row.state == "ok" and (library not in best or row.heat > best[library].heat):
            best[library] = row
    return [row for row in rows if row in best.values()]


@contextmanager
def noted(row: Row) -> Iterator[None]:
    """Note in `row` a peer that is missing, fails or disagrees; the others go on."""
    try:
        yield
    except NotInstalledError as error:
        row.state, row.detail = "not installed", str(error)
    except PeerError as error:
        row.state, row.detail = "failed", str(error)
    except OtherLossesError as error:
        row.state, row.detail = "other losses", str(error)


def check(row: Row, client: Client, expected: tuple[np.ndarray, np.ndarray]) -> None:
    """Raise unless the peer trains to the expected losses."""
    row.versions = client.versions
    row.compile_seconds = client.prepare(CHECK_STEPS)
    client.run()
    chosen, reference = expected
    found = np.array(client.losses())[chosen]
    row.loss_error = float(np.max(np.abs(found - reference) / reference))
    if not row.loss_error <= CHECK_TOLERANCE:
        raise OtherLossesError(f"off by {row.loss_error:.2g}, allowed are {CHECK_TOLERANCE:g}")


def choose_steps(row: Row, client: Client, steps: int | None, seconds: float) -> None:
    """Prepare the timed training; compilation counts as its slower time.

    A short run tells little of a fast peer, so it is made longer until it fills the time.
    """
    row.steps = row.steps or CHECK_STEPS
    while True:
        took = client.run() if steps is None else 0.0
        if row.steps == steps or took > seconds / 2:
            return
        wanted = steps or max(CHECK_STEPS, round(seconds / took * row.steps))
        if wanted == row.steps:
            return
        row.steps = wanted
        row.compile_seconds = max(client.prepare(row.steps), row.compile_seconds)


def time_once(row: Row, client: Client, problem: PeerProblem) -> None:
    """One timed run."""
    took = client.run()
    row.seconds.append(took)
    row.rates.append(problem.updates_per_step * row.steps / took / 1e6)
