"""The one list of paths every kernel test runs on, and the problems it runs them with."""

from dataclasses import dataclass

import numpy as np

import ltens
from reference import ACTIVATIONS as TWIN_ACTIVATIONS
from reference import Parameters

ACTIVATIONS = tuple(TWIN_ACTIVATIONS)
PIECEWISE_LINEAR = tuple(name for name, row in TWIN_ACTIVATIONS.items() if row.piecewise_linear)
SMOOTH = tuple(name for name, row in TWIN_ACTIVATIONS.items() if row.analytic)
DTYPES = ("float32", "float64")


@dataclass(frozen=True)
class Engine:
    """A way to compute gradients, and the problems it is for."""

    name: str
    activations: tuple[str, ...] = ACTIVATIONS
    dimensions: tuple[int, ...] = (1, 2, 3)
    exact: bool = True  # its gradient is the definition's up to rounding

    def __str__(self) -> str:
        return self.name


# Every engine of the package: test_engines.py compares the names.
ENGINES = (
    Engine("dense"),
    Engine("piecewise", PIECEWISE_LINEAR, dimensions=(1,)),
    Engine("quadrature", SMOOTH, dimensions=(1,), exact=False),
)


def paths(
    dimension: int = 1, activations: tuple[str, ...] = ACTIVATIONS, *, only_exact: bool = False
) -> list[tuple[str, str]]:
    """All pairs (engine, activation) that exist in some dimension."""
    return [
        (engine.name, activation)
        for engine in ENGINES
        for activation in activations
        if activation in engine.activations and dimension in engine.dimensions
        if engine.exact or not only_exact
    ]


@dataclass(frozen=True)
class Shape:
    """Sizes of one instance: S networks of width N in d dimensions, D samples, C outputs."""

    networks: int
    width: int
    dimension: int
    samples: int
    outputs: int = 1

    def __str__(self) -> str:
        outputs = f"-C{self.outputs}" if self.outputs > 1 else ""
        return f"S{self.networks}-N{self.width}-d{self.dimension}-D{self.samples}{outputs}"


@dataclass(frozen=True)
class Instance:
    """Parameters of one dtype and a task whose every number is exact in float32."""

    parameters: Parameters
    x: np.ndarray  # (D, d) float64
    y: np.ndarray  # (D,) or (D, C) float64
    weights: np.ndarray | None  # (D,) float64
    loss: str = "mse"

    def networks(self, activation: str) -> ltens.Networks:
        """The parameters as the package takes them."""
        return ltens.Networks(*self.parameters, activation=activation)

    def task(self) -> ltens.Task:
        """The samples as the package takes them."""
        classes = 2 if self.loss == "logistic" else None
        return ltens.Task(self.x, self.y, self.weights, loss=self.loss, classes=classes)

    def data(self) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        """The samples as the twin takes them."""
        return self.x, self.y, self.weights


def make_instance(
    shape: Shape, dtype: str, *, weighted: bool = False, seed: int = 0, loss: str = "mse"
) -> Instance:
    """Random instance with pre-activations and outputs of order one.

    Targets of several outputs are powers of |x|, those of classes probabilities or, of every other
    sample, labels.
    """
    rng = np.random.default_rng([seed, shape.networks, shape.width, shape.dimension, shape.samples])
    layer = (shape.networks, shape.width)
    each = () if shape.outputs == 1 else (shape.outputs,)

    def exact(array: np.ndarray) -> np.ndarray:
        return array.astype(np.float32).astype(np.float64)

    w = exact(rng.normal(size=(*layer, shape.dimension)))
    b = exact(rng.normal(size=layer))
    a = exact(rng.normal(size=(shape.networks, *each, shape.width)) / np.sqrt(shape.width))
    c = exact(rng.normal(size=(shape.networks, *each)))
    x = exact(rng.uniform(-2, 2, size=(shape.samples, shape.dimension)))
    y = exact((x**2).sum(axis=1))
    if loss == "logistic":
        y = np.where(np.arange(shape.samples) % 2, np.floor(4 * y) % 5 / 4, y > 1)
    elif shape.outputs > 1:
        y = exact(y[:, None] ** (np.arange(1, 1 + shape.outputs) / 2))
        if loss == "cross_entropy":
            y = _probabilities(y)
    weights = exact(rng.uniform(0, 2 / shape.samples, size=shape.samples)) if weighted else None
    parameters = Parameters(*(array.astype(dtype) for array in (w, b, a, c)))
    return Instance(parameters, x, y, weights, loss)


def _probabilities(numbers: np.ndarray) -> np.ndarray:
    """Labels of odd samples, quarters of a label for even ones: (D, C), exact in float32."""
    samples, count = numbers.shape
    labels = np.eye(count)[(np.floor(7 * numbers[:, 0]) % count).astype(int)]
    soft = (labels + np.roll(labels, 1, axis=0) + 2 * np.roll(labels, 2, axis=0)) / 4
    return np.where(np.arange(samples)[:, None] % 2, labels, soft)


def parameters_of(networks: ltens.Networks) -> Parameters:
    """The arrays of a Networks object."""
    return Parameters(networks.w, networks.b, networks.a, networks.c)


def identical(first: ltens.Networks, second: ltens.Networks) -> bool:
    """Whether two Networks hold the same bits (a NaN equals itself)."""
    return all(
        one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
        for one, other in zip(parameters_of(first), parameters_of(second), strict=True)
    )
