"""Near-twins: points far closer to each other than the dimension of the others allows.

Locally uniform points in d dimensions have P(r_k / r_(k+1) < t) = t^(k d), whatever their density.
A twin has a ratio that no such law explains: of the k-th and next distances for k + 1 copies. The
rule of Benjamini & Hochberg (J. R. Stat. Soc. B 57, 1995) at 5 % decides how small is too small,
so that many moderately close pairs are found as well as one very close one, up to the widest gap
among the last quarter; they are twins if the chance of as many pairs is below 1 %.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..._typing import Floats, Ints
from .neighbours import nearest

_COPIES = 5  # of one point that are looked for
_FALSE = 0.05  # share of those called twins that are none
_SURE = 0.75  # of those called; what is beyond the widest gap among the others is not
_CHANCE = 0.01  # to call any where there is none
_BELOW = 0.8  # of the ratios, which a tenth of twins, two points each, leaves undisturbed
_SURELY_TWINS = np.log(1e3)  # in one dimension a point of 1000 has such a ratio, in two of 10^6
_ROUNDS = 10  # each with a dimension less disturbed by twins


def near_twins(points: Floats) -> Ints:
    """Return pairs (T, 2): a point to leave out, and the twin of lower index that it resembles.

    Parameters
    ----------
    points : (n, D) float64
        All different.

    Examples
    --------
    >>> x = np.random.default_rng(0).random((200, 2))
    >>> near_twins(x).tolist()
    []
    >>> near_twins(np.concatenate([x, x[3:5] + 1e-9])).tolist()
    [[200, 3], [201, 4]]
    """
    kept, pairs = np.arange(len(points)), []
    for _ in range(_ROUNDS):
        found = _pairs(points[kept])
        if not len(found):
            break
        pairs.append(kept[found])
        kept = np.delete(kept, found[:, 0])
    return np.concatenate(pairs) if pairs else np.empty((0, 2), dtype=np.int64)


def _pairs(points: Floats) -> Ints:
    n = len(points)
    count = min(_COPIES, n - 2)
    distances, index = nearest(points, count + 1)
    d = _least_dimension(distances)
    order = np.arange(1, count + 1)
    with np.errstate(divide="ignore"):
        log_p = d * order * np.log(distances[:, :-1] / distances[:, 1:])  # (n, count)
    close = np.stack([_too_small(column) for column in log_p.T], axis=1)
    reach = np.where(close.any(axis=1), count - close[:, ::-1].argmax(axis=1), 0)  # (n,)
    lowest = np.where(order <= reach[:, None], index[:, :-1], n).min(axis=1, initial=n)
    later = np.flatnonzero(lowest < np.arange(n))
    return np.stack([later, lowest[later]], axis=1)


def _too_small(log_p: Floats) -> NDArray[np.bool_]:
    """Return which (n,) of the logarithms of uniform numbers are too small."""
    from scipy.special import pdtrc

    n, ranked = len(log_p), np.sort(log_p)
    below = np.flatnonzero(ranked <= np.log(_FALSE * np.arange(1, n + 1) / n))
    if not below.size:
        return np.zeros(n, dtype=bool)
    called = np.arange(int(np.ceil(_SURE * (below[-1] + 1))), below[-1] + 2)
    gaps = np.append(ranked, 0.0)[called] - ranked[called - 1]
    count = int(called[np.argmax(gaps)])
    last = ranked[count - 1]
    pairs, expected = count / 2, n * np.exp(last) / 2
    chance = pdtrc(np.ceil(pairs) - 1, expected)  # of as many pairs or more
    return np.asarray((log_p <= last) & (chance < _CHANCE))


def _least_dimension(distances: Floats) -> float:
    """Return a dimension that the ratios r_2 / r_1 surely exceed: two standard errors below it.

    Their logarithms are exponential at the rate d. Those above the cut may be of twins, so the rest
    is fitted by maximum likelihood as cut there: mean = 1/d - cut / (e^(d cut) - 1).
    """
    from scipy.optimize import brentq

    x = np.log(distances[:, 1] / distances[:, 0])
    x = x[x < _SURELY_TWINS]
    if not len(x):
        return 1.0
    cut = float(np.quantile(x, _BELOW))
    if cut == 0:
        return 0.0
    mean = min(max(float(x[x <= cut].mean()) / cut, 1e-5), 0.49)  # 1/2: no slope to be seen
    c = float(brentq(lambda c: 1 / c - np.exp(-c) / -np.expm1(-c) - mean, 1e-3, 1e6))
    information = 1 - c**2 * np.exp(-c) / np.expm1(-c) ** 2
    return float(c / cut / (1 + 2 / np.sqrt(information * _BELOW * len(x))))
