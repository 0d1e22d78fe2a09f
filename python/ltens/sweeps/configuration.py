"""Everything that defines a sweep, checked once, in the order of its arguments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._typing import Ints
from ..computation import Plain
from ..randomness import RandomSource, philox_key, root_entropy
from ..training.engines import RTOL, Choice, choose
from ..training.history import checkpoint_steps
from ..training.networks import check_activation, check_init, dtype_name
from ..training.recipe import Recipe
from ..training.representable import require_representable
from ..training.settings import Training, check_training, with_parametrization
from ..training.task import Task
from ..training.trainer import check_evaluation_task, check_patience, task_arrays
from ..validation import (
    distinct_integers,
    positive,
    refuse_duplicates,
    seed_labels,
)
from .agreement import FOLLOWED, refuse_contradiction
from .axes import Axis, checked_axes, combinations, in_words, value_at, variables_of
from .sweep_memory import require_sweep_memory

Check = Callable[[Any, str], Any]


def _option(default: Any, text: str, check: Check | None = None, **shown: str) -> Any:
    """Return a field of `Defaults`; one that names its check can be an axis of a sweep."""
    checked = {} if check is None else {"check": check}
    return field(default=default, metadata={"help": text, **checked, **shown})


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
    init: str = _option("torch", "Initialisation scheme", check_init)
    init_scale: float = _option(1.0, "Factor of its spread", positive)
    dtype: str = _option("float32", "float32 or float64", dtype_name)
    engine: str = _option("auto", "How gradients are got")
    rtol: float = _option(RTOL, "Error an engine may have", positive)
    rng: int = _option(0, "Root entropy", metavar="INTEGER")


DEFAULTS = Defaults()
OPTIONS = tuple(
    each.name
    for each in fields(Defaults)
    if each.name not in ("widths", "seeds", "activations", "rng")
)
"""The options of plain values that every network of a sweep has in common."""
VARIABLES = (
    variables_of("training", fields(Training))
    | variables_of("task", fields(Recipe))
    | variables_of("networks", fields(Defaults))
)
"""All that ``over`` can make an axis, by name."""


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
    over: Mapping[str, Axis] = field(default_factory=dict)
    _tasks: dict[Any, Task] = field(default_factory=dict, repr=False)  # made so far

    @classmethod
    def checked(cls, *arguments: Any, **options: Any) -> Configuration:
        """Check the arguments of `ltens.sweep`, which explains them and what is raised."""
        configuration = cls.parsed(*arguments, **options)
        require_sweep_memory(configuration)
        fitting: set[tuple[int, str]] = set()  # tasks whose values their dtype can hold
        for place in configuration.places():
            with _at(place):
                configuration.at(place)._require_runnable(fitting)
        return configuration

    @classmethod
    def parsed(
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
        over: Mapping[str, Iterable[Any]] | None = None,
    ) -> Configuration:
        """Check each argument, but not whether such networks can be trained."""
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
        axes = checked_axes(over, VARIABLES)
        longest = max(axes["steps"].values) if "steps" in axes else settings.steps
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
            checkpoints=checkpoint_steps(checkpoints, longest),
            keep_networks=_flag(keep_networks, "keep_networks"),
            rng=root_entropy(rng),
            evaluation=evaluation,
            held_out=held_out,
            over=axes,
        )
        for name, other in configuration.evaluation_tasks().items():
            check_evaluation_task(other, name, data)
        for name in axes:
            refuse_contradiction(configuration, name, VARIABLES[name])
        return configuration

    @property
    def shape(self) -> tuple[int, ...]:
        """Numbers of activations, values of each other axis, widths and seeds."""
        over = (len(axis.values) for axis in self.over.values())
        return len(self.activations), *over, len(self.widths), len(self.seeds)

    def places(self) -> Iterator[dict[str, Plain]]:
        """Yield the coordinates of every combination of values of the axes ``over``.

        Examples
        --------
        >>> list(Configuration.checked([1], 1, over={"lr": [0.1, 0.2]}).places())
        [{'lr': 0.1}, {'lr': 0.2}]
        """
        return combinations(self.over.values())

    def at(self, place: Mapping[str, Plain]) -> Configuration:
        """Return the sweep without axes ``over`` that trains the same networks as this one there.

        Examples
        --------
        >>> configuration = Configuration.checked([1], 1, over={"lr": [0.1, 0.2]})
        >>> configuration.at({"lr": 0.2}).training.lr
        0.2
        """
        if not self.over:
            return self
        chosen: dict[str, dict[str, Any]] = {"training": {}, "task": {}, "networks": {}}
        for name, coordinate in place.items():
            chosen[self.over[name].owner][name] = value_at(coordinate)
        training = replace(self.training, **chosen["training"])
        followed = {name: value for name, value in chosen["task"].items() if name in FOLLOWED}
        evaluation: dict[str, Any] = {
            name: self._task(name, other, followed)
            for name, other in self.evaluation_tasks().items()
        }
        return replace(
            self,
            over={},
            training=training,
            task=self._task("task", self.task, chosen["task"]),
            **evaluation,
            checkpoints=self.checkpoints[self.checkpoints <= training.steps],
            **chosen["networks"],
        )

    def _task(self, argument: str, task: Task, changes: Mapping[str, Any]) -> Task:
        """Return a task with changes, the same one each time."""
        if not changes:
            return task
        key = (argument, *changes.items())
        if key not in self._tasks:
            self._tasks[key] = task.replace(**changes)
        return self._tasks[key]

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
            **({"over": {n: a.coordinates for n, a in self.over.items()}} if self.over else {}),
            "task": _described(self.task, self.varied("task")),
            **{
                name: _described(task, self.varied("task") & {*FOLLOWED})
                for name, task in self.evaluation_tasks().items()
            },
            "training": without(self.training.describe(), self.over),
            **without(self.options(), self.over),
            "checkpoints": self.checkpoints.tolist(),
            "keep_networks": self.keep_networks,
            "rng": str(self.rng),
        }

    def identity(self) -> dict[str, Any]:
        """Return all that a network's result depends on besides the coordinates of its cell."""
        plain = without(self.describe(), ("widths", "seeds", "activations"))
        return plain | ({"over": sorted(self.over)} if self.over else {})

    @property
    def dimensions(self) -> tuple[int, ...]:
        """The dimensions d of all tasks."""
        axis = self.over.get("dimension")
        return (self.task.dimension,) if axis is None else axis.values

    @property
    def widest_dtype(self) -> str:
        """The dtype that holds the parameters of all networks."""
        axis = self.over.get("dtype")
        return self.dtype if axis is None else max(axis.values)

    def varied(self, owner: str) -> set[str]:
        """Return the axes that are fields of "training", "task" or "networks"."""
        return {axis.name for axis in self.over.values() if axis.owner == owner}

    def _require_runnable(self, fitting: set[tuple[int, str]]) -> None:
        """Raise unless such networks can be trained: engine, patience, values of the task."""
        for activation in self.activations:
            for n in self.widths.tolist():
                self.choice(activation, n)
        check_patience(self.training, self.held_out)
        require_representable(self.training, self.dtype)
        if (key := (id(self.task), self.dtype)) not in fitting:
            task_arrays(self.task, self.dtype)
            fitting.add(key)


