"""Which engine computes the gradients, and what a step will cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import _core
from ..validation import integer, one_of
from .task import Task

RTOL = 1e-3
"""The error an engine that approximates may have unless another one is given."""


@dataclass(frozen=True)
class Choice:
    """An engine, why it was chosen, and its predicted cost.

    Attributes
    ----------
    engine : str
        Its name.
    reason : str
        One sentence.
    seconds_per_network_step : float
        Predicted time of one core for one step of one network. It comes from constants in the
        source, so it is the same on every machine and right to a factor of a few.
    side_by_side : int
        Networks that one core trains together in the time of as many of these steps: the lanes of
        this machine's vectors, 1 where lanes are not networks.

    Examples
    --------
    >>> Choice("dense", "it was asked for", 1e-6).engine
    'dense'
    """

    engine: str
    reason: str
    seconds_per_network_step: float
    side_by_side: int = 1


def names() -> tuple[str, ...]:
    """Return the names of all engines; "dense", the definition, is the first.

    Examples
    --------
    >>> names()[0]
    'dense'
    """
    return tuple(_core.engines())


def choose(
    width: int,
    task: Task,
    activation: str,
    dtype: str = "float32",
    *,
    engine: str = "auto",
    batch_size: int | None = None,
) -> Choice:
    """Return the engine for networks of this width on this task.

    "auto" takes the engine with the smallest predicted cost among those that apply. The rule is a
    function of width, number of samples, dimension, outputs, loss, activation, dtype and batch size
    alone, the same on every machine, so that the choice, and with it every bit of the result, is
    too.

    Parameters
    ----------
    width : int
        Number of neurons N.
    task : Task
    activation : str
    dtype : {"float32", "float64"}
    engine : str
        "auto" or the name of an engine.
    batch_size : int, optional
        Samples of a step; None, or not fewer than the task has, for all.

    Raises
    ------
    TypeError, ValueError
        If an argument is unknown or out of range, or the engine does not apply.

    Examples
    --------
    >>> choose(10, Task([0.0, 1.0], [0.0, 1.0]), "tanh").engine
    'dense'
    """
    one_of(engine, ("auto", *_core.engines()), "engine")
    problem: dict[str, Any] = {
        "width": integer(width, "width", minimum=1),
        "samples": task.samples,
        "dimension": task.dimension,
        "activation": one_of(activation, _core.activations(), "activation"),
        "float64": one_of(dtype, ("float32", "float64"), "dtype") == "float64",
        "batch": 0 if batch_size is None else integer(batch_size, "batch_size", minimum=1),
        "outputs": task.outputs,
        "loss": task.loss,
    }
    if engine == "auto":
        chosen = _core.choose_engine(**problem)
        reason = _comparison(chosen, _core.engine_costs(**problem))
    else:
        _core.require_engine(engine=engine, **problem)
        chosen, reason = engine, "it was asked for"
    return Choice(
        chosen,
        reason,
        1e-9 * _core.engine_costs(**problem)[chosen],
        _core.networks_side_by_side(engine=chosen, **problem),
    )


def gauss_rule(task: Task, nodes: int) -> tuple[Task, float]:
    """Return the nodes that stand for a task in the quadrature engine, and a constant.

    They are the Gauss rule of the measure sum_j q_j delta(x_j), with the values of the polynomial
    of degree nodes - 1 that fits the targets best. For a network f that is a polynomial of that
    degree, the loss on the nodes plus the constant is the loss on the task.

    Parameters
    ----------
    task : Task
        In one dimension, with numbers of one output.
    nodes : int
        At most the number of different samples.

    Raises
    ------
    TypeError, ValueError
        If the task is not one-dimensional, has classes or several outputs, or the number is out of
        range.

    Examples
    --------
    >>> rule, constant = gauss_rule(Task([-1.0, 0.0, 1.0], [1.0, 0.0, 1.0]), 2)
    >>> rule.x.round(3).ravel().tolist(), rule.y.round(3).tolist(), round(constant, 3)
    ([-0.816, 0.816], [0.667, 0.667], 0.222)
    """
    if task.dimension != 1:
        raise ValueError(f"task has dimension {task.dimension}, but a Gauss rule needs 1.")
    if task.loss != "mse" or task.outputs > 1:
        raise ValueError(
            f"task has {task.outputs} output(s) and the loss {task.loss!r}, but a Gauss rule needs "
            "one output and 'mse'."
        )
    count = integer(nodes, "nodes", minimum=1, maximum=task.samples)
    x, y, weights = (np.empty(count) for _ in range(3))
    constant = _core.gauss_rule(
        x=task.x[:, 0].copy(),
        y=task.y,
        weights=task.weights,
        nodes=x,
        targets=y,
        node_weights=weights,
    )
    return Task(x, y, weights, name=f"{task.name} on {count} nodes"), constant


def _comparison(chosen: str, costs: dict[str, float]) -> str:
    """Say what the engines that apply would cost."""
    if len(costs) == 1:
        return "no other engine applies"
    others = ", ".join(f"{name} {ns:.3g} ns" for name, ns in costs.items() if name != chosen)
    return f"predicted {costs[chosen]:.3g} ns per network and step, against {others}"
