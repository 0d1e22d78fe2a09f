"""The read-out solved by least squares: what the neurons of a network could do as they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Floats
from ..threads import on_one_blas_thread
from ..validation import real
from .inputs import NetworksLike, TaskLike, check_task, network_arrays


@dataclass(frozen=True, eq=False)
class Refitted:
    """Networks with w and b as trained, a and c refitted.

    Attributes
    ----------
    loss : (S,) float64
    trained : (S,) float64
        The loss before.
    largest : (S,) float64
        max |a_i| after.
    a : (S, N) float64
    c : (S,) float64
    rank : (S,) int64
        How many directions of the read-out the cutoff leaves.
    """

    loss: Floats
    trained: Floats
    largest: Floats
    a: Floats
    c: Floats
    rank: np.ndarray


@on_one_blas_thread
def refit(nets: NetworksLike, task: TaskLike, *, cutoff: float = 1e-13) -> Refitted:
    """Minimise sum_j q_j (c + sum_i a_i act(w_i . x_j + b_i) - y_j)^2 over a and c.

    A convex problem that any trained network could have solved: a loss far above this is not what
    the neurons allow but what the optimiser left. Directions of the read-out whose singular value
    is below `cutoff` of the largest are left out, so that a large cutoff shows what the steep
    directions alone, which gradient methods learn first, can do.

    Parameters
    ----------
    nets : networks
    task : task
    cutoff : float
        In [0, 1).

    Returns
    -------
    Refitted

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> import ltens
    >>> task = ltens.Task.from_function("square", samples=50)
    >>> done = refit(ltens.Networks.init(width=8, seeds=2), task)
    >>> bool((done.loss < done.trained).all())
    True
    """
    limit = real(cutoff, "cutoff")
    if not 0 <= limit < 1:
        raise ValueError(f"cutoff is {limit}, but must be at least 0 and below 1.")
    arrays = network_arrays(nets)
    x, y, q = check_task(arrays, task)
    root = np.sqrt(q)
    a, c = np.empty_like(arrays.a), np.empty_like(arrays.c)
    rank, loss = np.empty(len(arrays), np.int64), np.empty(len(arrays))
    for s in range(len(arrays)):
        phi = arrays.features(s, x)
        mean = q @ phi
        centred = root[:, np.newaxis] * (phi - mean)
        a[s], _, rank[s], _ = np.linalg.lstsq(centred, root * (y - q @ y), rcond=limit)
        c[s] = q @ y - mean @ a[s]
        loss[s] = float(q @ np.square(phi @ a[s] + c[s] - y))
    trained = np.square(arrays.predict(x) - y) @ q
    return Refitted(loss, trained, np.abs(a).max(axis=1), a, c, rank)
