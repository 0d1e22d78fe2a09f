"""Handwritten digits as samples of a task, split into training and test once and for all."""

from __future__ import annotations

import numpy as np

from .._typing import Floats, Ints
from ..bundled_data import digit_images
from ..randomness import generator
from ..validation import one_of

_PARTS = {"all": slice(None), "train": slice(1437), "test": slice(1437, None)}
_SPLIT_STREAM = 6  # spawn key, beside those of points, noise, parts and judges


def digit_samples(part: str) -> tuple[Floats, Ints]:
    """Return pixels (D, 64) float64 between 0 and 1, and labels (D,) from 0 to 9.

    Examples
    --------
    >>> [len(digit_samples(part)[0]) for part in ("all", "train", "test")]
    [1797, 1437, 360]
    """
    one_of(part, tuple(_PARTS), "part")
    images, labels = digit_images()
    order = generator(0, _SPLIT_STREAM).permutation(len(images))
    rows = np.sort(order[_PARTS[part]])
    return images[rows] / 16, labels[rows]
