"""Points over the whole range of a dtype, and the error at them."""

from dataclasses import dataclass

import numpy as np

from ltens import _core

from . import references
from .functions import ELEMENTARY, SLOPES, VALUES

CLAIMS = {"elementary": ELEMENTARY, "value": VALUES, "slope": SLOPES}
EXACT = {
    "elementary": references.ELEMENTARY,
    "value": references.VALUES,
    "slope": references.SLOPES,
}


@dataclass(frozen=True)
class Sampling:
    """How many points: random mantissas in every `stride`-th binade; uniform in +-4 and +-40."""

    stride: int
    mantissas: int
    uniform: int


# mpmath takes about 0.1 ms a point, the float64 functions that judge float32 nothing
TESTED = {"float32": Sampling(1, 40, 20_000), "float64": Sampling(9, 1, 200)}
DENSE = {"float32": Sampling(1, 2_000, 500_000), "float64": Sampling(1, 1, 10_000)}


def points(dtype: str, limits: tuple[float, float], sampling: Sampling) -> np.ndarray:
    """Points between the limits, in all binades, subnormal ones too.

    Both signs, the ends of the range, +-0 and powers of two come along.
    """
    real = np.dtype(dtype).type
    info = np.finfo(real)
    rng = np.random.default_rng(0)
    exponents = np.arange(info.minexp - info.nmant, info.maxexp, sampling.stride)
    mantissas = 1 + rng.random((len(exponents), sampling.mantissas + 1))
    mantissas[:, 0] = 1
    x = np.ldexp(mantissas, exponents[:, None]).ravel()
    low, high = limits
    x = np.concatenate([x, -x, [0.0, -0.0, low, high, low / 2, high / 2]])
    for limit in (4, 40):
        x = np.concatenate([x, rng.uniform(max(low, -limit), min(high, limit), sampling.uniform)])
    with np.errstate(over="ignore"):
        x = x.astype(real)
    return x[(x >= low) & (x <= high)]


def computed(kind: str, name: str, simd: str, x: np.ndarray) -> np.ndarray:
    """The kernel's values on one instruction set."""
    x = np.ascontiguousarray(x)
    out, other = np.empty_like(x), np.empty_like(x)
    if kind == "elementary":
        _core.elementary(function=name, simd=simd, x=x, out=out)
        return out
    _core.activation(activation=name, simd=simd, z=x, value=out, slope=other)
    return out if kind == "value" else other


def in_ulp(found: np.ndarray, exact: tuple[np.ndarray, np.ndarray], floor: float) -> np.ndarray:
    """|found - exact| in units of the last place of max(|exact|, floor)."""
    high, low = exact
    info = np.finfo(found.dtype)
    size = np.maximum(np.abs(high), max(floor, float(info.tiny))).astype(found.dtype)
    error = np.abs((found.astype(np.float64) - high) - low)  # exact: found is near high
    return error / np.spacing(size).astype(np.float64)
