"""One representative of all parameters that give the same function."""

from __future__ import annotations

import numpy as np

from .activations import ACTIVATIONS
from .inputs import Arrays, NetworksLike, network_arrays


def canonical(nets: NetworksLike) -> Arrays:
    """Return the networks in canonical form; f is unchanged.

    Symmetries removed: the order of the neurons (sorted by w, then b, then a); for homogeneous
    activations the scale a act(z) = (a s^p) act(z / s), s > 0, chosen so that |w| = 1, or
    |b| = 1 where w = 0; for odd activations (w, b, a) -> (-w, -b, -a), for even ones
    (w, b) -> (-w, -b), for sigmoid (w, b, a, c) -> (-w, -b, -a, c + a), chosen so that the first
    weight that is not zero is positive.

    Parameters
    ----------
    nets : networks
        w (S, N, d), b (S, N), a (S, N), c (S,).

    Returns
    -------
    object with w, b, a, c in float64 and activation

    Raises
    ------
    TypeError, ValueError
        If `nets` is no batch of finite networks.

    Examples
    --------
    >>> import ltens
    >>> nets = ltens.Networks([[[-2.0], [3.0]]], [[1.0, 0.0]], [[1.0, 2.0]], [0.0],
    ...                       activation="tanh")
    >>> canonical(nets).w.ravel(), canonical(nets).a.ravel()
    (array([2., 3.]), array([-1.,  2.]))
    """
    old = network_arrays(nets)
    w, b, a, c = old.w.copy(), old.b.copy(), old.a.copy(), old.c.copy()
    name = old.activation
    act = ACTIVATIONS[name]
    if act.parity != 0 or name == "sigmoid":
        flip = _leading_sign(w, b) < 0
        w[flip] *= -1
        b[flip] *= -1
        if name == "sigmoid":
            c += np.where(flip, a, 0.0).sum(axis=1)
        if act.parity != 1:
            a[flip] *= -1
    if act.homogeneous > 0:
        scale = np.linalg.norm(w, axis=2)
        scale = np.where(scale > 0, scale, np.abs(b))
        scale = np.where(scale > 0, scale, 1.0)
        w /= scale[..., np.newaxis]
        b /= scale
        a *= scale**act.homogeneous
    order = np.lexsort((a, b, *np.moveaxis(w, 2, 0)[::-1]), axis=-1)
    return Arrays(
        w=np.take_along_axis(w, order[..., np.newaxis], axis=1),
        b=np.take_along_axis(b, order, axis=1),
        a=np.take_along_axis(a, order, axis=1),
        c=c,
        activation=name,
    )


def _leading_sign(w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the sign (S, N) of the first of w, b that is not zero."""
    values = np.concatenate([w, b[..., np.newaxis]], axis=2)
    first = np.argmax(values != 0, axis=2)
    return np.asarray(np.sign(np.take_along_axis(values, first[..., np.newaxis], axis=2)[..., 0]))
