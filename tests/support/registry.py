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
    """Sizes of one instance: S networks of width N in d dimensions, D samples."""

    networks: int
    width: int
    dimension: int
    samples: int

    def __str__(self) -> str:
        return f"S{self.networks}-N{self.width}-d{self.dimension}-D{self.samples}"


@dataclass(frozen=True)
class Instance:
    """Parameters of one dtype and a task whose every number is exact in float32."""

    parameters: Parameters
    x: np.ndarray  # (D, d) float64
    y: np.ndarray  # (D,) float64
    weights: np.ndarray | None  # (D,) float64

    def networks(self, activation: str) -> ltens.Networks:
        """The parameters as the package takes them."""
        return ltens.Networks(*self.parameters, activation=activation)

    def task(self) -> ltens.Task:
        """The samples as the package takes them."""
        return ltens.Task(self.x, self.y, weights=self.weights)

    def data(self) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        """The samples as the twin takes them."""
        return self.x, self.y, self.weights


def make_instance(shape: Shape, dtype: str, *, weighted: bool = False, seed: int = 0) -> Instance:
    """Random instance with pre-activations and outputs of order one."""
    rng = np.random.default_rng([seed, shape.networks, shape.width, shape.dimension, shape.samples])
    layer = (shape.networks, shape.width)

    def exact(array: np.ndarray) -> np.ndarray:
        return array.astype(np.float32).astype(np.float64)

    w = exact(rng.normal(size=(*layer, shape.dimension)))
    b = exact(rng.normal(size=layer))
    a = exact(rng.normal(size=layer) / np.sqrt(shape.width))
    c = exact(rng.normal(size=shape.networks))
    x = exact(rng.uniform(-2, 2, size=(shape.samples, shape.dimension)))
    y = exact((x**2).sum(axis=1))
    weights = exact(rng.uniform(0, 2 / shape.samples, size=shape.samples)) if weighted else None
    return Instance(Parameters(*(array.astype(dtype) for array in (w, b, a, c))), x, y, weights)


def parameters_of(networks: ltens.Networks) -> Parameters:
    """The arrays of a Networks object."""
    return Parameters(networks.w, networks.b, networks.a, networks.c)


def identical(first: ltens.Networks, second: ltens.Networks) -> bool:
    """Whether two Networks hold the same bits (a NaN equals itself)."""
    return all(
        one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
        for one, other in zip(parameters_of(first), parameters_of(second), strict=True)
    )
