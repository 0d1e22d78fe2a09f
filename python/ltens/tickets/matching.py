"""Disjoint groups of neurons, the best first."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .._typing import Floats, Ints


def greedy_pairs(score: Floats) -> tuple[Ints, Floats]:
    """Return disjoint pairs (n, M, 2), M = N // 2, and their scores (n, M), best first.

    Parameters
    ----------
    score : (n, N, N) float64
        Symmetric; the diagonal is not looked at.

    Examples
    --------
    >>> pairs, _ = greedy_pairs(np.array([[[0, 1, 5, 2], [1, 0, 3, 4], [5, 3, 0, 1.0],
    ...                                    [2, 4, 1, 0]]], float))
    >>> pairs.tolist()
    [[[0, 2], [1, 3]]]
    """
    count, width, _ = score.shape
    left = score.copy()
    index, nets = np.arange(width), np.arange(count)
    left[:, index, index] = -np.inf
    pairs = np.empty((count, width // 2, 2), np.int64)
    best = np.empty((count, width // 2))
    for m in range(width // 2):
        flat = left.reshape(count, -1).argmax(axis=1)
        i, j = np.divmod(flat, width)
        best[:, m] = left[nets, i, j]
        pairs[:, m] = np.sort(np.stack([i, j], axis=1), axis=1)
        for k in (i, j):
            left[nets, k, :] = -np.inf
            left[nets, :, k] = -np.inf
    return pairs, best


def matched_pairs(
    width: int, candidates: Callable[[Ints], tuple[Ints, Floats]]
) -> tuple[Ints, Floats]:
    """Return disjoint pairs (M, 2) and scores (M,) of many neurons from the best partners of each.

    Parameters
    ----------
    width : int
        N.
    candidates : callable
        Of the neurons that are left (n,), their best partners among these (n, k), as positions
        among those left, and the scores (n, k). Called again until no two neurons are left.
    """
    left = np.arange(width)
    found: list[Ints] = []
    scores: list[Floats] = []
    while len(left) > 1:
        partner, score = candidates(left)
        first = np.repeat(np.arange(len(left)), partner.shape[1])
        second, value = partner.ravel(), score.ravel()
        order = np.argsort(-value, kind="stable")
        free = np.ones(len(left), bool)
        for i, j, s in zip(
            first[order].tolist(), second[order].tolist(), value[order].tolist(), strict=True
        ):
            if i != j and free[i] and free[j]:
                free[i] = free[j] = False
                found.append(np.sort(left[[i, j]]))
                scores.append(s)
        left = left[free]
    order = np.argsort(-np.array(scores), kind="stable")
    return np.array(found, np.int64).reshape(-1, 2)[order], np.array(scores, np.float64)[order]
