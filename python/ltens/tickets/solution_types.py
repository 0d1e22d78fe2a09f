"""The algorithms small networks find: peaks of the loss, and what the parameters say."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linear_sum_assignment
from scipy.signal import find_peaks

from .._typing import Floats
from ..tables import markdown
from ..validation import float64_array, positive
from .canonical_form import canonical
from .inputs import Arrays, NetworksLike, network_arrays

_POINTS = 256
_EXACT, _NEAR = 0.02, 0.25  # mirror distance relative to the neurons' size
_DEAD = 1e-3  # of the network's largest neuron: one that moves less says nothing
_CONSTANT = 1e-3  # standard deviation of f relative to the domain's half-width
_LOWEST_PEAK = 0.02  # of the highest: lower ones are single networks


@dataclass(frozen=True)
class Peak:
    """A peak of the density of log10 loss.

    Attributes
    ----------
    loss : float
        Where it is.
    share : float
        Of the networks, between the neighbouring minima.
    types : dict of str to float
        Shares of the solution types within the peak, the most frequent first.
    example : int
        The network of the most frequent type with the middle loss.
    w, b, a : tuple of float
        Its parameters in canonical form (w in one dimension only: all coordinates in a row).
    c : float
    """

    loss: float
    share: float
    types: dict[str, float]
    example: int
    w: tuple[float, ...]
    b: tuple[float, ...]
    a: tuple[float, ...]
    c: float


@dataclass(frozen=True, eq=False)
class Algorithms:
    """Solution types of S small networks.

    Attributes
    ----------
    peaks : tuple of Peak
        By rising loss.
    peak : (S,) int64
        The peak each network belongs to.
    types : (S,) str
        "constant", or the numbers of mirror pairs, nearly mirror pairs and single neurons among
        those that matter, such as "1 pair", "1 near pair + 1 single", "2 single".
    loss : (S,) float64
    log_loss, density : (M,) float64
        The density of log10 loss the peaks were found in.
    """

    peaks: tuple[Peak, ...]
    peak: np.ndarray
    types: np.ndarray
    loss: Floats
    log_loss: Floats
    density: Floats

    def table(self) -> str:
        """Return the peaks as a Markdown table."""
        rows = []
        for p in self.peaks:
            kinds = ", ".join(f"{name} {share:.0%}" for name, share in p.types.items())
            numbers = "; ".join(" ".join(f"{v:.3g}" for v in part) for part in (p.w, p.b, p.a))
            rows.append([f"{p.loss:.2e}", f"{p.share:.1%}", kinds, f"{numbers}; {p.c:.3g}"])
        return markdown(["loss", "share", "types", "example (w; b; a; c)"], rows)


def algorithms(
    nets: NetworksLike, loss: ArrayLike, *, bandwidth: float = 0.06, domain: float = 2.0
) -> Algorithms:
    """Find the peaks of the losses of small networks and name the solutions.

    A mirror pair is (w, b, a) and (-w, b, a), up to the activation's own symmetries (see
    `canonical`), the difference being below 2 % ("pair") or 25 % ("near pair") of the neurons'
    size. Neurons whose output varies by less than 1/1000 of the largest one's are not counted.

    Parameters
    ----------
    nets : networks
        Small ones: N up to about 5.
    loss : (S,)
        Final losses, positive.
    bandwidth : float
        Of the Gaussian kernel density, in decades.
    domain : float
        Neurons are looked at on [-domain, domain]^d.

    Returns
    -------
    Algorithms

    Raises
    ------
    TypeError, ValueError
        If shapes do not match, a loss is not positive or an argument is out of range.

    Examples
    --------
    >>> import ltens
    >>> nets = ltens.Networks([[[1.0], [-1.0]], [[1.0], [0.3]]], [[0.1, 0.1], [0.5, 0.2]],
    ...                       [[2.0, 2.0], [1.0, 1.5]], [0.0, 0.0], activation="silu")
    >>> algorithms(nets, [1e-4, 1.0]).types.tolist()
    ['1 pair', '2 single']
    """
    width = positive(bandwidth, "bandwidth")
    half = positive(domain, "domain")
    arrays = network_arrays(nets)
    losses = float64_array(loss, "loss", (1,))
    if len(losses) != len(arrays):
        raise ValueError(
            f"loss has {len(losses)} value(s), but must have one for each of the {len(arrays)} "
            "network(s)."
        )
    if not (losses > 0).all():
        raise ValueError(f"loss holds {losses.min()}, but must be positive to have a logarithm.")
    standard = canonical(nets)
    types = np.array(_types(standard, half))
    grid, density = _density(np.log10(losses), width)
    tops = find_peaks(np.r_[0.0, density, 0.0], prominence=_LOWEST_PEAK * density.max())[0] - 1
    valleys = [grid[i + int(density[i:j].argmin())] for i, j in pairwise(tops)]
    peak = np.searchsorted(np.array(valleys), np.log10(losses))
    peaks = tuple(
        _peak(float(10 ** grid[top]), np.flatnonzero(peak == k), types, losses, standard)
        for k, top in enumerate(tops)
    )
    return Algorithms(peaks, peak, types, losses, grid, density)


def _density(values: Floats, bandwidth: float) -> tuple[Floats, Floats]:
    """Return a grid and the kernel density on it, from a histogram much finer than the kernel."""
    step = bandwidth / 8
    low, high = values.min() - 4 * bandwidth, values.max() + 4 * bandwidth
    edges = np.arange(low, high + 2 * step, step)
    counts = np.histogram(values, edges)[0] / len(values)
    kernel = np.exp(-0.5 * (np.arange(-32, 33) / 8) ** 2)
    kernel /= kernel.sum() * step
    grid = (edges[1:] + edges[:-1]) / 2
    return grid, np.convolve(counts, kernel, mode="same")


def _peak(
    loss: float, members: np.ndarray, types: np.ndarray, losses: Floats, standard: Arrays
) -> Peak:
    counted = Counter(types[members].tolist()).most_common()
    own = members[types[members] == counted[0][0]]
    example = int(own[np.argsort(losses[own])[len(own) // 2]])
    return Peak(
        loss=loss,
        share=len(members) / len(losses),
        types={name: n / len(members) for name, n in counted},
        example=example,
        w=tuple(standard.w[example].ravel().tolist()),
        b=tuple(standard.b[example].tolist()),
        a=tuple(standard.a[example].tolist()),
        c=float(standard.c[example]),
    )


def _types(nets: Arrays, half: float) -> list[str]:
    d = nets.w.shape[2]
    x = (
        np.linspace(-half, half, _POINTS)[:, np.newaxis]
        if d == 1
        else np.random.default_rng(0).uniform(-half, half, (_POINTS, d))
    )
    constant = nets.predict(x).std(axis=1) < _CONSTANT * half
    return [
        "constant" if constant[s] else _name(_mirror_distances(nets, s, x))
        for s in range(len(nets))
    ]


def _mirror_distances(nets: Arrays, s: int, x: Floats) -> tuple[Floats, list[int]]:
    """Return distances (n, n) of the neurons that matter to one another's mirror images."""
    moves = (nets.features(s, x) * nets.a[s]).std(axis=0)
    alive = np.flatnonzero(moves > _DEAD * moves.max())
    own = np.column_stack([nets.w[s], nets.b[s], nets.a[s]])[alive]
    image = own * np.r_[-np.ones(nets.w.shape[2]), 1.0, 1.0]
    if nets.activation in ("tanh", "erf", "sin"):
        image = image * np.sign(image[:, :1])  # its canonical form
        image[:, -1] = own[:, -1] * np.sign(-own[:, 0])
    size = np.abs(own).max(axis=1)
    gap = np.abs(own[:, np.newaxis] - image).max(axis=2)
    return gap / np.maximum(size[:, np.newaxis], size), alive.tolist()


def _name(found: tuple[Floats, list[int]]) -> str:
    """Name the solution: disjoint pairs by optimal assignment, closest first."""
    apart, alive = found
    n = len(alive)
    cost = np.minimum(apart, _NEAR)
    np.fill_diagonal(cost, _NEAR)
    _, partner = linear_sum_assignment(cost)
    pairs = [(i, int(j)) for i, j in enumerate(partner) if i < j and partner[j] == i]
    exact = sum(apart[i, j] < _EXACT for i, j in pairs)
    near = sum(_EXACT <= apart[i, j] < _NEAR for i, j in pairs)
    parts = [
        f"{count} {name}{'s' if count > 1 and 'pair' in name else ''}"
        for count, name in (
            (exact, "pair"),
            (near, "near pair"),
            (n - 2 * exact - 2 * near, "single"),
        )
        if count
    ]
    return " + ".join(parts)
