"""How well pairs of neurons alone fit the target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .._typing import Floats, Ints
from ..threads import on_one_blas_thread
from .gram_matrices import contributions, gram, ratio
from .inputs import Arrays, NetworksLike, TaskLike, check_task, network_arrays
from .matching import greedy_pairs, matched_pairs

_KEPT_BYTES = 2**28  # the scores of all pairs are kept if they are no larger than that
_NARROW = 400  # wider networks are matched from the best partners of each neuron
_PARTNERS = 16  # at least so many of each neuron, and in all
_CANDIDATES = (
    2_000_000  # in a round: neurons that collapsed on one point want the same few partners
)
_ROWS = 256  # neurons scored against all others at a time: 20 MB at N = 10,000


@dataclass(frozen=True, eq=False)
class PairScores:
    """R^2 of the best affine fit alpha (h_i + h_j) + beta to y, h_i(x) = a_i act(w_i x + b_i).

    Attributes
    ----------
    single : (S, N) float64
        R^2 of one neuron.
    best : (S, N) float64
        R^2 of each neuron's best pair.
    partner : (S, N) int64
        The other neuron of that pair.
    pairs : (S, N // 2, 2) int64
        Disjoint pairs, matched greedily, the best first.
    pair_r2 : (S, N // 2) float64
    pair_loss : (S, N // 2) float64
        Stand-alone loss of a matched pair, alpha and beta fitted: variance (1 - R^2).
    matrix : (S, N, N) float64 or None
        R^2 of every pair, of single neurons on the diagonal; None if it were larger than 256 MB.
    variance : float
        The target's.
    """

    single: Floats
    best: Floats
    partner: Ints
    pairs: Ints
    pair_r2: Floats
    pair_loss: Floats
    matrix: Floats | None
    variance: float


@on_one_blas_thread
def pair_scores(nets: NetworksLike, task: TaskLike) -> PairScores:
    """Score every pair of neurons by how well it fits the target alone.

    The two neurons keep the output weights they were trained to. All N^2 / 2 pairs are scored from
    inner products, in blocks, so that N = 10,000 takes a few hundred MB.

    Parameters
    ----------
    nets : networks
        Of at least 2 neurons.
    task : task

    Returns
    -------
    PairScores

    Raises
    ------
    TypeError, ValueError
        If `nets` or `task` is of the wrong kind, networks have one neuron, or the target is
        constant.

    Notes
    -----
    Liu & Tegmark (2023) score pairs by R^2 against x^2; their exact recipe is not known.

    Examples
    --------
    >>> import ltens
    >>> task = ltens.Task.from_function("square", samples=50)
    >>> nets = ltens.Networks([[[1.0], [-1.0], [0.5]]], [[0.0, 0.0, 0.3]], [[1.0, 1.0, 0.1]], [0.0],
    ...                       activation="silu")
    >>> scores = pair_scores(nets, task)
    >>> scores.pairs.tolist(), bool(scores.pair_r2[0, 0] > 0.99)
    ([[[0, 1]]], True)
    """
    arrays = network_arrays(nets)
    x, y, q = check_task(arrays, task)
    variance = target_variance(y, q)
    if arrays.width < 2:
        raise ValueError("nets have width 1, but pairs need networks of at least 2 neurons.")
    if arrays.width > _NARROW:
        parts = [_wide(arrays, s, x, y, q) for s in range(len(arrays))]
    else:
        parts = [_narrow(arrays, rows, x, y, q) for rows in arrays.blocks(len(x))]
    keep = 8 * len(arrays) * arrays.width**2 <= _KEPT_BYTES and arrays.width <= _NARROW
    single, best, partner, pairs, pair_r2 = (
        np.concatenate([part[i] for part in parts]) for i in range(5)
    )
    return PairScores(
        single=single,
        best=best,
        partner=partner,
        pairs=pairs,
        pair_r2=pair_r2,
        pair_loss=variance * (1 - pair_r2),
        matrix=np.concatenate([part[5] for part in parts]) if keep else None,
        variance=variance,
    )


def target_variance(y: Floats, q: Floats) -> float:
    """Return the weighted variance of y; ValueError if it is zero."""
    variance = float(q @ (y - q @ y) ** 2)
    if variance <= 0:
        raise ValueError("task has a constant target, but R^2 needs one that varies.")
    return variance


def _narrow(arrays: Arrays, rows: slice, x: Floats, y: Floats, q: Floats) -> tuple[Any, ...]:
    r2 = gram(arrays, rows, x, y, q).pair_r2()
    index = np.arange(arrays.width)
    others = r2.copy()
    others[:, index, index] = -1.0
    pairs, score = greedy_pairs(r2)
    return r2[:, index, index], others.max(axis=2), others.argmax(axis=2), pairs, score, r2


def _wide(arrays: Arrays, s: int, x: Floats, y: Floats, q: Floats) -> tuple[Any, ...]:
    """Return the same of one wide network, without the matrix, blocks of neurons at a time."""
    h = contributions(arrays, s, x, q)
    centred = np.sqrt(q) * (y - q @ y)
    own, along, variance = np.square(h).sum(axis=0), centred @ h, float(centred @ centred)

    def partners(left: Ints) -> tuple[Ints, Floats]:
        count = min(max(_PARTNERS, _CANDIDATES // len(left)), len(left) - 1)
        chosen = np.empty((len(left), count), np.int64)
        value = np.empty((len(left), count))
        part = h if len(left) == h.shape[1] else h[:, left]
        for start in range(0, len(left), _ROWS):
            rows = slice(start, min(start + _ROWS, len(left)))
            pair_own = own[left[rows], None] + own[left]
            size = part[:, rows].T @ part
            size *= 2
            size += pair_own
            pair_own *= 1e-14
            r2 = ratio(along[left[rows], None] + along[left], size, variance, pair_own)
            inside = np.arange(rows.stop - rows.start)
            r2[inside, inside + start] = -1.0
            top = np.argpartition(r2, -count, axis=1)[:, -count:]
            chosen[rows], value[rows] = top, np.take_along_axis(r2, top, axis=1)
        return chosen, value

    chosen, value = partners(np.arange(arrays.width))
    best = value.argmax(axis=1)
    neuron = np.arange(arrays.width)
    first = [(chosen, value)]  # the first round is this one: the neurons left are all of them
    pairs, score = matched_pairs(
        arrays.width, lambda left: first.pop() if first else partners(left)
    )
    single = ratio(along, own, variance, 0.0)
    return tuple(
        np.asarray(part)[np.newaxis]
        for part in (single, value[neuron, best], chosen[neuron, best], pairs, score)
    )
