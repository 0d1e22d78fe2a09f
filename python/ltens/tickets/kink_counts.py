"""How many kinks the function of a piecewise linear network has."""

from __future__ import annotations

import numpy as np

from .._typing import Floats, Ints
from ..validation import positive
from .activations import PIECEWISE_LINEAR
from .inputs import NetworksLike, network_arrays


def kinks(
    nets: NetworksLike, *, domain: float = 2.0, apart: float = 1e-3, smallest: float = 1e-3
) -> Ints:
    """Count the kinks of f within (-domain, domain).

    Neuron i bends f at x = -b_i / w_i, where its slope changes in proportion to a_i |w_i|. Bends
    that lie closer than `apart` to the next one are one kink, whose change is the sum; a kink
    counts if its change is at least `smallest` of the network's largest. The best piecewise linear
    fit of x^2 with K pieces has the loss (2 domain / K)^4 / 180, so that this K, not the number of
    neurons, is what approximation theory counts.

    Parameters
    ----------
    nets : networks
        Of dimension 1, with the activation relu, leaky_relu or abs.
    domain : float
    apart : float
        In units of `domain`.
    smallest : float

    Returns
    -------
    (S,) int64

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range, or the networks have no kinks.

    Examples
    --------
    >>> import ltens
    >>> nets = ltens.Networks([[[1.0], [1.0], [2.0]]], [[0.0, 1e-4, 9.0]], [[1.0, 1.0, 1.0]], [0.0],
    ...                       activation="relu")
    >>> kinks(nets).tolist()
    [1]
    """
    half, gap = positive(domain, "domain"), positive(apart, "apart")
    least = positive(smallest, "smallest")
    arrays = network_arrays(nets)
    if arrays.activation not in PIECEWISE_LINEAR or arrays.w.shape[2] != 1:
        raise ValueError(
            f"nets have the activation {arrays.activation!r} and dimension {arrays.w.shape[2]}, "
            f"but kinks need one of {', '.join(PIECEWISE_LINEAR)} and dimension 1."
        )
    w = arrays.w[..., 0]
    inside = np.abs(arrays.b) < half * np.abs(w)
    return np.array(
        [
            _count(-b[i] / v[i], a[i] * np.abs(v[i]), gap * half, least)
            for b, v, a, i in zip(arrays.b, w, arrays.a, inside, strict=True)
        ],
        np.int64,
    )


def _count(places: Floats, changes: Floats, gap: float, least: float) -> int:
    """Return the number of groups of places whose summed change is not small."""
    if len(places) == 0:
        return 0
    order = np.argsort(places)
    starts = np.r_[0, 1 + np.flatnonzero(np.diff(places[order]) > gap)]
    change = np.abs(np.add.reduceat(changes[order], starts))
    return int(np.count_nonzero((change > 0) & (change >= least * change.max())))