@contextmanager
def _at(place: Mapping[str, Plain]) -> Iterator[None]:
    """Say at which values something is wrong."""
    try:
        yield
    except (TypeError, ValueError) as error:
        if not place:
            raise
        raise type(error)(f"at {in_words(place)}: {error}") from error


def without(values: Mapping[str, Any], names: Container[str]) -> dict[str, Any]:
    """Return the values but for those of some names."""
    return {name: value for name, value in values.items() if name not in names}


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


def _described(task: Task, varied: Collection[str]) -> dict[str, Any]:
    """Return a task without what is an axis; with its whole recipe where it is needed again."""
    described = {
        "function": task.name,
        "domain": list(task.domain),
        "samples": task.samples,
        "dimension": task.dimension,
        "fingerprint": task.fingerprint,
    }
    if task.loss != "mse" or task.outputs > 1:
        described |= {"loss": task.loss, "outputs": task.outputs}
    if task.classes is not None:
        described["classes"] = task.classes
    recipe = task.recipe
    if recipe is not None and (varied or recipe.noise):
        described |= {
            "sampling": recipe.sampling,
            "noise": recipe.noise,
            "rng": str(recipe.rng),
        }
    return without(described, varied)


def _flag(value: object, argument: str) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{argument} is {value!r}, but must be True or False.")
    return value
