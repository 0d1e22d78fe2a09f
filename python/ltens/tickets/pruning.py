"""How few neurons a trained network needs once the read-out is fitted again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import linalg
from scipy.cluster import hierarchy
from scipy.spatial import distance

from .._typing import Floats, Ints
from ..threads import on_one_blas_thread
from ..validation import distinct_integers, one_of
from .inputs import NetworksLike, TaskLike, check_task, network_arrays

METHODS = ("backward", "clusters")
_EXACT = 40  # with more neurons left the inverse is updated, from 40 on computed at each step
_RIDGE = 1e-12  # of the features' mean square: below it they cannot be told from one another
_CUTOFF = 1e-13  # of the largest singular value in the final fits: a few float64 eps


@dataclass(frozen=True, eq=False)
class Pruning:
    """Loss against neurons kept.

    Attributes
    ----------
    kept : (K,) int64
        Numbers of neurons, falling.
    loss : (S, K) float64
        With a and c refitted by least squares.
    trained : (S,) float64
        The loss as trained.
    neurons : tuple of K arrays (S, n) int64
        Which were kept.
    method : str
    """

    kept: Ints
    loss: Floats
    trained: Floats
    neurons: tuple[Ints, ...]
    method: str


@on_one_blas_thread
def prune(
    nets: NetworksLike,
    task: TaskLike,
    *,
    keep: Iterable[int] | None = None,
    method: str = "backward",
) -> Pruning:
    """Remove neurons that the others can stand in for, and refit the read-out.

    "backward" removes one neuron after another, each time the one whose loss of least squares
    rises least, a_i^2 / (H^-1)_ii with H = Phi^T Q Phi (optimal brain surgeon, Hassibi & Stork
    1993); while more than 40 are left, H has a ridge of 1e-12. "clusters" joins neurons by
    the correlation of their outputs (average linkage of 1 - |correlation|) and keeps of each
    cluster the one with the largest contribution.

    Parameters
    ----------
    nets : networks
    task : task
    keep : sequence of int, optional
        Numbers of neurons to report; about evenly spaced in the logarithm by default.
    method : {"backward", "clusters"}

    Returns
    -------
    Pruning

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, unknown or out of range.

    Examples
    --------
    >>> import ltens
    >>> task = ltens.Task.from_function("square", samples=50)
    >>> done = prune(ltens.Networks.init(width=8, seeds=2), task, keep=[8, 4, 1])
    >>> done.kept.tolist(), bool((np.diff(done.loss) > 0).all())
    ([8, 4, 1], True)
    """
    one_of(method, METHODS, "method")
    arrays = network_arrays(nets)
    x, y, q = check_task(arrays, task)
    counts = _counts(keep, arrays.width)
    chosen = [np.empty((len(arrays), n), np.int64) for n in counts.tolist()]
    loss = np.empty((len(arrays), len(counts)))
    select = _backward if method == "backward" else _clusters
    for s in range(len(arrays)):
        features = arrays.features(s, x)
        triangle, target = _compressed(features, y, q)
        for k, neurons in enumerate(select(triangle, target, arrays.a[s], counts.tolist())):
            chosen[k][s] = neurons
            loss[s, k] = _refitted(triangle, target, neurons)
    trained = np.square(arrays.predict(x) - y) @ q
    return Pruning(counts, loss, trained, tuple(chosen), method)


def _counts(keep: Iterable[int] | None, width: int) -> Ints:
    if keep is None:
        return np.unique(np.geomspace(1, width, 12).round().astype(np.int64))[::-1]
    return -np.sort(-distinct_integers(keep, "keep", minimum=1, maximum=width))


def _compressed(features: Floats, y: Floats, q: Floats) -> tuple[Floats, Floats]:
    """Return a triangle (m, N) and a target (m,) with the same least-squares problems in a.

    Centring solves for c; the QR factor keeps all inner products.
    """
    root = np.sqrt(q)[:, np.newaxis]
    both = np.column_stack([features, y])
    triangle: Floats = np.linalg.qr(root * (both - q @ both), mode="r")  # type: ignore[assignment]
    return triangle[:, :-1], triangle[:, -1]


def _refitted(triangle: Floats, target: Floats, neurons: Ints) -> float:
    part = triangle[:, neurons]
    a = np.linalg.lstsq(part, target, rcond=_CUTOFF)[0]
    return float(np.square(part @ a - target).sum())


def _backward(triangle: Floats, target: Floats, a: Floats, counts: list[int]) -> list[Ints]:
    """Return the neurons kept for each count (falling)."""
    left = np.arange(len(a))
    inverse, weights = _ridge_inverse(triangle, target)
    out = []
    for count in counts:
        while len(left) > count:
            if len(left) <= _EXACT:
                inverse, weights = _inverse(triangle[:, left], target)
            i = int(np.argmin(weights**2 / np.diagonal(inverse)))
            inverse, weights = _without(i, inverse, weights)
            left = np.delete(left, i)
        out.append(left.copy())
    return out


def _ridge_inverse(triangle: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Return H^-1 and the read-out, H = Phi^T Phi with a small ridge."""
    size = np.square(triangle).sum(axis=0)
    ridge = np.diag(_RIDGE * np.where(size > 0, size, 1.0))
    inverse: Floats = np.linalg.inv(triangle.T @ triangle + ridge).astype(np.float64)
    return inverse, inverse @ (triangle.T @ target)


def _inverse(features: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Return the same without a ridge, from a QR factor: features may be nearly dependent."""
    q, r = np.linalg.qr(features)
    diagonal = np.diagonal(r)
    floor = np.finfo(float).eps * max(float(np.abs(diagonal).max()), np.finfo(float).tiny)
    r = r + np.diag(np.where(np.abs(diagonal) < floor, floor, 0.0))
    inverse = linalg.solve_triangular(r, np.eye(len(r)))
    return inverse @ inverse.T, inverse @ (q.T @ target)


def _without(i: int, inverse: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return inverse and read-out after neuron i is removed (block inversion)."""
    column = inverse[:, i] / inverse[i, i]
    weights = np.delete(weights - column * weights[i], i)
    inverse = inverse - np.outer(column, inverse[i])
    return np.delete(np.delete(inverse, i, axis=0), i, axis=1), weights


def _clusters(triangle: Floats, target: Floats, a: Floats, counts: list[int]) -> list[Ints]:
    """Return the strongest neuron of each cluster for each count."""
    size = np.linalg.norm(triangle, axis=0)
    unit = triangle / np.where(size > 0, size, 1.0)
    apart = 1.0 - np.minimum(np.abs(unit.T @ unit), 1.0)
    np.fill_diagonal(apart, 0.0)
    if len(a) == 1:
        return [np.zeros(1, np.int64) for _ in counts]
    tree = hierarchy.linkage(distance.squareform(apart, checks=False), "average")
    strength = size * np.abs(a)
    labels = hierarchy.cut_tree(tree, n_clusters=counts)
    out = []
    for label, count in zip(labels.T, counts, strict=True):
        strongest = [np.flatnonzero(label == k) for k in range(count)]
        out.append(np.array([g[np.argmax(strength[g])] for g in strongest], np.int64))
    return out
