"""What the statistics would be if the same sizes were trained again: the studentised bootstrap.

The noise of log loss is taken to have one shape at all sizes and a width that may change with size.
Seeds are drawn from the residuals of all sizes, so that five seeds a size are enough, and each draw
brings its own standard errors, so that their own uncertainty is in the interval (Hall 1988,
"Theoretical comparison of bootstrap confidence intervals": the percentile-t method).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Floats
from .moderation import moderated
from .observations import Observations
from .statistic import Quantile, Statistic

_DRAWS = 800
# Residuals about a median of few losses stand too close to it. A normal error of this share of the
# median's own standard error restores the width; between 0.5 and 0.8 the coverage does not change.
_SMOOTHING = 0.8
_MANY_SEEDS = 200  # from so many on the statistic is normal and its variance chi-square
_MOST_RESIDUALS = 20_000  # of more, as many quantiles: their shape is known
_MANY_SIZES = 300  # beyond, memory is saved and the normal law used


@dataclass(frozen=True, eq=False)
class Redrawn:
    """Statistics of data sets that might have been.

    Attributes
    ----------
    variances : (W,) float64
        Of log statistic, of the data at hand: drawn towards a line in log size.
    errors : (B, W) float64
        Log statistic of each draw less its truth.
    of_draws : (B, W) float64
        The variances that each draw would have been given.
    scales : (W,) float64
        The width of the noise of one loss, in units of `residuals`.
    residuals : (n,) float64
        Residuals of log loss about the statistic, in units of the scales, sorted.
    """

    variances: Floats
    errors: Floats
    of_draws: Floats
    scales: Floats
    residuals: Floats

    def half_width(self, weights: Floats, level: float) -> float:
        """Return half the interval of weights (W,) @ log statistics."""
        from scipy.special import ndtri

        own = float(np.sqrt(weights**2 @ self.variances))
        if not len(self.errors):
            return own * float(ndtri((1 + level) / 2))
        return own * float(np.quantile(self._ratios(weights), level))

    def p_value(self, weights: Floats, away: float) -> float:
        """Return the share of draws of weights @ log statistics that are as far off as `away`."""
        from scipy.special import ndtr

        own = float(np.sqrt(weights**2 @ self.variances))
        if not len(self.errors):
            return float(2 * ndtr(-away / own))
        beyond = int((self._ratios(weights) * own >= away).sum())
        return (1 + beyond) / (1 + len(self.errors))

    def _ratios(self, weights: Floats) -> Floats:
        """Return |error| over its own standard error (B,) of each draw of weights @ statistics."""
        error = np.sqrt(self.of_draws @ weights**2)
        return np.asarray(np.abs(self.errors @ weights) / np.maximum(error, 1e-300))


def along_sizes(observations: Observations) -> Floats | None:
    """Return the variances (W,) of log statistic, drawn towards a line in log size."""
    if observations.variances is None:
        return None
    counts = observations.samples.astype(np.float64)
    statistic = observations.statistic
    rows = [_logs(row)[None] for row in observations.table.losses]
    raw = np.array([statistic.of_rows(row)[1][0] for row in rows])
    per_loss = moderated((raw * counts)[None], observations.degrees[None], along=observations.u)
    return np.asarray(per_loss[0] / counts)


def redrawn(observations: Observations, seed: int = 0) -> Redrawn | None:
    """Return draws of the statistics; None where there is no telling how far seeds move them."""
    variances = along_sizes(observations)
    if variances is None:
        return None
    rows = [_logs(row) for row in observations.table.losses]
    u, degrees = observations.u, observations.degrees
    counts = observations.samples.astype(np.float64)
    median = Quantile(0.5)
    middle = [median.of_rows(row[None]) for row in rows]
    widths = np.array([value[1][0] for value in middle]) * counts
    scales = np.sqrt(moderated(widths[None], degrees[None], along=u)[0])
    residuals = np.concatenate(
        [(row - each[0]) / s for row, each, s in zip(rows, middle, scales, strict=True)]
    )
    residuals = _thinned(residuals)
    nothing = np.empty((0, len(rows)))
    if len(rows) > _MANY_SIZES:
        return Redrawn(variances, nothing, nothing, scales, np.sort(residuals))
    rng = np.random.default_rng(seed)
    pool = _Pool(observations.statistic, residuals, rng)
    noise = zip(observations.samples, scales, variances, strict=True)
    columns = [pool.column(int(seeds), scale, variance) for seeds, scale, variance in noise]
    errors = np.stack([each[0] for each in columns], axis=1)
    own = np.stack([each[1] for each in columns], axis=1)
    many = np.broadcast_to(degrees, own.shape)
    of_draws = moderated(own * counts, many, along=u) / counts
    return Redrawn(variances, errors, of_draws, scales, np.sort(residuals))


def _thinned(residuals: Floats) -> Floats:
    """Return the residuals, of very many evenly spaced quantiles."""
    if len(residuals) <= _MOST_RESIDUALS:
        return residuals
    places = np.linspace(0, len(residuals) - 1, _MOST_RESIDUALS).astype(np.int64)
    return np.sort(residuals)[places]


def _logs(losses: Floats) -> Floats:
    """Return log losses, those of diverged networks as the largest finite one."""
    finite = losses[np.isfinite(losses)]
    return np.asarray(np.log(np.minimum(losses, finite.max())))


@dataclass(frozen=True, eq=False)
class _Pool:
    """Residuals of all sizes, from which seeds are drawn."""

    statistic: Statistic
    residuals: Floats
    rng: np.random.Generator

    def column(self, seeds: int, scale: float, variance: float) -> tuple[Floats, Floats]:
        """Return errors and variances (B,) of the statistic at one size."""
        if seeds >= _MANY_SEEDS:
            errors = self.rng.normal(scale=np.sqrt(variance), size=_DRAWS)
            degrees = self.statistic.degrees(seeds)
            return errors, variance * self.rng.chisquare(degrees, size=_DRAWS) / degrees
        width = _SMOOTHING / np.sqrt(seeds)
        drawn = self.rng.choice(self.residuals, size=(_DRAWS, seeds))
        drawn += width * self.rng.normal(size=drawn.shape)
        value, own = self.statistic.of_rows(scale * drawn)
        return value - self.statistic.of_smoothed(scale * self.residuals, scale * width), own
