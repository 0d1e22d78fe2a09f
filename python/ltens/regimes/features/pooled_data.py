"""Small images shipped with scikit-learn, mean-pooled: coarser inputs of fewer dimensions."""

from __future__ import annotations

import numpy as np

from ..._typing import Floats, Ints
from ...randomness import RandomSource
from ...solvable.real_data import digits, photo_patches
from ...validation import integer

_SIDE = 8
_POOLS = (1, 2, 4, 8)


def pooled_digits(pool: int = 1) -> tuple[Floats, Ints]:
    """Return scikit-learn's 1797 handwritten digits, pool x pool pixels averaged into one.

    Parameters
    ----------
    pool : {1, 2, 4, 8}

    Returns
    -------
    X : (1797, (8 / pool)^2) float64
        Between 0 and 1.
    label : (1797,) int64
        0 to 9.

    Raises
    ------
    ValueError
        If `pool` does not divide 8.
    ModuleNotFoundError
        Without scikit-learn: pip install 'ltens[data]'.

    Examples
    --------
    >>> pooled_digits(4)[0].shape
    (1797, 4)
    """
    size = _checked_pool(pool)
    X, labels = digits()
    return _pooled(X.reshape(-1, _SIDE, _SIDE) / 16, size), labels.argmax(axis=1)


def pooled_patches(count: int, pool: int = 1, *, rng: RandomSource = 0) -> Floats:
    """Return 8 x 8 patches of the two photographs in scikit-learn, grey and mean-pooled.

    Parameters
    ----------
    count : int
    pool : {1, 2, 4, 8}
    rng : int, SeedSequence or Generator
        Draws their places; the same for every pool.

    Returns
    -------
    (count, (8 / pool)^2) float64
        Between 0 and 1.

    Raises
    ------
    ValueError
        If `pool` does not divide 8.
    ModuleNotFoundError
        Without scikit-learn and Pillow: pip install 'ltens[data]'.

    Examples
    --------
    >>> pooled_patches(5, 2).shape
    (5, 16)
    """
    size = _checked_pool(pool)
    colour = photo_patches(count, _SIDE, rng=rng).reshape(-1, _SIDE, _SIDE, 3)
    return _pooled(colour.mean(axis=3), size)


def _checked_pool(pool: int) -> int:
    size = integer(pool, "pool", minimum=1)
    if size not in _POOLS:
        raise ValueError(f"pool is {size}, but must divide the 8 pixels: one of 1, 2, 4, 8.")
    return size


def _pooled(images: Floats, pool: int) -> Floats:
    side = _SIDE // pool
    blocks = images.reshape(-1, side, pool, side, pool)
    return np.asarray(blocks.mean(axis=(2, 4)).reshape(len(images), -1))
