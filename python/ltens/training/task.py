"""The data a network is trained on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Floats
from ..randomness import RandomSource
from ..validation import float64_array, integer, one_of, real
from . import points
from .targets import FUNCTIONS


@dataclass(frozen=True, eq=False, repr=False)
class Task:
    """Samples x, targets y and weights q of the loss L = sum_j q_j (f(x_j) - y_j)^2.

    Parameters
    ----------
    x : (D,) or (D, d) array of real numbers
        The samples; kept as (D, d) float64.
    y : (D,) array of real numbers
        The targets.
    weights : (D,) array of real numbers, optional
        The weights q, used as they are; 1/D each by default, so that L is the mean square error.
    name : str, optional
        What results should call the task.
    domain : (low, high), optional
        The interval the coordinates come from; the range of `x` by default.

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    ValueError
        If shapes do not match, there is no sample, a value is not finite, or the weights are
        negative or all zero.

    Examples
    --------
    >>> task = Task([-1.0, 0.0, 1.0], [1.0, 0.0, 1.0])
    >>> task.samples, task.dimension, task.domain
    (3, 1, (-1.0, 1.0))
    """

    x: Floats
    y: Floats
    weights: Floats
    name: str = field(default="custom", kw_only=True)
    domain: tuple[float, float] = field(kw_only=True)

    def __init__(
        self,
        x: ArrayLike,
        y: ArrayLike,
        weights: ArrayLike | None = None,
        *,
        name: str = "custom",
        domain: Sequence[float] | None = None,
    ) -> None:
        samples = _samples(x)
        targets = float64_array(y, "y", (1,))
        if len(targets) != len(samples):
            raise ValueError(
                f"y has {len(targets)} value(s), but must have one for each of the "
                f"{len(samples)} sample(s) of x."
            )
        limits = (float(samples.min()), float(samples.max())) if domain is None else domain
        if not isinstance(name, str):
            raise TypeError(f"name is {name!r}, but must be a string.")
        for key, value in {
            "x": samples,
            "y": targets,
            "weights": _weights(weights, len(samples)),
            "name": name,
            "domain": limits if domain is None else _interval(domain),
        }.items():
            object.__setattr__(self, key, value)

    @property
    def samples(self) -> int:
        """The number of samples D."""
        return len(self.x)

    @property
    def dimension(self) -> int:
        """The dimension d of a sample."""
        return int(self.x.shape[1])

    @property
    def fingerprint(self) -> str:
        """The sha256 (hexadecimal) of shapes, samples, targets and weights."""
        digest = hashlib.sha256(f"ltens task {self.x.shape}".encode())
        for array in (self.x, self.y, self.weights):
            digest.update(array.astype("<f8").tobytes())
        return digest.hexdigest()

    def __repr__(self) -> str:
        low, high = self.domain
        return (
            f"Task({self.name}, samples={self.samples}, dimension={self.dimension}, "
            f"domain=({low:g}, {high:g}))"
        )

    @classmethod
    def from_function(
        cls,
        function: str | Callable[[Floats], ArrayLike],
        *,
        domain: Sequence[float] = (-2.0, 2.0),
        samples: int = 1000,
        sampling: str = "grid",
        dimension: int = 1,
        rng: RandomSource = 0,
    ) -> Task:
        """Sample a function on an interval (d = 1) or a cube (d > 1).

        Parameters
        ----------
        function : str or callable
            ``"square"``, ``"cube"``, ``"abs"``, ``"sin"``, ``"exp"``, ``"step"``, ``"runge"``,
            ``"gaussian"`` (see `ltens.training.targets` for what they are in d > 1), or a
            vectorised callable of x (D,) if d = 1, else (D, d), that returns y (D,).
        domain : (low, high)
            Each coordinate lies in this interval.
        samples : int
            The number of samples D in all; for a grid in d dimensions a perfect d-th power.
        sampling : {"grid", "random"}
            A regular grid with both ends, or points drawn uniformly.
        dimension : int
            The dimension d.
        rng : int, SeedSequence or Generator
            Draws the points of ``sampling="random"``.

        Raises
        ------
        TypeError
            If an argument is of the wrong kind.
        ValueError
            If a name is unknown, a number out of range, or the callable does not return one
            finite number for each sample.

        Examples
        --------
        >>> Task.from_function("square", samples=5).y
        array([4., 1., 0., 1., 4.])
        >>> Task.from_function(lambda x: x[:, 0] * x[:, 1], samples=9, dimension=2).samples
        9
        """
        if not callable(function):
            one_of(function, tuple(FUNCTIONS), "function")
        limits = _interval(domain)
        count = integer(samples, "samples", minimum=1)
        one_of(sampling, points.SAMPLINGS, "sampling")
        d = integer(dimension, "dimension", minimum=1, maximum=10_000)
        if sampling == "grid":
            x = points.grid(limits, count, d)
        else:
            x = points.random(limits, count, d, rng)
        if callable(function):
            name = getattr(function, "__name__", type(function).__name__)
            y = _evaluate(function, x, name)
        else:
            name, y = function, FUNCTIONS[function](x)
        return cls(x, y, name=name, domain=limits)


def _samples(x: ArrayLike) -> Floats:
    """Return x as (D, d)."""
    samples = float64_array(x, "x", (1, 2))
    if samples.ndim == 1:
        samples = samples[:, np.newaxis]
    if samples.size == 0:
        raise ValueError(f"x has shape {np.shape(x)}, but must hold at least one sample.")
    return samples


def _weights(weights: ArrayLike | None, count: int) -> Floats:
    """Return the weights, 1/D each if there are none."""
    if weights is None:
        uniform = np.full(count, 1.0 / count)
        uniform.setflags(write=False)
        return uniform
    checked = float64_array(weights, "weights", (1,))
    if len(checked) != count:
        raise ValueError(
            f"weights has {len(checked)} value(s), but must have one for each of the {count} "
            "sample(s) of x."
        )
    if np.any(checked < 0):
        index = int(np.argmax(checked < 0))
        raise ValueError(f"weights[{index}] is {checked[index]}, but must not be negative.")
    if not np.any(checked > 0):
        raise ValueError("weights are all zero, but at least one must be above 0.")
    return checked


def _interval(domain: object) -> tuple[float, float]:
    """Return the interval as two increasing floats."""
    if isinstance(domain, str) or not isinstance(domain, (Sequence, np.ndarray)):
        raise TypeError(f"domain is {domain!r}, but must be two numbers (low, high).")
    if len(domain) != 2:
        raise ValueError(f"domain has {len(domain)} value(s), but must be two numbers (low, high).")
    low, high = real(domain[0], "domain[0]"), real(domain[1], "domain[1]")
    if low >= high:
        raise ValueError(f"domain is ({low}, {high}), but its low end must be below its high end.")
    return low, high


def _evaluate(function: Callable[[Floats], ArrayLike], x: Floats, name: str) -> Floats:
    """Return y (D,) of a user's function of x."""
    y = np.asarray(function(x[:, 0].copy() if x.shape[1] == 1 else x.copy()))
    if y.shape != (len(x),):
        raise ValueError(
            f"function {name} returned shape {y.shape}, but must return one number for each "
            f"sample, shape ({len(x)},)."
        )
    if y.dtype.kind not in "fiub":
        raise TypeError(f"function {name} returned dtype {y.dtype}, but must return real numbers.")
    values = y.astype(np.float64)
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        raise ValueError(
            f"function {name} returned {values[bad[0]]} at x = {x[bad[0]].tolist()}, but must be "
            "finite on the whole domain."
        )
    return values
