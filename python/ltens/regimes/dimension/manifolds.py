"""Manifolds to draw points from: cube, torus, sphere, and a cube bent into more dimensions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ..._typing import Floats
from ...randomness import RandomSource, random_numbers
from ...validation import integer, one_of


@dataclass(frozen=True)
class Manifold:
    """Uniform points on a compact set.

    Attributes
    ----------
    name : str
    dimension : int
        Its own, d.
    ambient : int
        Of the space it lies in.
    """

    name: str
    dimension: int
    ambient: int
    _draw: Callable[[int, np.random.Generator], Floats] = field(repr=False)

    def draw(self, count: int, rng: RandomSource) -> Floats:
        """Return points (count, ambient) float64."""
        return self._draw(integer(count, "count", minimum=1), random_numbers(rng))


def manifold(name: str, dimension: int, ambient: int | None = None) -> Manifold:
    """Return a manifold by its name.

    Parameters
    ----------
    name : {"cube", "torus", "sphere", "embedded"}
        [0, 1]^d; the flat torus of d circles in R^2d; the unit sphere in R^(d + 1); the cube mapped
        smoothly and nonlinearly into `ambient` dimensions.
    dimension : int
        d, at least 1.
    ambient : int, optional
        Of "embedded": at least d; 3 d by default.

    Returns
    -------
    Manifold

    Raises
    ------
    TypeError, ValueError
        If the name is not known or a number is out of range.

    Examples
    --------
    >>> manifold("sphere", 2).draw(5, np.random.default_rng(0)).shape
    (5, 3)
    """
    one_of(name, tuple(_MAKERS), "name")
    d = integer(dimension, "dimension", minimum=1, maximum=1000)
    if ambient is not None and name != "embedded":
        raise ValueError(f"ambient is {ambient}, but goes with name='embedded' only.")
    return _MAKERS[name](d, 3 * d if ambient is None else integer(ambient, "ambient", minimum=d))


def _cube(d: int, _: int) -> Manifold:
    return Manifold("cube", d, d, lambda n, rng: rng.random((n, d)))


def _torus(d: int, _: int) -> Manifold:
    def draw(n: int, rng: np.random.Generator) -> Floats:
        angle = 2 * np.pi * rng.random((n, d))
        return np.concatenate([np.cos(angle), np.sin(angle)], axis=1)

    return Manifold("torus", d, 2 * d, draw)


def _sphere(d: int, _: int) -> Manifold:
    def draw(n: int, rng: np.random.Generator) -> Floats:
        points = rng.standard_normal((n, d + 1))
        return np.asarray(points / np.linalg.norm(points, axis=1, keepdims=True))

    return Manifold("sphere", d, d + 1, draw)


def _embedded(d: int, ambient: int) -> Manifold:
    # One fixed map for each (d, ambient): a rotation and a gentle wave of every coordinate.
    random = np.random.default_rng([d, ambient])
    frame = np.linalg.qr(random.standard_normal((ambient, d)))[0]
    waves = np.linalg.qr(random.standard_normal((ambient, d)))[0]

    def draw(n: int, rng: np.random.Generator) -> Floats:
        x = rng.random((n, d))
        return np.asarray(x @ frame.T + 0.3 * np.sin(3 * x) @ waves.T)

    return Manifold("embedded", d, ambient, draw)


_MAKERS: dict[str, Callable[[int, int], Manifold]] = {
    "cube": _cube,
    "torus": _torus,
    "sphere": _sphere,
    "embedded": _embedded,
}
