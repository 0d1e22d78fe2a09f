"""Random teachers: networks of fixed weights that make the targets of a regression."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Floats
from ..randomness import RandomSource, root_entropy
from ..validation import float64_array, integer, one_of, real

_CENTRE = 16_384  # inputs that fix mean and scale of a teacher, to about a percent
_PARTS = ("weights", "scaling", "samples", "test")
_SPREAD = 12**-0.5  # standard deviation of an input
_ACTIVATIONS: dict[str, Callable[[Floats], Floats]] = {
    "relu": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
}


@dataclass(frozen=True, eq=False)
class Teacher:
    """y(x) = (g(x) - mean) / scale, g a ReLU or tanh network with random weights.

    Weights are N(0, 2 / fan-in) (He et al. 2015), biases N(0, bias^2). Without biases g(r x) =
    r g(x) for ReLU, so that its directions alone have to be resolved; in one dimension two lines
    are all of it. A tanh teacher is smooth: it takes the inputs in units of their standard
    deviation, or its neurons would be nearly linear. Inputs are uniform on the cube [-1/2, 1/2]^d;
    `mean` and `scale` give the targets mean 0 and variance 1 there, so that losses are shares of
    the target's variance. After the teacher-student experiments of Bahri et al. (arXiv 2102.06701,
    appendix A; two hidden layers of 96) and Sharma & Kaplan (arXiv 2004.10802).

    Parameters
    ----------
    dimension : int
        Dimension d of the inputs.
    hidden : sequence of int
        Widths of the hidden layers.
    bias : float
        Standard deviation of the biases of the hidden layers, at least 0.
    activation : {"relu", "tanh"}
        Of the hidden layers.
    seed : int
        Label: the same teacher and the same samples for the same label, dimension and `rng`.
    rng : int, SeedSequence or Generator
        The root entropy.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> teacher = Teacher(dimension=3, seed=1)
    >>> x, y = teacher.samples(1000)
    >>> x.shape, bool(abs(y.var() - 1) < 0.3)
    ((1000, 3), True)
    """

    layers: tuple[Floats, ...]
    biases: tuple[Floats, ...]
    mean: float
    scale: float
    dimension: int
    activation: str
    seed: int
    entropy: int

    def __init__(
        self,
        dimension: int,
        hidden: Sequence[int] = (96, 96),
        *,
        bias: float = 0.0,
        activation: str = "relu",
        seed: int = 0,
        rng: RandomSource = 0,
    ) -> None:
        sizes = [integer(dimension, "dimension", minimum=1)]
        if not isinstance(hidden, Sequence):
            raise TypeError(f"hidden is {hidden!r}, but must be a sequence of widths.")
        sizes += [integer(n, f"hidden[{i}]", minimum=1) for i, n in enumerate(hidden)]
        spread = real(bias, "bias")
        if spread < 0:
            raise ValueError(f"bias is {spread}, but must be at least 0.")
        one_of(activation, tuple(_ACTIVATIONS), "activation")
        label, entropy = integer(seed, "seed", minimum=0), root_entropy(rng)
        draws = _stream(entropy, "weights", sizes[0], label)
        layers = tuple(
            draws.normal(0, np.sqrt(2 / n), (n, m))
            for n, m in zip(sizes, [*sizes[1:], 1], strict=True)
        )
        for name, value in {
            "layers": layers,
            "biases": tuple(spread * draws.normal(size=m) for m in sizes[1:]),
            "mean": 0.0,
            "scale": 1.0,
            "dimension": sizes[0],
            "activation": activation,
            "seed": label,
            "entropy": entropy,
        }.items():
            object.__setattr__(self, name, value)
        y = self._output(_cube(_stream(entropy, "scaling", sizes[0], label), _CENTRE, sizes[0]))
        if y.std() == 0:
            raise ValueError(
                f"the teacher with hidden layers {hidden} and seed {label} is constant: all "
                "neurons of a layer are dead. Take another seed, wider layers or biases."
            )
        object.__setattr__(self, "mean", float(y.mean()))
        object.__setattr__(self, "scale", float(y.std()))

    def __call__(self, x: ArrayLike) -> Floats:
        """Return the targets (D,) of inputs (D, d); ValueError if they have another dimension."""
        h = float64_array(x, "x", (2,))
        if h.shape[1] != self.dimension:
            raise ValueError(
                f"x has {h.shape[1]} dimension(s), but must have the teacher's {self.dimension}."
            )
        return (self._output(h) - self.mean) / self.scale

    def _output(self, h: Floats) -> Floats:
        act = _ACTIVATIONS[self.activation]
        h = h if self.activation == "relu" else h / _SPREAD
        for weights, biases in zip(self.layers, self.biases, strict=False):
            h = act(h @ weights + biases)
        return np.asarray((h @ self.layers[-1])[:, 0])

    def samples(self, count: int, *, test: bool = False) -> tuple[Floats, Floats]:
        """Return the first inputs (count, d) and targets (count,) of this teacher.

        Fewer samples are a subset of more. Those with ``test=True`` are others.
        """
        number = integer(count, "count", minimum=1)
        part = "test" if test else "samples"
        x = _cube(_stream(self.entropy, part, self.dimension, self.seed), number, self.dimension)
        return x, self(x)


def _stream(entropy: int, part: str, dimension: int, seed: int) -> np.random.Generator:
    """Return the random numbers of one part of one teacher."""
    key = (_PARTS.index(part), dimension, seed)
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(entropy, spawn_key=key)))


def _cube(draws: np.random.Generator, count: int, dimension: int) -> Floats:
    return draws.uniform(-0.5, 0.5, (count, dimension))
