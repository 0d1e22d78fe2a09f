"""Everything that defines a sweep, checked once, in the order of its arguments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._typing import Ints
from ..memory import require_memory
from ..randomness import RandomSource, philox_key, root_entropy
from ..training.engines import RTOL, Choice, choose
from ..training.history import checkpoint_steps
from ..training.networks import check_activation, check_init, dtype_name, parameter_bytes
from ..training.results import result_bytes
from ..training.settings import Training, check_training, with_parametrization
from ..training.task import Task
from ..training.trainer import check_evaluation_task, check_patience, task_arrays
from ..validation import (
    distinct_integers,
    positive,
    refuse_duplicates,
    seed_labels,
)


def _option(default: Any, text: str, **shown: str) -> Any:
    return field(default=default, metadata={"help": text, **shown})


@dataclass(frozen=True)
class Defaults:
    """What a sweep is unless told otherwise, and what each option means, for the command line.

    The only place where these values stand.
    """

    widths: tuple[int, ...] = _option(
        (1, 2, 3, 5, 10, 20, 50, 100), "Numbers of neurons", metavar="N..."
    )
    seeds: int = _option(100, "Networks per width, or their labels", metavar="S...")
    activations: tuple[str, ...] = _option(("relu", "silu"), "Names", metavar="NAME...")
    init: str = _option("torch", "Initialisation scheme")
    init_scale: float = _option(1.0, "Factor of its spread")
    dtype: str = _option("float32", "float32 or float64")
    engine: str = _option("auto", "How gradients are got")
    rtol: float = _option(RTOL, "Error an engine may have")
    rng: int = _option(0, "Root entropy", metavar="INTEGER")


DEFAULTS = Defaults()
OPTIONS = tuple(
    each.name
    for each in fields(Defaults)
    if each.name not in ("widths", "seeds", "activations", "rng")
)
"""The options of plain values that every network of a sweep has in common."""


@dataclass(frozen=True, eq=False)
class Configuration:
    """A checked sweep. Its results depend on nothing else.

    Examples
    --------
    >>> configuration = Configuration.checked(widths=[1, 2], seeds=3)
    >>> configuration.shape, configuration.engine
    ((2, 2, 3), 'auto')
    """

    widths: Ints  # (W,)
    seeds: NDArray[np.uint64]  # (S,)
    activations: tuple[str, ...]
    task: Task
    training: Training
    init: str
    init_scale: float
    dtype: str
    engine: str
    rtol: float
    checkpoints: NDArray[np.uint64]  # (K,)
    keep_networks: bool
    rng: int
    evaluation: Task | None = None
    held_out: Task | None = None

    @classmethod
    def checked(
        cls,
        widths: Iterable[int] = DEFAULTS.widths,
        seeds: int | Iterable[int] = DEFAULTS.seeds,
        *,
        activations: str | Iterable[str] = DEFAULTS.activations,
        task: Task | None = None,
        training: Training | None = None,
        parametrization: str | None = None,
        base_width: int | None = None,
        init: str = DEFAULTS.init,
        init_scale: float = DEFAULTS.init_scale,
        dtype: str = DEFAULTS.dtype,
        engine: str = DEFAULTS.engine,
        rtol: float = DEFAULTS.rtol,
        checkpoints: int | Iterable[int] | None = None,
        keep_networks: bool = False,
        rng: RandomSource = DEFAULTS.rng,
        evaluation: Task | None = None,
        held_out: Task | None = None,
    ) -> Configuration:
        """Check the arguments of `ltens.sweep`, which explains them and what is raised."""
        sizes = [widths] if isinstance(widths, (int, np.integer)) else widths
        sizes = distinct_integers(sizes, "widths", minimum=1)
        labels = seed_labels(seeds)
        names = _activations(activations)
        data = Task.from_function("square") if task is None else task
        if not isinstance(data, Task):
            raise TypeError(
                f"task is a {type(data).__name__}, but must be an ltens.Task, such as "
                "ltens.Task.from_function('square')."
            )
        settings = with_parametrization(check_training(training), parametrization, base_width)
        kind = dtype_name(dtype)
        configuration = cls(
            widths=sizes,
            seeds=labels,
            activations=names,
            task=data,
            training=settings,
            init=check_init(init),
            init_scale=positive(init_scale, "init_scale"),
            dtype=kind,
            engine=engine,
            rtol=positive(rtol, "rtol"),
            checkpoints=checkpoint_steps(checkpoints, settings.steps),
            keep_networks=_flag(keep_networks, "keep_networks"),
            rng=root_entropy(rng),
            evaluation=evaluation,
            held_out=held_out,
        )
        configuration._require_engine()
        check_patience(settings, held_out)
        for name, other in configuration.evaluation_tasks().items():
            check_evaluation_task(other, name, data)
        task_arrays(data, configuration.dtype)  # refuses values the dtype cannot hold
        configuration._require_memory()
        return configuration

    @property
    def shape(self) -> tuple[int, int, int]:
        """Numbers of activations, widths and seeds."""
        return len(self.activations), len(self.widths), len(self.seeds)

    @property
    def philox_key(self) -> NDArray[np.uint64]:
        """The (2,) uint64 key of all random numbers."""
        return philox_key(self.rng)

    def evaluation_tasks(self) -> dict[str, Task]:
        """Return the tasks that networks are evaluated on but not trained on, by argument."""
        both = {"evaluation": self.evaluation, "held_out": self.held_out}
        return {name: task for name, task in both.items() if task is not None}

    def options(self) -> dict[str, str | float]:
        """Return what all networks have in common, by name: see `OPTIONS`."""
        return {name: getattr(self, name) for name in OPTIONS}

    def choice(self, activation: str, width: int) -> Choice:
        """Return the engine of an activation and a width; ValueError if it does not apply."""
        return choose(
            width,
            self.task,
            activation,
            self.dtype,
            engine=self.engine,
            batch_size=self.training.batch_size,
        )

    def network_work(self, width: int) -> int:
        """Neuron-sample updates of one network."""
        seen = self.training.batch(self.task.samples) or self.task.samples
        return width * seen * self.training.steps

    def work(self, width: int) -> int:
        """Neuron-sample updates of one activation at one width."""
        return self.network_work(width) * len(self.seeds)

    def describe(self) -> dict[str, Any]:
        """Return the configuration in plain values, ready for JSON."""
        counted = np.array_equal(self.seeds, np.arange(len(self.seeds), dtype=np.uint64))
        return {
            "widths": self.widths.tolist(),
            "seeds": len(self.seeds) if counted else self.seeds.tolist(),
            "activations": list(self.activations),
            "task": _described(self.task),
            **{name: _described(task) for name, task in self.evaluation_tasks().items()},
            "training": self.training.describe(),
            **self.options(),
            "checkpoints": self.checkpoints.tolist(),
            "keep_networks": self.keep_networks,
            "rng": str(self.rng),
        }

    def identity(self) -> dict[str, Any]:
        """Return all that a network's result depends on besides activation, width and seed."""
        plain = self.describe()
        for name in ("widths", "seeds", "activations"):
            del plain[name]
        return plain

    def result_bytes(self) -> int:
        """Return the memory of the results."""
        activations, widths, seeds = self.shape
        kept = 0
        if self.keep_networks:
            kept = activations * sum(self._parameters(int(n)) for n in self.widths)
        return kept + result_bytes(activations * widths * seeds, len(self.checkpoints))

    def _require_engine(self) -> None:
        """Raise unless the engine applies to every activation and width."""
        for activation in self.activations:
            for n in self.widths.tolist():
                self.choice(activation, n)

    def _require_memory(self) -> None:
        """Raise MemoryError if the results and the largest block do not fit into memory."""
        block = 4 * self._parameters(int(self.widths.max()))  # start, copy and two moments
        require_memory(
            self.result_bytes() + block,
            f"a sweep of {len(self.seeds)} seed(s) up to width {self.widths.max()}",
            "take fewer seeds, smaller widths, fewer checkpoints or keep_networks=False",
        )

    def _parameters(self, width: int) -> int:
        return parameter_bytes(len(self.seeds), width, self.task.dimension, self.dtype)


def _activations(activations: str | Iterable[str]) -> tuple[str, ...]:
    if isinstance(activations, str):
        activations = (activations,)
    if not isinstance(activations, Iterable):
        raise TypeError(f"activations is {activations!r}, but must be a sequence of names.")
    names = tuple(check_activation(a, f"activations[{i}]") for i, a in enumerate(activations))
    if not names:
        raise ValueError("activations is empty, but must hold at least one name.")
    refuse_duplicates(names, "activations")
    return names


def _described(task: Task) -> dict[str, Any]:
    return {
        "function": task.name,
        "domain": list(task.domain),
        "samples": task.samples,
        "dimension": task.dimension,
        "fingerprint": task.fingerprint,
    }


def _flag(value: object, argument: str) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{argument} is {value!r}, but must be True or False.")
    return value
