"""How fast simple approximants converge on a d-dimensional manifold: exponents 1/d, 2/d and 4/d.

    distance   E |x - nearest sample|                       D^(-1/d)
    nearest    mean square of y - y of the nearest sample   D^(-2/d)
    linear     mean square of y - linear interpolant        D^(-4/d)

Bahri et al., arXiv 2102.06701, section 2.3 (theorem 2 and after it); Sharma & Kaplan (2022).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ..._typing import Floats, Ints
from ...fitting import Law
from ...fitting.fit_losses import fit_mean_power_law
from ...randomness import RandomSource, root_entropy
from ...validation import distinct_integers, integer, one_of
from .manifolds import Manifold, manifold

Target = Callable[[Floats], Floats]
_NUMERATOR = {"distance": 1.0, "nearest": 2.0, "linear": 4.0}
METHODS = tuple(_NUMERATOR)
_MOST_LINEAR = 3  # dimensions: a triangulation grows as n^(d/2)


@dataclass(frozen=True, eq=False)
class Approximation:
    """Errors of an approximant against the number of samples.

    Attributes
    ----------
    method : str
    manifold : Manifold
    sizes : (K,) int64
        Samples D.
    errors : (K, R) float64
        Mean over test points, for each of R draws of the samples.
    law : Law
        A power law of the mean over draws.
    """

    method: str
    manifold: Manifold
    sizes: Ints
    errors: Floats = field(repr=False)
    law: Law = field(repr=False)

    @property
    def predicted(self) -> float:
        """Return 1/d, 2/d or 4/d."""
        return _NUMERATOR[self.method] / self.manifold.dimension

    @property
    def exponent(self) -> float:
        """Return the measured exponent."""
        return self.law.exponent

    @property
    def interval(self) -> tuple[float, float]:
        """Return its 95 % interval."""
        return self.law.interval()


def wave(x: Floats) -> Floats:
    """Return the default target: a smooth sum of sines of x (n, D), a different phase for each."""
    return np.asarray(np.sin(2.0 * x + np.arange(x.shape[1])).sum(axis=1))


def approximation(
    method: str = "linear",
    on: Manifold | int = 2,
    target: Target = wave,
    *,
    sizes: object = (64, 128, 256, 512, 1024, 2048),
    draws: int = 10,
    tests: int = 2000,
    rng: RandomSource = 0,
) -> Approximation:
    """Measure how fast an approximant converges.

    Parameters
    ----------
    method : {"distance", "nearest", "linear"}
        Distance to the nearest sample, nearest-neighbour regression, or piecewise linear
        interpolation (Delaunay; a cube of at most 3 dimensions).
    on : Manifold or int
        Where samples and test points are drawn; a number d means the torus of d dimensions, for
        "linear" the cube.
    target : callable
        Of points (n, D), returns (n,). Has no part in "distance".
    sizes : sequence of int
        Numbers of samples.
    draws : int
        Of the samples and test points, for each size; at least 2.
    tests : int
        Test points in each draw. On a cube they keep a tenth of its side away from its faces,
        where samples lie on one side only.
    rng : int, SeedSequence or Generator

    Returns
    -------
    Approximation

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If one is out of range, or "linear" is asked for on another manifold than a cube.

    Examples
    --------
    >>> found = approximation("distance", 1, sizes=[50, 100, 200, 400], draws=5, tests=200)
    >>> found.predicted, abs(found.exponent - 1) < 0.1
    (1.0, True)
    """
    one_of(method, METHODS, "method")
    if not callable(target):
        raise TypeError(f"target is {target!r}, but must be a function of points (n, D).")
    space = on if isinstance(on, Manifold) else _default(method, on)
    if method == "linear" and (space.name != "cube" or space.dimension > _MOST_LINEAR):
        raise ValueError(
            f"on is the {space.name} of {space.dimension} dimension(s), but piecewise linear "
            f"interpolation takes a cube of at most {_MOST_LINEAR}."
        )
    numbers = distinct_integers(sizes, "sizes", minimum=space.dimension + 2)
    count, points = integer(draws, "draws", minimum=2), integer(tests, "tests", minimum=1)
    entropy = root_entropy(rng)
    errors = np.array(
        [
            [
                _error(
                    method,
                    space,
                    target,
                    n=int(n),
                    tests=points,
                    rng=np.random.default_rng([entropy, n, r]),
                )
                for r in range(count)
            ]
            for n in numbers
        ]
    )
    law = fit_mean_power_law(numbers, errors)
    return Approximation(method, space, numbers, errors, law)


def _default(method: str, on: object) -> Manifold:
    d = integer(on, "on", minimum=1)
    return manifold("cube" if method == "linear" else "torus", d)


def _error(
    method: str,
    space: Manifold,
    target: Target,
    *,
    n: int,
    tests: int,
    rng: np.random.Generator,
) -> float:
    from scipy.spatial import cKDTree

    train, test = space.draw(n, rng), space.draw(tests, rng)
    if space.name == "cube":
        test = 0.1 + 0.8 * test
    if method == "linear":
        return _linear_error(train, test, target)
    distance, index = cKDTree(train).query(test)
    if method == "distance":
        return float(np.mean(distance))
    return float(np.mean((_values(target, test) - _values(target, train)[index]) ** 2))


def _linear_error(train: Floats, test: Floats, target: Target) -> float:
    """Return the mean square error inside the samples' hull."""
    if train.shape[1] == 1:
        order = np.argsort(train[:, 0])
        x = train[order, 0]
        test = test[(test[:, 0] >= x[0]) & (test[:, 0] <= x[-1])]
        value = np.interp(test[:, 0], x, _values(target, train)[order])
    else:
        from scipy.interpolate import LinearNDInterpolator

        value = LinearNDInterpolator(train, _values(target, train))(test)
        inside = np.isfinite(value)
        test, value = test[inside], value[inside]
    if not len(test):
        raise ValueError("sizes are too small: no test point lies between the samples.")
    return float(np.mean((_values(target, test) - value) ** 2))


def _values(target: Target, x: Floats) -> Floats:
    """Return the targets (n,) of points (n, D)."""
    y = np.asarray(target(x), dtype=np.float64)
    if y.shape != (len(x),):
        raise ValueError(
            f"target gives the shape {y.shape} for {len(x)} points, but must give ({len(x)},)."
        )
    return y
