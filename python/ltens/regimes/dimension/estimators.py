"""Intrinsic dimension from nearest neighbours: TwoNN, its k-th-neighbour form, and MLE.

With mu_k = r_k / r_1, locally uniform points on d dimensions have P(mu_k < m) = (1 - m^-d)^(k-1).
Near-twins, such as copies with noise of rounding, do not: of each pair one is left out (`twins`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..._typing import Floats, Ints
from ...tables import estimate
from ...validation import integer, share
from .neighbours import distinct_points, named, nearest, neighbour_distances, spatial_groups
from .twins import near_twins

_FEWEST = 20  # points: below, a group of the jackknife is a point
_MOST_GROUPS = 64
_GROUP = 8  # points at least in each
_MOST_TIED = 0.1  # of the points: 1 % of the digits, whose pixels are integers; all of a lattice
_MOST_TWINS = 0.2  # of the points: more is no impurity, but a structure on two scales
_TIE = 1e-6  # relative: rounding of a scaled grid in float32; in d dimensions a share d * 1e-6 else


@dataclass(frozen=True)
class Dimension:
    """An estimate of the dimension.

    Attributes
    ----------
    estimate : float
    interval : (low, high)
        From a jackknife over groups of neighbouring points. It knows the sampling noise, not the
        bias: all these estimators fall short above about ten dimensions (docs/results/regimes.md).
    standard_error : float
    level : float
    method : str
    neighbours : int
        k.
    points : int
        What is left of them.
    twins : tuple of (int, int)
        Near-twins: the index that was left out and the one it is close to, in the points without
        duplicates.
    """

    estimate: float
    interval: tuple[float, float]
    standard_error: float
    level: float
    method: str
    neighbours: int
    points: int
    twins: tuple[tuple[int, int], ...] = ()

    def at_level(self, level: float) -> Dimension:
        """Return the same estimate with the interval of another level.

        Examples
        --------
        >>> found = two_nn(np.random.default_rng(0).random((200, 2)))
        >>> found.at_level(0.5) == two_nn(np.random.default_rng(0).random((200, 2)), level=0.5)
        True
        """
        wanted = share(level, "level")
        if wanted == self.level:
            return self
        half = _quantile(_groups(self.points), wanted) * self.standard_error
        ends = (self.estimate - half, self.estimate + half)
        return replace(self, interval=ends, level=wanted)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)

    def __str__(self) -> str:
        text = estimate(self.estimate, self.interval, ".3g")
        return text + (f" ({len(self.twins)} near-twins left out)" if self.twins else "")


def two_nn(
    points: ArrayLike, *, fraction: float = 0.9, level: float = 0.95, duplicates: str = "error"
) -> Dimension:
    """Return the dimension by the ratio of the second to the first neighbour's distance.

    Facco et al., Scientific Reports 7, 12140 (2017): `knn_dimension` with k = 2.

    Parameters
    ----------
    points : (n, D) array
    fraction : float
        Of the ratios, the smallest, that are used.
    level : float
        Of the interval.
    duplicates : {"error", "drop"}

    Returns
    -------
    Dimension

    Raises
    ------
    TypeError, ValueError
        As `knn_dimension`.

    Examples
    --------
    >>> x = np.random.default_rng(0).random((1000, 3)) @ np.eye(3, 7)  # 3 dimensions in 7
    >>> found = two_nn(x)
    >>> found.interval[0] < 3 < found.interval[1]
    True
    """
    return knn_dimension(points, 2, fraction=fraction, level=level, duplicates=duplicates)


def knn_dimension(
    points: ArrayLike,
    k: int = 3,
    *,
    fraction: float = 0.9,
    level: float = 0.95,
    duplicates: str = "error",
) -> Dimension:
    """Return the dimension by the distribution of mu_k = r_k / r_1.

    From C(mu) = (1 - mu^-d)^(k-1) follows -log(1 - C^(1/(k-1))) = d log mu: a line through the
    origin, fitted to the empirical distribution over the lowest `fraction` (Sharma & Kaplan, JMLR
    23(9), 2022).

    Parameters
    ----------
    points : (n, D) array
        At least 20 different ones.
    k : int
        Which neighbour, at least 2.
    fraction, level : float
    duplicates : {"error", "drop"}

    Returns
    -------
    Dimension

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If one is out of range, there are too few points, two are equal, more than a tenth have
        two nearest neighbours equally far (a lattice), or more than a fifth are near-twins.

    Examples
    --------
    >>> x = np.random.default_rng(0).random((1000, 2))
    >>> abs(knn_dimension(x, 4).estimate - 2) < 0.2
    True
    """
    order = integer(k, "k", minimum=2)
    used = share(fraction, "fraction")

    def estimate(r: Floats) -> float:
        mu = np.sort(np.log(r[:, -1] / r[:, 0]))
        n = len(mu)
        kept = max(2, int(used * n))
        below = (np.arange(1, kept + 1) - 0.5) / n
        y = -np.log1p(-(below ** (1 / (order - 1))))
        x = mu[:kept]
        return float((x @ y) / max(x @ x, 1e-300))

    name = "two_nn" if order == 2 else "knn"
    return _measured(points, order, name, estimate, level=level, duplicates=duplicates)


def mle_dimension(
    points: ArrayLike, k: int = 10, *, level: float = 0.95, duplicates: str = "error"
) -> Dimension:
    """Return the dimension by maximum likelihood from the distances to k neighbours.

    d = < (k - 2) / sum_{j<k} log(r_k / r_j) > over the points: unbiased for uniform density (Levina
    & Bickel, NIPS 2004, with k - 2). In ratios to r_1 the sum is (k - 1) log mu_k less the sum of
    log mu_j, 2 <= j < k.

    Parameters
    ----------
    points : (n, D) array
        At least 20 different ones, and more than k.
    k : int
        At least 4, or the mean has no variance.
    level : float
    duplicates : {"error", "drop"}

    Returns
    -------
    Dimension

    Raises
    ------
    TypeError, ValueError
        As `knn_dimension`.

    Examples
    --------
    >>> x = np.random.default_rng(0).random((1000, 2))
    >>> abs(mle_dimension(x).estimate - 2) < 0.2
    True
    """
    order = integer(k, "k", minimum=4)

    def estimate(r: Floats) -> float:
        sums = np.log(r[:, -1:] / r[:, :-1]).sum(axis=1)
        return float(np.mean((order - 2) / np.maximum(sums, 1e-300)))

    return _measured(points, order, "mle", estimate, level=level, duplicates=duplicates)


def _measured(
    points: ArrayLike,
    k: int,
    method: str,
    estimate: Callable[[Floats], float],
    *,
    level: float,
    duplicates: str,
) -> Dimension:
    """Return the estimate with the interval of a jackknife over spatial groups."""
    wanted = share(level, "level")
    x = distinct_points(points, duplicates)
    if len(x) < _FEWEST:
        raise ValueError(
            f"points has {len(x)} different point(s), but an estimate needs at least {_FEWEST}."
        )
    _check_ties(x, k)
    pairs = near_twins(x)
    _check_twins(x, pairs, k)
    x = np.delete(x, pairs[:, 0], axis=0)
    r = neighbour_distances(x, k)
    count = _groups(len(x))
    label = spatial_groups(x, count)
    value = estimate(r)
    without = np.array([estimate(r[label != g]) for g in range(count)])
    error = float(np.sqrt((count - 1) / count * ((without - without.mean()) ** 2).sum()))
    half = _quantile(count, wanted) * error
    twins = tuple((int(later), int(first)) for later, first in pairs)
    return Dimension(value, (value - half, value + half), error, wanted, method, k, len(x), twins)


def _check_ties(x: Floats, k: int) -> None:
    """Raise ValueError if the points are those of a lattice.

    Two neighbours that are twins of each other are equally far too, but no lattice.
    """
    r, index = nearest(x, k)
    apart = np.linalg.norm(x[index[:, 0]] - x[index[:, 1]], axis=1)
    tied = float(np.mean((r[:, 1] <= r[:, 0] * (1 + _TIE)) & (apart > r[:, 0] / 2)))
    if tied > _MOST_TIED:
        raise ValueError(
            f"points has {tied:.0%} whose two nearest neighbours are equally far (data on a "
            "grid?), which tells nothing of the dimension: add noise of the size of the rounding."
        )


def _check_twins(x: Floats, pairs: Ints, k: int) -> None:
    """Raise ValueError if without twins too little is left to speak of a dimension."""
    left = len(x) - len(pairs)
    if len(pairs) <= _MOST_TWINS * len(x) and left >= max(_FEWEST, k + 1):
        return
    apart = np.linalg.norm(x[pairs[:, 0]] - x[pairs[:, 1]], axis=1)
    raise ValueError(
        f"points has {len(pairs)} near-twins of {len(x)}{named(pairs[:, 0])}, at distances "
        f"{apart.min():.1e} to {apart.max():.1e} of another: a structure on two scales has no "
        "single dimension. Leave copies out, or average what is closer than a distance you choose."
    )


def _groups(points: int) -> int:
    """Return how many groups the jackknife has."""
    parts = min(_MOST_GROUPS, max(2, points // _GROUP))
    return 1 << (parts.bit_length() - 1)


def _quantile(groups: int, level: float) -> float:
    """Return half an interval in standard errors, by Student's law."""
    from scipy.special import stdtrit

    return float(stdtrit(groups - 1, (1 + level) / 2))
