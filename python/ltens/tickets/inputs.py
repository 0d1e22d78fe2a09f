"""What the functions take: anything with the arrays of `ltens.Networks` and `ltens.Task`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .._typing import Floats
from .activations import ACTIVATIONS, evaluate

_BLOCK = 4_000_000  # values of features held at a time: 32 MB


class NetworksLike(Protocol):
    """f(x) = c + sum_i a_i act(w_i . x + b_i), as in `ltens.Networks`; a few take C outputs."""

    @property
    def w(self) -> NDArray[Any]:
        """(S, N, d)."""
        ...

    @property
    def b(self) -> NDArray[Any]:
        """(S, N)."""
        ...

    @property
    def a(self) -> NDArray[Any]:
        """(S, N), or (S, C, N)."""
        ...

    @property
    def c(self) -> NDArray[Any]:
        """(S,), or (S, C)."""
        ...

    @property
    def activation(self) -> str:
        """Its name."""
        ...


class TaskLike(Protocol):
    """Samples x (D, d), targets y (D,) or (D, C) and weights (D,), as in `ltens.Task`."""

    @property
    def x(self) -> Floats:
        """(D, d)."""
        ...

    @property
    def y(self) -> Floats:
        """(D,), or (D, C)."""
        ...

    @property
    def weights(self) -> Floats:
        """(D,)."""
        ...


@dataclass(frozen=True, eq=False)
class Arrays:
    """The parameters of S networks in float64.

    Attributes
    ----------
    w : (S, N, d) float64
    b, a : (S, N) float64
    c : (S,) float64
        Of C outputs a is (S, C, N) and c (S, C).
    activation : str
    """

    w: Floats
    b: Floats
    a: Floats
    c: Floats
    activation: str

    def __len__(self) -> int:
        return len(self.c)

    def __getitem__(self, chosen: Any) -> Arrays:
        """Return some of the networks, chosen by an array or a slice."""
        return Arrays(
            self.w[chosen], self.b[chosen], self.a[chosen], self.c[chosen], self.activation
        )

    @property
    def width(self) -> int:
        """The number of neurons N."""
        return int(self.b.shape[1])

    def features(self, s: int | slice, x: Floats) -> Floats:
        """Return act(w_i . x_j + b_i) of network s, (D, N), or of several, (n, D, N)."""
        z: Floats = x @ np.swapaxes(self.w[s], -1, -2) + self.b[s][..., np.newaxis, :]
        return evaluate(self.activation, z)

    def predict(self, x: Floats) -> Floats:
        """Return f (S, D), or (S, D, C), at x (D, d)."""
        out = np.empty((len(self), len(x), *self.c.shape[1:]))
        for rows in self.blocks(len(x)):
            phi = self.features(rows, x)
            if self.a.ndim == 2:
                out[rows] = np.matmul(phi, self.a[rows][..., np.newaxis])[..., 0]
            else:
                out[rows] = np.matmul(phi, np.swapaxes(self.a[rows], -1, -2))
            out[rows] += self.c[rows][:, np.newaxis]
        return out

    def blocks(self, samples: int) -> Iterator[slice]:
        """Yield slices of networks whose features fit a small block of memory."""
        step = max(1, _BLOCK // max(1, samples * self.width))
        for start in range(0, len(self), step):
            yield slice(start, min(start + step, len(self)))


def network_arrays(nets: NetworksLike, argument: str = "nets", *, several: bool = False) -> Arrays:
    """Return the parameters in float64, of several outputs if these may be.

    Raises
    ------
    TypeError
        If `nets` is no batch of networks.
    ValueError
        If its activation is not known, a parameter is not finite, or it has several outputs.

    Examples
    --------
    >>> network_arrays(3)
    Traceback (most recent call last):
    ...
    TypeError: nets is a int, but must be networks with w, b, a, c, such as an ltens.Networks.
    """
    if not all(hasattr(nets, name) for name in ("w", "b", "a", "c", "activation")):
        raise TypeError(
            f"{argument} is a {type(nets).__name__}, but must be networks with w, b, a, c, such "
            "as an ltens.Networks."
        )
    if nets.activation not in ACTIVATIONS:
        raise ValueError(
            f"{argument} has the activation {nets.activation!r}, but it must be one of: "
            f"{', '.join(ACTIVATIONS)}."
        )
    if nets.a.ndim == 3 and not several:
        raise ValueError(
            f"{argument} have {nets.a.shape[1]} outputs, but this looks at networks of one."
        )
    parts = {name: np.asarray(getattr(nets, name), dtype=np.float64) for name in "wbac"}
    bad = ~np.all([np.isfinite(p).reshape(len(p), -1).all(axis=1) for p in parts.values()], axis=0)
    if bad.any():
        raise ValueError(
            f"{argument}[{int(np.argmax(bad))}] has a parameter that is not finite, but every "
            f"network must be finite: leave diverged ones out, {argument}[run.status == 0]."
        )
    return Arrays(**parts, activation=nets.activation)


def check_task(arrays: Arrays, task: TaskLike) -> tuple[Floats, Floats, Floats]:
    """Return x (D, d), y (D,) or (D, C), and the weights (D,) divided by their sum.

    Raises
    ------
    TypeError, ValueError
        If `task` is none, has classes, or has not the dimension and outputs of the networks.
    """
    if not all(hasattr(task, name) for name in ("x", "y", "weights")):
        raise TypeError(
            f"task is a {type(task).__name__}, but must have x, y and weights, such as an "
            "ltens.Task."
        )
    if task.x.shape[1] != arrays.w.shape[2]:
        raise ValueError(
            f"task has dimension {task.x.shape[1]}, but must have the networks' dimension "
            f"{arrays.w.shape[2]}."
        )
    if (loss := getattr(task, "loss", "mse")) != "mse":
        raise ValueError(
            f"task has the loss {loss!r}, but this looks at errors of numbers, the loss 'mse'."
        )
    if task.y.shape[1:] != arrays.c.shape[1:]:
        found, wanted = (int(np.prod(array.shape[1:])) for array in (task.y, arrays.c))
        raise ValueError(
            f"task has {found} output(s), but must have as many as the networks, {wanted}."
        )
    return task.x, task.y, task.weights / task.weights.sum()
