"""A batch of networks of one width and activation."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from ..hints import hinting_keywords
from ..memory import require_memory
from ..randomness import RandomSource, philox_key, root_entropy
from ..threads import thread_count
from ..validation import integer, one_of, positive, seed_labels
from .network_files import load_networks, not_networks, save_networks
from .parametrization import check_parametrization, start

Real = NDArray[np.float32] | NDArray[np.float64]
DTYPES = ("float32", "float64")


class Networks:
    """Parameters of S networks f_k(x) = c_k + sum_{i=1..N} a_ki act(w_i . x + b_i), x in R^d.

    There are C outputs k; with one, a and c have no dimension for it.

    Parameters
    ----------
    w : (S, N, d) float32 or float64
        Input weights.
    b : (S, N), same dtype
        Biases.
    a : (S, N) or (S, C, N), same dtype
        Output weights, of one output or of C >= 2.
    c : (S,) or (S, C), same dtype
        Output biases.
    activation : str
        ``relu``, ``leaky_relu`` (slope 0.01), ``abs``, ``silu``, ``gelu`` (exact), ``tanh``,
        ``sigmoid``, ``softplus``, ``erf``, ``sin``, ``square``, ``relu2`` (max(z, 0)^2) or
        ``mish``.

    Raises
    ------
    TypeError
        If the arrays are not all float32 or all float64.
    ValueError
        If shapes do not match, a size is zero or the activation is unknown.

    Notes
    -----
    C-contiguous arrays are kept as they are, without a copy. Nothing in this package changes them.

    Examples
    --------
    >>> nets = Networks(np.ones((1, 2, 1)), np.zeros((1, 2)), np.ones((1, 2)), np.zeros(1),
    ...                 activation="relu")
    >>> nets([-1.0, 3.0])
    array([[0., 6.]])
    """

    __slots__ = ("a", "activation", "b", "c", "w")

    w: Real
    b: Real
    a: Real
    c: Real
    activation: str

    def __init__(
        self, w: ArrayLike, b: ArrayLike, a: ArrayLike, c: ArrayLike, *, activation: str
    ) -> None:
        arrays = {"w": _real(w, "w"), "b": _real(b, "b"), "a": _real(a, "a"), "c": _real(c, "c")}
        _check_shapes(arrays)
        for name, array in arrays.items():
            setattr(self, name, array)
        self.activation = check_activation(activation)

    @classmethod
    @hinting_keywords
    def init(
        cls,
        width: int,
        seeds: int | Iterable[int],
        *,
        activation: str = "silu",
        dimension: int = 1,
        outputs: int = 1,
        init: str = "torch",
        scale: float = 1.0,
        parametrization: str = "standard",
        base_width: int = 1,
        dtype: str = "float32",
        rng: RandomSource = 0,
    ) -> Networks:
        """Draw one network for each seed label.

        Parameters
        ----------
        width : int
            Number of neurons N.
        seeds : int or sequence of int
            Labels of the networks; an integer n means 0 ... n-1. A network depends on its label,
            the width and `rng` only, never on its company.
        activation : str
            See `Networks`. The numbers drawn do not depend on it.
        dimension : int
            Dimension d of the input.
        outputs : int
            Number of outputs C, such as the classes of a task with cross entropy.
        init : {"torch", "lecun", "he", "xavier", "ntk", "mean_field"}
            The scheme; ``torch`` is nn.Linear's: w, b ~ U(+-1/sqrt d), a, c ~ U(+-1/sqrt N).
        scale : float
            Multiplies the scheme's spread.
        parametrization : {"standard", "ntk", "mean_field", "mup"}
            How the spread changes with the width. ``standard``: as the scheme says. The others
            keep that of w, b and c as the scheme has it at `base_width`; that of a falls from
            there as N^(-1/2) (ntk) or N^(-1) (mean_field, mup). Train with the same one:
            `ltens.Training` has the learning rates that go with it.
        base_width : int
            The width at which all start alike.
        dtype : {"float32", "float64"}
        rng : int, SeedSequence or Generator
            The root entropy.

        Raises
        ------
        TypeError, ValueError
            If an argument is of the wrong kind, unknown or out of range.
        MemoryError
            If the parameters do not fit into memory.

        Examples
        --------
        >>> nets = Networks.init(width=10, seeds=4)
        >>> nets.w.shape, nets.c.shape, nets.dtype
        ((4, 10, 1), (4,), dtype('float32'))
        >>> bool(np.all(nets[2].w == Networks.init(10, [2]).w))
        True
        """
        n = integer(width, "width", minimum=1)
        labels = seed_labels(seeds)
        check_activation(activation)
        d = integer(dimension, "dimension", minimum=1)
        count = integer(outputs, "outputs", minimum=1)
        check_init(init)
        spread = positive(scale, "scale")
        check_parametrization(parametrization)
        base = integer(base_width, "base_width", minimum=1)
        kind = np.dtype(dtype_name(dtype))
        key = philox_key(root_entropy(rng))
        require_memory(
            parameter_bytes(len(labels), n, d, kind.name, count),
            f"{len(labels)} network(s) of width {n}",
            "take fewer seeds or a smaller width",
        )
        arrays: dict[str, Any] = {
            name: np.empty((len(labels), *shape), kind)
            for name, shape in parameter_shapes(n, d, count).items()
        }
        law_width, factors = start(parametrization, n, base)
        _core.initialise(
            scheme=init,
            scales=tuple(spread * factor for factor in factors),
            law_width=law_width,
            key=key,
            seeds=labels,
            **arrays,
        )
        return cls(**arrays, activation=activation)

    @property
    def width(self) -> int:
        """The number of neurons N."""
        return int(self.w.shape[1])

    @property
    def dimension(self) -> int:
        """The dimension d of the input."""
        return int(self.w.shape[2])

    @property
    def outputs(self) -> int:
        """The number of outputs C."""
        return 1 if self.a.ndim == 2 else int(self.a.shape[1])

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of all four arrays, float32 or float64."""
        return self.w.dtype

    def __len__(self) -> int:
        return len(self.w)

    def __getitem__(self, index: Any) -> Networks:
        """Return the chosen networks; an integer gives a batch of one, slices share memory."""
        if isinstance(index, (bool, np.bool_)):
            raise TypeError(f"index is {index}, but must be an integer, a slice or an array.")
        if isinstance(index, (int, np.integer)):
            i = int(index)
            if not -len(self) <= i < len(self):
                raise IndexError(f"index is {i}, but there are {len(self)} network(s).")
            index = slice(i % len(self), i % len(self) + 1)
        return Networks(
            self.w[index], self.b[index], self.a[index], self.c[index], activation=self.activation
        )

    def __call__(self, x: ArrayLike) -> Real:
        """Return the predictions of every network.

        Parameters
        ----------
        x : (M,) if d = 1, or (M, d)
            Converted to the networks' dtype.

        Returns
        -------
        (S, M) of one output, (S, M, C) of several, the networks' dtype

        Raises
        ------
        ValueError
            If the shape of `x` does not match the networks' dimension.
        KeyboardInterrupt
            On Ctrl-C, also in the middle of the work.
        """
        points = np.asarray(x)
        if points.dtype.kind not in "fiub":
            raise TypeError(f"x has dtype {points.dtype}, but must be an array of real numbers.")
        if points.ndim == 1 and self.dimension == 1:
            points = points[:, np.newaxis]
        if points.ndim != 2 or points.shape[1] != self.dimension:
            allowed = "(M,) or (M, 1)" if self.dimension == 1 else f"(M, {self.dimension})"
            raise ValueError(f"x has shape {np.shape(x)}, but must have shape {allowed}.")
        each = () if self.outputs == 1 else (self.outputs,)
        out: Any = np.empty((len(self), len(points), *each), self.dtype)
        if out.size:
            _core.predict(
                **self.arrays(),
                activation=self.activation,
                x=np.require(points, self.dtype, ["C", "ALIGNED"]),
                threads=thread_count(),
                out=out,
            )
        return out  # type: ignore[no-any-return]

    def arrays(self) -> dict[str, Any]:
        """Return the four parameter arrays by name."""
        return {"w": self.w, "b": self.b, "a": self.a, "c": self.c}

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the networks to an .npz file, whole or not at all.

        NumPy alone reads it, too: ``np.load(path)`` has the arrays, ``activation``, and ``about``,
        JSON with the version and build of ltens and the id of its numerics.

        Parameters
        ----------
        path : path
            Taken as it is; ".npz" is usual.

        Raises
        ------
        TypeError, ValueError
            If there is no such folder, or writing there is not permitted.

        Examples
        --------
        >>> import tempfile
        >>> nets = Networks.init(width=10, seeds=4)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     nets.save(f"{folder}/nets.npz")
        ...     Networks.load(f"{folder}/nets.npz")
        Networks(4 of width 10, silu, dimension=1, float32)
        """
        save_networks(self, path)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Networks:
        """Return the networks in a file of `save`, bit for bit.

        Reading a stranger's file runs no code of his: there is no pickle in it, and no array
        larger than the file can hold.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        TypeError, ValueError
            If it is no such file, damaged, or of another version.
        MemoryError
            If the networks do not fit into memory.
        """
        arguments = load_networks(path)
        try:
            return cls(**arguments)
        except (TypeError, ValueError) as error:
            raise not_networks(path, error) from error

    def copy(self) -> Networks:
        """Return networks with arrays of their own."""
        arrays = {name: array.copy() for name, array in self.arrays().items()}
        return Networks(**arrays, activation=self.activation)

    def astype(self, dtype: str) -> Networks:
        """Return a copy with another dtype, "float32" or "float64"."""
        kind = dtype_name(dtype)
        arrays = {name: array.astype(kind) for name, array in self.arrays().items()}
        return Networks(**arrays, activation=self.activation)

    def __repr__(self) -> str:
        outputs = f"outputs={self.outputs}, " if self.outputs > 1 else ""
        return (
            f"Networks({len(self)} of width {self.width}, {self.activation}, "
            f"dimension={self.dimension}, {outputs}{self.dtype})"
        )


def check_activation(activation: str, argument: str = "activation") -> str:
    """Return the name of an activation; TypeError or ValueError if it is none."""
    return one_of(activation, _core.activations(), argument)


def check_init(init: str, argument: str = "init") -> str:
    """Return the name of an initialisation scheme; TypeError or ValueError if it is none."""
    return one_of(init, _core.initialisations(), argument)


def parameter_shapes(width: int, dimension: int, outputs: int = 1) -> dict[str, tuple[int, ...]]:
    """Return the shape of each parameter of one network.

    Examples
    --------
    >>> parameter_shapes(10, 2, outputs=3)
    {'w': (10, 2), 'b': (10,), 'a': (3, 10), 'c': (3,)}
    """
    each = () if outputs == 1 else (outputs,)
    return {"w": (width, dimension), "b": (width,), "a": (*each, width), "c": each}


def parameter_bytes(seeds: int, width: int, dimension: int, dtype: str, outputs: int = 1) -> int:
    """Return the bytes of the four parameter arrays.

    Examples
    --------
    >>> parameter_bytes(2, 10, 1, "float32")
    248
    """
    numbers = width * (dimension + 1 + outputs) + outputs
    return seeds * numbers * np.dtype(dtype).itemsize


def dtype_name(dtype: object, argument: str = "dtype") -> str:
    """Return "float32" or "float64" for a name, a NumPy type or a dtype of these."""
    if isinstance(dtype, (type, np.dtype)):
        dtype = np.dtype(dtype).name
    return one_of(dtype, DTYPES, argument)


def _real(value: ArrayLike, argument: str) -> Real:
    """Return a native, C-contiguous float32 or float64 array, the same one if it is that."""
    array = np.asarray(value)
    if array.dtype.name not in DTYPES:
        raise TypeError(
            f"{argument} has dtype {array.dtype}, but must be float32 or float64: "
            f"convert it with {argument}.astype('float32')."
        )
    return np.require(array, array.dtype.newbyteorder("="), ["C", "ALIGNED"])


def _check_shapes(arrays: dict[str, Real]) -> None:
    """Raise unless shapes and dtypes of the four arrays agree."""
    w = arrays["w"]
    if w.ndim != 3:
        hint = ": for one input give w[:, :, None]" if w.ndim == 2 else ""
        raise ValueError(f"w has shape {w.shape}, but must have shape (S, N, d){hint}.")
    seeds, width, _ = w.shape
    if 0 in w.shape:
        raise ValueError(f"w has shape {w.shape}, but S, N and d must be at least 1.")
    shapes = parameter_shapes(width, w.shape[2], _outputs(arrays["a"]))
    for name in ("b", "a", "c"):
        array, shape = arrays[name], (seeds, *shapes[name])
        if array.shape != shape:
            raise ValueError(
                f"{name} has shape {array.shape}, but must have shape {shape} to go with w of "
                f"shape {w.shape}."
            )
        if array.dtype != w.dtype:
            raise TypeError(
                f"{name} has dtype {array.dtype}, but must have the dtype of w, {w.dtype}."
            )


def _outputs(a: Real) -> int:
    """Return the number of outputs that output weights are of."""
    if a.ndim != 3:
        return 1
    if a.shape[1] < 2:
        hint = "for one output give a[:, 0] and c[:, 0]" if a.shape[1] == 1 else "C is at least 2"
        raise ValueError(f"a has shape {a.shape}, but must have shape (S, N) or (S, C, N): {hint}.")
    return int(a.shape[1])
