"""Trainings timed in turns."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

import ltens


@dataclass
class TimedCase:
    """One training to be timed, and what it took."""

    activation: str
    width: int
    networks: int = 64
    dtype: str = "float32"
    samples: int = 1000
    dimension: int = 1
    threads: int = 1
    batch_size: int | None = None
    steps: int = 0
    seconds: list[float] = field(default_factory=list)  # per step

    @property
    def step_seconds(self) -> float:
        """Median over the repeats."""
        return statistics.median(self.seconds)

    @property
    def best(self) -> float:
        """The fastest repeat over the median one: how much others disturbed."""
        return self.step_seconds / min(self.seconds)

    @property
    def rate(self) -> float:
        """Million neuron-sample updates per second."""
        seen = self.batch_size or self.samples
        return self.networks * self.width * seen / self.step_seconds / 1e6

    @property
    def network_step(self) -> float:
        """Nanoseconds for one step of one network, on one thread."""
        return self.step_seconds * self.threads / self.networks * 1e9

    def prepared(self) -> Callable[[int], None]:
        """A function that trains for so many steps."""
        nets = ltens.Networks.init(
            self.width, self.networks, activation=self.activation, dtype=self.dtype,
            dimension=self.dimension,
        )  # fmt: skip
        x = np.random.default_rng(0).uniform(-2, 2, (self.samples, self.dimension))
        task = ltens.Task(x, (x * x).sum(axis=1))

        def train(steps: int) -> None:
            training = ltens.Training(steps=steps, batch_size=self.batch_size)
            ltens.train(nets, task, training, engine="dense", threads=self.threads)

        return train

    def clock(self) -> float:
        """Seconds of this process on one thread: others' work does not count; else of the wall."""
        return time.process_time() if self.threads == 1 else time.perf_counter()


def time_in_turns(cases: Iterable[TimedCase], *, seconds: float, repeats: int) -> None:
    """Time every case `repeats` times, each for about `seconds`, one after the other in rounds.

    What one call costs besides its steps is measured by a call with fewer steps and taken off.
    """
    runs = [(case, case.prepared()) for case in cases]
    for case, train in runs:
        train(4)
        took = _timed(case, train, 20) / 20
        case.steps = max(20, round(seconds / took))
    for _ in range(repeats):
        for case, train in runs:
            few = max(1, case.steps // 10)
            long, short = _timed(case, train, case.steps), _timed(case, train, few)
            case.seconds.append((long - short) / (case.steps - few))


def _timed(case: TimedCase, train: Callable[[int], None], steps: int) -> float:
    began = case.clock()
    train(steps)
    return case.clock() - began
