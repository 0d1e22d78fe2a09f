"""Families of curves with parameters drawn at random, to test what a fit says first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .._typing import Floats

Curve = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Family:
    """Curves of one kind over sizes from 1 to 100.

    Attributes
    ----------
    name : str
    lawful : bool
        Whether each is a power law with or without a floor.
    draw : function of a Generator
        Returns a curve: loss (W,) of sizes (W,).
    """

    name: str
    lawful: bool
    draw: Callable[[np.random.Generator], Curve]


def _pure(rng: np.random.Generator) -> Curve:
    a = rng.uniform(0.3, 4)
    return lambda n: n**-a


def _floor(rng: np.random.Generator) -> Curve:
    a, share = rng.uniform(0.5, 2), 10 ** rng.uniform(-2.5, -0.5)
    return lambda n: (1 - share) * n**-a + share


def _two_powers(rng: np.random.Generator) -> Curve:
    a, b, share = rng.uniform(4, 10), rng.uniform(0.5, 1.5), 10 ** rng.uniform(-2, 0)
    return lambda n: n**-a + share * n**-b


def _flattening(rng: np.random.Generator) -> Curve:
    first = rng.uniform(1, 4)
    change, place, width = rng.uniform(0.35, 0.65) * first, rng.uniform(6, 30), rng.uniform(0.2, 1)
    return lambda n: n**-first * (1 + (n / place) ** (1 / width)) ** (change * width)


def _steepening(rng: np.random.Generator) -> Curve:
    first, change = rng.uniform(0.3, 1.5), rng.uniform(0.6, 1.5)
    place, width = rng.uniform(6, 30), rng.uniform(0.2, 1)
    return lambda n: n**-first * (1 + (n / place) ** (1 / width)) ** (-change * width)


def _logarithm(rng: np.random.Generator) -> Curve:
    shift = rng.uniform(0.5, 1.5)
    return lambda n: 1 / np.log(n + shift)


def _power_and_logarithm(rng: np.random.Generator) -> Curve:
    a, shift = rng.uniform(0.8, 1.5), rng.uniform(0.5, 2)
    return lambda n: n**-a * np.log(n + shift)


def _rise(rng: np.random.Generator) -> Curve:
    a, place, b = rng.uniform(0.5, 2), rng.uniform(20, 70), rng.uniform(2, 4)
    return lambda n: n**-a * (1 + (n / place) ** (a + b))


def _peak(rng: np.random.Generator) -> Curve:
    a, place, width = rng.uniform(0.5, 1.5), rng.uniform(15, 60), rng.uniform(0.25, 0.5)
    height = rng.uniform(1, 4)
    return lambda n: n**-a * (1 + height * np.exp(-((np.log(n / place) / width) ** 2)))


def _oscillation(rng: np.random.Generator) -> Curve:
    a, depth = rng.uniform(0.5, 2), rng.uniform(0.2, 0.5)
    period, phase = rng.uniform(1.5, 3), rng.uniform(0, 2 * np.pi)
    return lambda n: n**-a * np.exp(depth * np.sin(2 * np.pi * np.log(n) / period + phase))


FAMILIES = (
    Family("power", True, _pure),
    Family("power and floor, 0.3 to 30 %", True, _floor),
    Family("N^-a + N^-b, a from 4, b about 1", False, _two_powers),
    Family("flattening, by a third to two thirds", False, _flattening),
    Family("steepening, by 0.6 to 1.5", False, _steepening),
    Family("1 / log N", False, _logarithm),
    Family("N^-a log N", False, _power_and_logarithm),
    Family("rise at the end", False, _rise),
    Family("peak", False, _peak),
    Family("log-periodic", False, _oscillation),
)
