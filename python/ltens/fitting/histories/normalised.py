"""Normalised curves of trainings, and how far they spread between sizes and between seeds."""

from __future__ import annotations

import numpy as np

from ..._typing import Floats, Ints


class NormalisedCurves:
    """Losses (G, X) of trainings less a limit, over their last; each has a size, `groups` (G,).

    Attributes
    ----------
    reducible, normalised : (G, X) float64
    deviations : (G, X) float64
        The normalised curves over the mean of the sizes' means.
    between, within : (X,) float64
        Variance of the means of sizes, and mean variance within sizes, of `deviations`.
    spread : (X,) float64
        Variance over sizes with one training each: the means' own, and the seeds'.
    noise : (X,) float64
        Mean variance within sizes of the reducible loss over its mean.
    """

    def __init__(self, losses: Floats, limit: float, groups: Ints) -> None:
        self.groups = groups
        self.reducible = losses - limit
        self.normalised = self.reducible / self.reducible[:, -1:]
        means = _means(self.normalised, groups)
        self.deviations = self.normalised / means.mean(axis=0)
        self.between, self.within = _variances(self.deviations, groups)
        counts = np.bincount(groups)
        smaller = (1 / counts).mean()
        self.spread = self.between - smaller * self.within + self.within
        self.noise = _variances(self.reducible / _means(self.reducible, groups)[groups], groups)[1]

    @property
    def log_ratio(self) -> float:
        """Return log(mean spread^2 / mean noise^2)."""
        least = 1e-12 * self.noise.mean()
        return float(np.log(max(self.spread.mean(), least) / self.noise.mean()))

    @property
    def ratio(self) -> float:
        """Return the root mean square of the spread over that of the noise."""
        return float(np.exp(self.log_ratio / 2))

    def interval(self, level: float) -> tuple[float, float]:
        """Return the interval of the ratio by a jackknife over whole trainings of log ratio."""
        from scipy.special import stdtrit

        counts = np.bincount(self.groups)
        inner = np.flatnonzero(counts[self.groups] > 1)
        losses = self.reducible
        if (counts > 1).sum() < 2:  # without one of two trainings there would be no noise
            return 0.0, float("inf")
        values = np.array(
            [
                NormalisedCurves(np.delete(losses, g, 0), 0.0, np.delete(self.groups, g)).log_ratio
                for g in inner
            ]
        )
        variance = 0.0
        for group in np.unique(self.groups[inner]):
            own = values[self.groups[inner] == group]
            variance += (len(own) - 1) / len(own) * ((own - own.mean()) ** 2).sum()
        degrees = int((counts[counts > 1] - 1).sum())
        half = float(stdtrit(degrees, (1 + level) / 2)) * float(np.sqrt(variance))
        return float(np.exp((self.log_ratio - half) / 2)), float(
            np.exp((self.log_ratio + half) / 2)
        )

    def p_value(self, signs: Floats) -> float:
        """Return the share of changes of sign (P, G) that spread the means of sizes as far.

        About the common curve a training's noise has either sign (Canay, Romano & Shaikh 2017),
        however much of it a size has; sizes with one training tell nothing. NaN without two others.
        """
        counts = np.bincount(self.groups)
        used = np.flatnonzero((counts > 1)[self.groups])
        groups = np.unique(self.groups[used], return_inverse=True)[1].ravel()
        if groups.max(initial=0) < 1:
            return float("nan")
        own = self.deviations[used]
        kept = np.concatenate([np.ones((1, len(used))), signs[:, used]])
        found = _spread_of_means(kept, own - _means(own, groups).mean(axis=0), groups)
        return float((found >= found[0] * (1 - 1e-12)).mean())


def _spread_of_means(signs: Floats, curves: Floats, groups: Ints) -> Floats:
    """Return how far the means of sizes spread (P,) with changed signs (P, G) of curves (G, X).

    sum_g w_g |m_g - m|^2, each size weighted by its trainings over their mean square, which no
    change of sign moves.
    """
    members = [np.flatnonzero(groups == each) for each in range(groups.max() + 1)]
    means = np.stack([signs[:, own] @ curves[own] / len(own) for own in members], axis=1)
    squares = np.array([(curves[own] ** 2).mean() for own in members])
    weights = np.bincount(groups) / np.maximum(squares, 1e-300)
    common = np.einsum("s,psx->px", weights, means) / weights.sum()
    return np.asarray(((means - common[:, None]) ** 2).mean(axis=2) @ weights)


def _means(curves: Floats, groups: Ints) -> Floats:
    """Return the mean curve (S, X) of each size."""
    members = (groups == np.arange(groups.max() + 1)[:, None]) * 1.0
    return np.asarray(members @ curves / members.sum(axis=1)[:, None])


def _variances(curves: Floats, groups: Ints) -> tuple[Floats, Floats]:
    """Return the variance (X,) of the sizes' means, and the mean variance within sizes."""
    means = _means(curves, groups)
    squares = _means((curves - means[groups]) ** 2, groups)
    counts = np.bincount(groups)
    several = counts > 1
    within = squares[several] * (counts[several] / (counts[several] - 1))[:, None]
    return np.asarray(means.var(axis=0, ddof=1)), np.asarray(within.mean(axis=0))
