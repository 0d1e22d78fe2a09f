"""Mirror partners among neurons, and the even and odd parts of the function."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree

from .._typing import Floats, Ints
from ..randomness import RandomSource, random_numbers
from ..validation import integer, positive
from .activations import PIECEWISE_LINEAR
from .inputs import Arrays, NetworksLike, network_arrays

_EXACT = 500  # wider networks are matched by nearest neighbours: assignment costs N^3
_NEIGHBOURS = 8
_POINTS = 512


@dataclass(frozen=True, eq=False)
class Symmetry:
    """Mirror symmetry of S networks.

    Attributes
    ----------
    partner : (S, N) int64
        j such that the mirror image of neuron j is matched with neuron i.
    distance : (S,) float64
        Root mean square distance of matched neurons.
    flipped : (S, K) float64
        The same after the sign of w was drawn anew for each neuron: a symmetric law, no pairing.
    others : (S,) float64
        The same with the mirror images of the next network of the batch: the law and the layout
        the seeds have in common, no pairing; NaN if there is one network only.
    mixed : (S, M) float64
        The same in surrogates whose neurons are drawn from all networks of the batch: the law the
        seeds have in common, be it symmetric or not, and nothing else; NaN for one network.
    score : (S,) float64
        1 - distance / mean(flipped): 1 for exact pairs, about 0 without pairing.
    score_mixed : (S,) float64
        1 - distance / mean(mixed): 0 for independent neurons of the seeds' common law.
    score_others : (S,) float64
        1 - (distance / others) / (the same ratio of the surrogates): 0 if partners in one network
        are no closer than across seeds. The surrogates take out that a neuron near w = 0 is always
        near its own image, and never near another network's.
    p_value : (S,) float64
        (1 + number of flipped at most distance) / (1 + K).
    odd_share : (S,) float64
        <odd^2> / (<odd^2> + <(even - mean)^2>) of f on the domain: 0 for an even function.
    exact : bool
        Whether the assignment is optimal; a greedy one of nearest neighbours if not.
    """

    partner: Ints
    distance: Floats
    flipped: Floats
    others: Floats
    mixed: Floats
    score: Floats
    score_mixed: Floats
    score_others: Floats
    p_value: Floats
    odd_share: Floats
    exact: bool


def symmetry(
    nets: NetworksLike,
    *,
    null: int = 19,
    domain: float = 2.0,
    rng: RandomSource = 0,
) -> Symmetry:
    """Match every neuron (w, b, a) with the mirror image (-w, b, a) of another one.

    The matching minimises the summed squared distance, each coordinate in units of its root mean
    square over the batch; for relu, leaky_relu and abs, where (w, b, a) and (s w, s b, a / s) are
    the same neuron, after s is chosen so that |a| = |(w, b)|. A symmetric initial law, data and
    target make the law of the neurons symmetric, so that images come close by chance alone: hence
    the nulls.

    Parameters
    ----------
    nets : networks
    null : int
        K, the draws of new signs.
    domain : float
        f is split into even and odd parts on [-domain, domain]^d.
    rng : int, SeedSequence or Generator
        Draws the signs (and the points if d > 1).

    Returns
    -------
    Symmetry

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Notes
    -----
    A neuron with w = 0 is its own image. Liu & Tegmark (2023) see (-w, b) beside nearly every
    (w, b) in a network of 10,000 SiLU neurons.

    Examples
    --------
    >>> import ltens
    >>> nets = ltens.Networks([[[1.0], [-1.0], [0.5], [-0.5]]], [[0.3, 0.3, 1.0, 1.0]],
    ...                       [[1.0, 1.0, 2.0, 2.0]], [0.0], activation="silu")
    >>> found = symmetry(nets)
    >>> found.partner.tolist(), found.score.tolist(), found.odd_share.round(12).tolist()
    ([[1, 0, 3, 2]], [1.0], [0.0])
    """
    draws = integer(null, "null", minimum=1)
    half = positive(domain, "domain")
    generator = random_numbers(rng)
    arrays = network_arrays(nets)
    neurons = _scaled(arrays)
    mixed, ratio = _surrogates(neurons, arrays, 1 + draws // 4, generator)
    partner = np.empty((len(arrays), arrays.width), np.int64)
    distance, others = np.empty(len(arrays)), np.full(len(arrays), np.nan)
    flipped = np.empty((len(arrays), draws))
    for s, own in enumerate(neurons):
        image = _mirrored(own, arrays)
        partner[s], distance[s] = _match(own, image)
        if len(arrays) > 1:
            others[s] = _match(own, _mirrored(neurons[(s + 1) % len(arrays)], arrays))[1]
        for k in range(draws):
            drawn = _signed(own, arrays, generator)
            flipped[s, k] = _match(drawn, _mirrored(drawn, arrays))[1]
    return Symmetry(
        partner=partner,
        distance=distance,
        flipped=flipped,
        others=others,
        mixed=mixed,
        score=1.0 - _quotient(distance, flipped.mean(axis=1)),
        score_mixed=1.0 - _quotient(distance, np.full(len(arrays), mixed.mean())),
        score_others=1.0 - _quotient(distance, others) / ratio,
        p_value=(1 + (flipped <= distance[:, None]).sum(axis=1)) / (1 + draws),
        odd_share=_odd_share(arrays, half, generator),
        exact=arrays.width <= _EXACT,
    )


def _scaled(arrays: Arrays) -> Floats:
    """Return (w, b, a) as (S, N, d + 2) in units of their root mean squares."""
    w, b, a = arrays.w, arrays.b[..., np.newaxis], arrays.a[..., np.newaxis]
    if arrays.activation in PIECEWISE_LINEAR:
        before, after = np.sqrt(np.square(w).sum(axis=2, keepdims=True) + b**2), np.abs(a)
        alive = (before > 0) & (after > 0)
        scale = np.sqrt(np.where(alive, after, 1.0) / np.where(alive, before, 1.0))
        w, b, a = w * scale, b * scale, a / scale
    parts = [w, b, a]
    sizes = [np.sqrt(np.mean(part**2)) or 1.0 for part in parts]
    return np.concatenate([part / size for part, size in zip(parts, sizes, strict=True)], axis=2)


def _surrogates(
    neurons: Floats, arrays: Arrays, draws: int, rng: np.random.Generator
) -> tuple[Floats, float]:
    """Return distances in networks of neurons from all seeds (S, M), and their mean ratio.

    The ratio is that of the distance within a surrogate to that between two surrogates: what
    independent neurons of the common law give.
    """
    count, width, _ = neurons.shape
    if count < 2:
        return np.full((count, draws), np.nan), np.nan
    within, across = np.empty((count, draws)), np.empty((count, draws))
    for k in range(draws):
        source = rng.permuted(np.tile(np.arange(count)[:, np.newaxis], width), axis=0)
        drawn = neurons[source, np.arange(width)]
        for s in range(count):
            within[s, k] = _match(drawn[s], _mirrored(drawn[s], arrays))[1]
            across[s, k] = _match(drawn[s], _mirrored(drawn[(s + 1) % count], arrays))[1]
    apart = across > 0
    return within, float(np.mean(within[apart] / across[apart])) if apart.any() else np.nan


def _mirrored(neurons: Floats, arrays: Arrays) -> Floats:
    image = neurons.copy()
    image[:, : arrays.w.shape[2]] *= -1
    return image


def _signed(neurons: Floats, arrays: Arrays, rng: np.random.Generator) -> Floats:
    drawn = neurons.copy()
    drawn[:, : arrays.w.shape[2]] *= rng.choice([-1.0, 1.0], size=(len(neurons), 1))
    return drawn


def _match(neurons: Floats, images: Floats) -> tuple[Ints, float]:
    """Return a one-to-one assignment of images to neurons and its rms distance."""
    if len(neurons) <= _EXACT:
        cost = np.square(neurons[:, np.newaxis] - images).sum(axis=2)
        rows, partner = linear_sum_assignment(cost)
        return partner.astype(np.int64), float(np.sqrt(cost[rows, partner].mean()))
    partner = _nearest_first(neurons, images)
    return partner, float(np.sqrt(np.square(neurons - images[partner]).sum(axis=1).mean()))


def _nearest_first(neurons: Floats, images: Floats) -> Ints:
    """Assign the closest free neighbours first, among those left until none is."""
    partner = np.full(len(neurons), -1, np.int64)
    rows, columns = np.arange(len(neurons)), np.arange(len(images))
    while len(rows):
        count = min(_NEIGHBOURS, len(rows))
        far, place = cKDTree(images[columns]).query(neurons[rows], k=count)
        far, place = far.reshape(len(rows), -1), place.reshape(len(rows), -1)
        order = np.argsort(far, axis=None, kind="stable")
        free = np.ones(len(columns), bool)
        for flat in order.tolist():
            row, column = rows[flat // count], place.flat[flat]
            if partner[row] < 0 and free[column]:
                partner[row] = columns[column]
                free[column] = False
        rows, columns = rows[partner[rows] < 0], columns[free]
    return partner


def _odd_share(arrays: Arrays, half: float, rng: np.random.Generator) -> Floats:
    d = arrays.w.shape[2]
    x = (
        np.linspace(0.0, half, _POINTS)[:, np.newaxis]
        if d == 1
        else rng.uniform(-half, half, (_POINTS, d))
    )
    there, back = arrays.predict(x), arrays.predict(-x)
    even, odd = (there + back) / 2, (there - back) / 2
    rest = np.var(even, axis=1)
    power = np.mean(odd**2, axis=1)
    return np.asarray(_quotient(power, power + rest))


def _quotient(top: Floats, bottom: Floats) -> Floats:
    """Return top / bottom, 0 where both are 0."""
    return np.asarray(top / np.where((bottom == 0) & (top == 0), 1.0, bottom))
