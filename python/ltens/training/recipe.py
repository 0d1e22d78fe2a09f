"""How the samples of a task are made from a function: all that can be varied of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Floats
from ..randomness import RandomSource, generator, root_entropy
from ..validation import integer, not_negative, one_of, real
from . import points
from .targets import FUNCTIONS

_NOISE_STREAM = 2  # spawn key, beside that of the points
_HIGHEST_DIMENSION = 10_000

Function = str | Callable[[Floats], ArrayLike]


def interval(domain: object, argument: str = "domain") -> tuple[float, float]:
    """Return an interval as two increasing floats.

    Examples
    --------
    >>> interval([0, 1])
    (0.0, 1.0)
    """
    if isinstance(domain, str) or not isinstance(domain, (Sequence, np.ndarray)):
        raise TypeError(f"{argument} is {domain!r}, but must be two numbers (low, high).")
    if len(domain) != 2:
        raise ValueError(
            f"{argument} has {len(domain)} value(s), but must be two numbers (low, high)."
        )
    low, high = real(domain[0], f"{argument}[0]"), real(domain[1], f"{argument}[1]")
    if low >= high:
        raise ValueError(
            f"{argument} is ({low}, {high}), but its low end must be below its high end."
        )
    return low, high


def _named(function: object, argument: str) -> str:
    return one_of(function, tuple(FUNCTIONS), argument)


def _sampling(sampling: object, argument: str) -> str:
    return one_of(sampling, points.SAMPLINGS, argument)


def _samples(samples: object, argument: str) -> int:
    return integer(samples, argument, minimum=1)


def _dimension(dimension: object, argument: str) -> int:
    return integer(dimension, argument, minimum=1, maximum=_HIGHEST_DIMENSION)


def _option(default: Any, check: Callable[[Any, str], Any]) -> Any:
    """Return a field of `Recipe`: what checks a value given under a name."""
    return field(default=default, metadata={"check": check})


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """The arguments of `Task.from_function`, checked.

    Examples
    --------
    >>> x, y, weights = Recipe.checked(samples=3).draw()
    >>> y
    array([4., 0., 4.])
    """

    function: Function = field(default="square", metadata={"check": _named})
    domain: tuple[float, float] = _option((-2.0, 2.0), interval)
    samples: int = _option(1000, _samples)
    sampling: str = _option("grid", _sampling)
    dimension: int = _option(1, _dimension)
    noise: float = _option(0.0, not_negative)
    rng: int = 0

    @classmethod
    def checked(cls, *, rng: RandomSource = 0, **values: Any) -> Recipe:
        """Check every value in the order of the fields; a function may be a callable, too."""
        checks = {each.name: each.metadata.get("check") for each in fields(cls)}
        if callable(values.get("function")):
            checks["function"] = None
        found = {
            name: values[name] if check is None else check(values[name], name)
            for name, check in checks.items()
            if name in values
        }
        if found.get("sampling") == "gauss" and found.get("noise", 0.0) > 0:
            raise ValueError(
                f"noise is {found['noise']}, but sampling='gauss' gives the loss over the whole "
                "domain and takes none: sampling='random' does."
            )
        drawn = found.get("sampling") == "random" or found.get("noise", 0.0) > 0
        unused = isinstance(rng, np.random.Generator) and not drawn  # leave it where it is
        return cls(**found, rng=0 if unused else root_entropy(rng))

    @classmethod
    def varied(cls) -> tuple[str, ...]:
        """Return the names of what can be varied: all fields but the source of randomness."""
        return tuple(each.name for each in fields(cls) if "check" in each.metadata)

    @property
    def name(self) -> str:
        """The name of the function."""
        if isinstance(self.function, str):
            return self.function
        return getattr(self.function, "__name__", type(self.function).__name__)

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of `Task.from_function` that make this recipe."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def draw(self) -> tuple[Floats, Floats, Floats | None]:
        """Return x (D, d), y (D,) or (D, C) and the weights (D,), None if they are equal."""
        weights = None
        if self.sampling == "grid":
            x = points.grid(self.domain, self.samples, self.dimension)
        elif self.sampling == "gauss":
            x, weights = points.gauss(self.domain, self.samples, self.dimension)
        else:
            x = points.random(self.domain, self.samples, self.dimension, self.rng)
        if callable(self.function):
            y = _evaluate(self.function, x, self.name)
        else:
            y = FUNCTIONS[self.function](x)
        if self.noise:
            y = y + noise_of(y.shape, self.noise, self.rng)
        return x, y, weights


def noise_of(shape: int | tuple[int, ...], amount: float, rng: int) -> Floats:
    """Return Gaussian noise of a standard deviation; more samples begin with the fewer.

    Examples
    --------
    >>> bool(np.all(noise_of(5, 0.1, 0)[:3] == noise_of(3, 0.1, 0)))
    True
    """
    return amount * generator(rng, _NOISE_STREAM).standard_normal(shape)


def _evaluate(function: Callable[[Floats], ArrayLike], x: Floats, name: str) -> Floats:
    """Return y (D,) or (D, C) of a user's function of x."""
    y = np.asarray(function(x[:, 0].copy() if x.shape[1] == 1 else x.copy()))
    if y.ndim not in (1, 2) or len(y) != len(x) or y.size == 0:
        raise ValueError(
            f"function {name} returned shape {y.shape}, but must return one number for each "
            f"sample, shape ({len(x)},), or C of them, ({len(x)}, C)."
        )
    if y.dtype.kind not in "fiub":
        raise TypeError(f"function {name} returned dtype {y.dtype}, but must return real numbers.")
    values = y.astype(np.float64)
    bad = np.argwhere(~np.isfinite(values))
    if bad.size:
        raise ValueError(
            f"function {name} returned {values[tuple(bad[0])]} at x = {x[bad[0, 0]].tolist()}, but "
            "must be finite on the whole domain."
        )
    return values
