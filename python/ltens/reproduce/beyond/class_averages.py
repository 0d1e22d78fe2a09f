"""Averages of k classifiers: of their probabilities, and of their logits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import log_softmax, logsumexp

from ..._typing import Floats, Ints
from ...randomness import generator

WAYS = ("probabilities", "logits")
_DRAWS = 2000  # of the bootstrap
_STREAM = 12  # spawn key


@dataclass(frozen=True, eq=False)
class Scores:
    """Loss and error of disjoint, hence independent, groups of networks.

    Attributes
    ----------
    loss, error : (G,) float64
        Cross entropy of each group's average, and the share of samples that it mistakes.
    """

    loss: Floats
    error: Floats


def averages(logits: Floats, labels: Ints, k: int, way: str) -> Scores:
    """Average groups of k networks: 1 to k, k + 1 to 2k, ...; what is left over is left out.

    Parameters
    ----------
    logits : (S, M, C) float64
    labels : (M,) int64
    k : int
    way : {"probabilities", "logits"}
        The mean of softmax(f), or the softmax of the mean of f: the geometric mean of the
        probabilities, normalised.

    Examples
    --------
    >>> logits = np.array([[[2.0, 0.0]], [[0.0, 1.0]]])
    >>> [averages(logits, np.array([0]), 2, way).loss.round(3).item() for way in WAYS]
    [0.554, 0.474]
    """
    groups = logits[: len(logits) // k * k].reshape(-1, k, *logits.shape[1:])
    if way == "logits":
        logs = log_softmax(groups.mean(axis=1), axis=-1)
    else:
        logs = logsumexp(log_softmax(groups, axis=-1), axis=1) - np.log(k)
    right = np.take_along_axis(logs, labels[None, :, None], axis=-1)[..., 0]
    wrong = logs.argmax(axis=-1) != labels
    return Scores(-right.mean(axis=1), wrong.mean(axis=1))


def mean_interval(values: Floats) -> tuple[float, tuple[float, float]]:
    """Return the mean of (G,) values and its 95 % interval, groups drawn with replacement.

    Examples
    --------
    >>> mean, (low, high) = mean_interval(np.arange(10.0))
    >>> low < mean == 4.5 < high
    True
    """
    return float(values.mean()), _ends(_drawn(values, 0))


def ratio_interval(above: Floats, below: Floats) -> tuple[float, tuple[float, float]]:
    """Return the ratio of two means and its 95 % interval, both drawn with replacement.

    Examples
    --------
    >>> ratio_interval(np.full(3, 2.0), np.full(4, 4.0))
    (0.5, (0.5, 0.5))
    """
    return float(above.mean() / below.mean()), _ends(_drawn(above, 0) / _drawn(below, 1))


def _drawn(values: Floats, stream: int) -> Floats:
    rng = generator(stream, _STREAM)
    picks = rng.integers(len(values), size=(_DRAWS, len(values)))
    return np.asarray(values[picks].mean(axis=1))


def _ends(drawn: Floats) -> tuple[float, float]:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)
