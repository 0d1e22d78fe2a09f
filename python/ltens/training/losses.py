"""What a loss compares: the targets y that go with each, one rule for every kind."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Floats
from ..validation import float64_array, integer, one_of

LOSSES = ("mse", "cross_entropy", "logistic")
_MOST_CLASSES = 1_000_000
_SUM_TOLERANCE = 1e-5  # of probabilities: what float32 leaves of a sum of a thousand


def check_loss(loss: object, argument: str = "loss") -> str:
    """Return the name of a loss; TypeError or ValueError if it is none."""
    return one_of(loss, LOSSES, argument)


def targets_of(y: ArrayLike, loss: str, classes: int | None = None) -> Floats:
    """Return the targets of a loss as the kernel takes them.

    Parameters
    ----------
    y : array of real numbers
        mse: (D,) or (D, C). cross_entropy: labels (D,), whole numbers from 0, or probabilities
        (D, C). logistic: (D,), in [0, 1].
    loss : str
    classes : int, optional
        Their number; by default the highest label and one.

    Returns
    -------
    (D,) or (D, C) float64
        Read-only; of one output always (D,).

    Raises
    ------
    TypeError
        If `y` does not hold real numbers.
    ValueError
        If its shape or a value does not go with the loss.

    Examples
    --------
    >>> targets_of([0, 2, 1], "cross_entropy")
    array([[1., 0., 0.],
           [0., 0., 1.],
           [0., 1., 0.]])
    >>> targets_of([[0.5], [1.0]], "mse")
    array([0.5, 1. ])
    """
    if loss == "mse":
        if classes is not None:
            raise ValueError(
                f"classes is {classes!r}, but loss 'mse' has none: give loss='cross_entropy', or "
                "leave classes out."
            )
        return _of_numbers(y)
    return _of_classes(y, classes) if loss == "cross_entropy" else _of_two_classes(y, classes)


def _of_numbers(y: ArrayLike) -> Floats:
    targets = float64_array(y, "y", (1, 2))
    if targets.ndim == 2 and targets.shape[1] == 0:
        raise ValueError(f"y has shape {targets.shape}, but must have at least one output.")
    return _one_column_as_numbers(targets)


def _of_classes(y: ArrayLike, classes: int | None) -> Floats:
    count = _checked_count(classes)
    given = float64_array(y, "y", (1, 2))
    if given.ndim == 2:
        return _probabilities(given, count)
    labels = _whole(given)
    highest = int(labels.max(initial=0))
    if count is None:
        count = highest + 1
        _require_two(given)
    elif highest >= count:
        where = int(labels.argmax())
        raise ValueError(
            f"y[{where}] is {highest}, but with classes={count} a label must be 0 to {count - 1}."
        )
    one_hot = np.zeros((len(labels), count))
    one_hot[np.arange(len(labels)), labels] = 1.0
    one_hot.setflags(write=False)
    return one_hot


def _of_two_classes(y: ArrayLike, classes: int | None) -> Floats:
    if classes not in (None, 2):
        raise ValueError(
            f"classes is {classes!r}, but loss 'logistic' has 2: for more give "
            "loss='cross_entropy'."
        )
    given = float64_array(y, "y", (1, 2))
    if given.ndim == 2 and given.shape[1] != 1:
        raise ValueError(
            f"y has shape {given.shape}, but loss 'logistic' has one output and takes shape (D,): "
            "for several give loss='cross_entropy'."
        )
    targets = _one_column_as_numbers(given)
    bad = np.flatnonzero((targets < 0) | (targets > 1))
    if bad.size:
        raise ValueError(
            f"y[{bad[0]}] is {targets[bad[0]]:g}, but with loss 'logistic' it must be 0, 1 "
            "or a probability between them."
        )
    if classes is None:
        _require_two(targets)
    return targets


def _checked_count(classes: int | None) -> int | None:
    return (
        None if classes is None else integer(classes, "classes", minimum=2, maximum=_MOST_CLASSES)
    )


def _probabilities(given: Floats, count: int | None) -> Floats:
    """Return probabilities (D, C) if they are some."""
    shape = given.shape
    if shape[1] < 2:
        raise ValueError(
            f"y has shape {shape}, but loss 'cross_entropy' takes labels (D,) or probabilities "
            "(D, C) of C >= 2 classes."
        )
    if count not in (None, shape[1]):
        raise ValueError(f"y has shape {shape}, but classes is {count}: leave one of the two out.")
    negative = np.argwhere(given < 0)
    if negative.size:
        j, k = negative[0]
        raise ValueError(f"y[{j}, {k}] is {given[j, k]:g}, but a probability must be at least 0.")
    sums = given.sum(axis=1)
    off = np.flatnonzero(np.abs(sums - 1) > _SUM_TOLERANCE)
    if off.size:
        raise ValueError(
            f"y[{off[0]}] sums to {sums[off[0]]:.6g}, but the probabilities of a sample must sum "
            "to 1."
        )
    return given


def _whole(labels: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Return labels (D,) as integers."""
    bad = np.flatnonzero((labels != np.rint(labels)) | (labels < 0) | (labels >= _MOST_CLASSES))
    if bad.size:
        raise ValueError(
            f"y[{bad[0]}] is {labels[bad[0]]:g}, but a label must be a whole number from 0 on."
        )
    return labels.astype(np.int64)


def _require_two(labels: Floats) -> None:
    """Raise ValueError if all samples are of one class."""
    if len(labels) and np.all(labels == labels[0]):
        raise ValueError(
            f"y holds the class {labels[0]:g} only, but there must be at least two: if others can "
            "occur, say how many with classes=."
        )


def _one_column_as_numbers(targets: Floats) -> Floats:
    """Return targets of one output as (D,)."""
    return targets[:, 0] if targets.ndim == 2 and targets.shape[1] == 1 else targets
