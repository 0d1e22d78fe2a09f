"""The root entropy of a computation, its Philox key, and the generators of its draws."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from .validation import integer

RandomSource = int | np.random.SeedSequence | np.random.Generator


def root_entropy(rng: RandomSource) -> int:
    """Return the integer that stands for `rng` and that is recorded with every result.

    Parameters
    ----------
    rng : int, SeedSequence or Generator
        An int is its own entropy, so is ``SeedSequence(int)``. Of a spawned SeedSequence and of a
        Generator 128 bits are drawn, which moves the Generator on.

    Raises
    ------
    TypeError
        If `rng` is something else.
    ValueError
        If it is a negative int.

    Examples
    --------
    >>> root_entropy(7)
    7
    >>> root_entropy(np.random.SeedSequence(7))
    7
    """
    if isinstance(rng, np.random.SeedSequence):
        if isinstance(rng.entropy, int) and not rng.spawn_key:
            return rng.entropy
        return _join(rng.generate_state(2, np.uint64))
    if isinstance(rng, np.random.Generator):
        return _join(rng.integers(0, 2**64, size=2, dtype=np.uint64))
    return _checked_integer(rng)


def random_numbers(rng: RandomSource) -> np.random.Generator:
    """Return NumPy's generator of a source: a Generator itself, which moves on, else a new one.

    Raises
    ------
    TypeError
        If `rng` is something else; NumPy would take None, for numbers that no one can draw again.
    ValueError
        If it is a negative int.

    Examples
    --------
    >>> float(random_numbers(7).random()) == float(np.random.default_rng(7).random())
    True
    >>> random_numbers(None)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    TypeError: rng is None, but must be a non-negative integer, a numpy.random.SeedSequence or ...
    """
    if isinstance(rng, np.random.Generator | np.random.SeedSequence):
        return np.random.default_rng(rng)
    return np.random.default_rng(_checked_integer(rng))


def seed_of(rng: RandomSource) -> int:
    """Return a seed drawn from a source, for what draws its random numbers later.

    Examples
    --------
    >>> seed_of(0) == seed_of(np.random.SeedSequence(0)) == int(random_numbers(0).integers(2**63))
    True
    """
    return int(random_numbers(rng).integers(2**63))


def philox_key(entropy: int) -> NDArray[np.uint64]:
    """Return the key of the Philox4x64-10 streams of a root entropy.

    Returns
    -------
    (2,) uint64

    Examples
    --------
    >>> philox_key(0)
    array([15793235383387715774, 12390638538380655177], dtype=uint64)
    """
    state = np.random.SeedSequence(entropy).generate_state(2, np.uint64)
    return state.astype(np.uint64, copy=False)


def generator(entropy: int, *indices: int) -> np.random.Generator:
    """Return the random numbers of logical indices: Philox, keyed by root entropy and indices.

    Examples
    --------
    >>> float(generator(0, 10, 20, 3).random()) == float(generator(0, 10, 20, 3).random())
    True
    """
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(entropy, spawn_key=indices)))


def _checked_integer(rng: object) -> int:
    try:
        return integer(rng, "rng", minimum=0, maximum=2**256 - 1)
    except TypeError:
        got = " ".join(repr(rng).split())  # that of a matrix has lines
        raise TypeError(
            f"rng is {got:.60}, but must be a non-negative integer, a numpy.random.SeedSequence "
            "or a numpy.random.Generator."
        ) from None


def _join(words: Iterable[np.uint64]) -> int:
    """Return the words as one integer, the first the lowest."""
    return sum(int(word) << (64 * i) for i, word in enumerate(words))
