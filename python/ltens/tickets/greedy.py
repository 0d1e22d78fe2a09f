"""Lottery tickets: disjoint small groups of neurons that fit the target alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .._typing import Floats
from ..threads import on_one_blas_thread
from ..validation import share
from .gram_matrices import Gram, gram
from .inputs import NetworksLike, TaskLike, check_task, network_arrays
from .pairing import target_variance

THRESHOLDS = (0.99, 0.999, 0.9999)


@dataclass(frozen=True, eq=False)
class Tickets:
    """Tickets of S networks at K thresholds of R^2.

    Attributes
    ----------
    thresholds : (K,) float64
    count : (S, K) int64
        Number n of disjoint tickets.
    by_size : (S, K, 3) int64
        How many of them are of one, two and three neurons.
    members : tuple of S tuples of tuple of int
        The neurons of each ticket, best first, at the threshold `chosen`.
    r2 : tuple of S arrays (n,) float64
        Their R^2.
    correlation : (S,) float64
        Mean correlation of the tickets' errors within the network at the threshold `chosen`, each
        error that of the ticket's own affine fit; NaN with fewer than two tickets.
    effective : (S,) float64
        n / (1 + (n - 1) correlation): how many uncorrelated tickets would average as well.
    chosen : float
    """

    thresholds: Floats
    count: np.ndarray
    by_size: np.ndarray
    members: tuple[tuple[tuple[int, ...], ...], ...]
    r2: tuple[Floats, ...]
    correlation: Floats
    effective: Floats
    chosen: float


@on_one_blas_thread
def find_tickets(
    nets: NetworksLike,
    task: TaskLike,
    *,
    threshold: float = 0.999,
    thresholds: Sequence[float] = THRESHOLDS,
) -> Tickets:
    """Find disjoint tickets: single neurons and pairs greedily by R^2, then triples of the rest.

    A group G counts if the best affine fit of sum_{i in G} h_i to the target, with the output
    weights as trained, has R^2 of at least the threshold. A third neuron is added to the best pair
    of those left; groups of more neurons are not looked for.

    Parameters
    ----------
    nets : networks
    task : task
    threshold : float
        In (0, 1); where members and correlations are reported.
    thresholds : sequence of float
        Where tickets are counted, to see what the threshold does.

    Returns
    -------
    Tickets

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> import ltens
    >>> task = ltens.Task.from_function("square", samples=50)
    >>> nets = ltens.Networks([[[1.0], [-1.0], [0.5], [-0.5]]], [[0.0, 0.0, 0.0, 0.0]],
    ...                       [[1.0, 1.0, 1.0, 1.0]], [0.0], activation="silu")
    >>> find_tickets(nets, task, threshold=0.98).members
    (((2, 3), (0, 1)),)
    """
    levels = _levels(threshold, thresholds)
    arrays = network_arrays(nets)
    x, y, q = check_task(arrays, task)
    target_variance(y, q)
    count = np.zeros((len(arrays), len(levels), 3), np.int64)
    members, scores = [], []
    correlation = np.full(len(arrays), np.nan)
    for rows in arrays.blocks(max(len(x), arrays.width)):
        products = gram(arrays, rows, x, y, q)
        order = _singles_and_pairs(products.pair_r2())
        for i, s in enumerate(range(rows.start, rows.stop)):
            for k, level in enumerate(levels):
                groups, values = _tickets(products, i, order[i], level)
                count[s, k] = np.bincount([len(g) for g in groups], minlength=4)[1:]
                if level == levels[0]:
                    members.append(tuple(groups))
                    scores.append(np.array(values))
                    correlation[s] = _error_correlation(products, i, groups)
    n = count[:, 0].sum(axis=1)
    wanted = [levels.index(t) for t in map(float, thresholds)]
    return Tickets(
        thresholds=np.array(thresholds, np.float64),
        count=count[:, wanted].sum(axis=2),
        by_size=count[:, wanted],
        members=tuple(members),
        r2=tuple(scores),
        correlation=correlation,
        effective=np.where(n > 1, n / (1 + (n - 1) * np.nan_to_num(correlation)), n),
        chosen=levels[0],
    )


def _levels(threshold: float, thresholds: Sequence[float]) -> list[float]:
    """Return the threshold and then the others, each once."""
    values = [share(threshold, "threshold")]
    values += [share(t, f"thresholds[{i}]") for i, t in enumerate(thresholds)]
    return list(dict.fromkeys(values))


def _singles_and_pairs(r2: Floats) -> list[list[tuple[tuple[int, ...], float]]]:
    """Return disjoint single neurons and pairs of each network with their scores, best first."""
    count, width, _ = r2.shape
    left, nets = r2.copy(), np.arange(count)
    out: list[list[tuple[tuple[int, ...], float]]] = [[] for _ in range(count)]
    for _ in range(width):
        flat = left.reshape(count, -1).argmax(axis=1)
        i, j = np.divmod(flat, width)
        value = left[nets, i, j]
        if not (value >= 0).any():
            break
        for s in np.flatnonzero(value >= 0):
            first, second = sorted((int(i[s]), int(j[s])))
            group = (first,) if first == second else (first, second)
            out[s].append((group, float(value[s])))
        for k in (i, j):
            left[nets, k, :] = -1.0
            left[nets, :, k] = -1.0
    return out


def _tickets(
    products: Gram, s: int, order: list[tuple[tuple[int, ...], float]], level: float
) -> tuple[list[tuple[int, ...]], list[float]]:
    """Return the tickets of one network and their R^2."""
    found = [(group, value) for group, value in order if value >= level]
    left = [i for group, value in order if value < level for i in group]
    pairs = [group for group, value in order if value < level and len(group) == 2]
    for pair in pairs:
        if len(left) < 3 or not set(pair) <= set(left):
            continue
        third = np.array([i for i in left if i not in pair])
        values = _triple_r2(products, s, pair, third)
        best = int(values.argmax())
        if values[best] >= level:
            group = (*pair, int(third[best]))
            found.append((tuple(sorted(group)), float(values[best])))
            left = [i for i in left if i not in group]
    return [group for group, _ in found], [value for _, value in found]


def _triple_r2(products: Gram, s: int, pair: tuple[int, ...], third: np.ndarray) -> Floats:
    """Return R^2 of the pair with each third neuron."""
    g, t = products.products[s], products.target[s]
    i, j = pair
    size = g[i, i] + g[j, j] + 2 * g[i, j] + g[third, third] + 2 * (g[third, i] + g[third, j])
    floor = 1e-14 * (g[i, i] + g[j, j] + g[third, third])
    along = t[i] + t[j] + t[third]
    with np.errstate(divide="ignore", invalid="ignore"):
        r2 = along**2 / (size * products.variance)
    return np.asarray(np.where(size > floor, r2, 0.0))


def _error_correlation(products: Gram, s: int, groups: list[tuple[int, ...]]) -> float:
    """Return the mean correlation of the errors e_G = alpha_G h_G + beta_G - y, means removed.

    <e_G e_H> = alpha_G alpha_H <h_G h_H> - alpha_G <h_G y> - alpha_H <h_H y> + <y y>, where
    alpha_G = <h_G y> / <h_G h_G>.
    """
    n = len(groups)
    if n < 2:
        return np.nan
    chosen = np.zeros((n, products.target.shape[1]))
    for k, group in enumerate(groups):
        chosen[k, list(group)] = 1.0
    inner, along = chosen @ products.products[s] @ chosen.T, chosen @ products.target[s]
    alpha = along / np.diagonal(inner)
    error = np.outer(alpha, alpha) * inner + products.variance
    error -= (alpha * along)[:, None] + (alpha * along)[None, :]
    own = np.diagonal(error)
    if not (own > 1e-14 * products.variance).all():  # a ticket without error has no correlation
        return np.nan
    cosines = error / np.sqrt(np.outer(own, own))
    return float((cosines.sum() - n) / (n * (n - 1)))
