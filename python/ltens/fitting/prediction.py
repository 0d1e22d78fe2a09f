"""Predictions with intervals: of the statistic at a size, and of one new run there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import tables
from .._typing import Floats
from .comparison import Candidate
from .held_quantity import interval_of_log_loss, log_loss_at
from .intervals import cost_scale
from .observations import Observations, log_ratio
from .slopes import Slopes

_CURVED = 2.0  # of what a bend between sizes may do, like the quantile of an interval
_LEAST_SCALE = 1e-300


@dataclass(frozen=True, eq=False)
class Prediction:
    """What is expected at sizes.

    Attributes
    ----------
    sizes, loss : (K,) float64
        The sizes and the statistic expected there.
    low, high : (K,) float64
        Interval of the statistic, as of endless seeds.
    run_low, run_high : (K,) float64
        Interval of the loss of one new run; NaN where there is one loss per size.
    decades : (K,) float64
        How far each size is outside the sizes that were measured and that the law is about: 0
        inside; 0.3 at twice the largest.
    level : float
    """

    sizes: Floats
    loss: Floats
    low: Floats
    high: Floats
    run_low: Floats
    run_high: Floats
    decades: Floats
    level: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers, ready for JSON."""
        return dict(tables.plain(vars(self)))

    def __str__(self) -> str:
        """Return a table."""
        heads = ("size", "loss", "low", "high", "one run", "", "decades outside")
        columns = (self.sizes, self.loss, self.low, self.high, self.run_low, self.run_high)
        rows = [
            [*(f"{value:.4g}" for value in row), "-" if far == 0 else f"{far:.2g}"]
            for *row, far in zip(*columns, self.decades, strict=True)
        ]
        return tables.text(heads, rows)


def predicted_by_law(
    law: Candidate,
    part: Observations,
    slopes: Slopes,
    sizes: Floats,
    level: float,
    *,
    huber: float | None = None,
) -> Prediction:
    """Return predictions of a law, with profile-likelihood intervals.

    The cost may rise by scale * t^2, as for the exponent's interval.
    """
    from scipy.special import stdtrit

    u = log_ratio(sizes, float(part.table.sizes[0]))
    middle = law.model.curve(u, law.fitted.theta)[0][0]
    degrees = int(law.fitted.degrees[0])
    if degrees < 1:
        unknown = np.full(len(u), np.nan)
        logs = np.stack([middle, unknown, unknown])
        return _finished(slopes, part.table.sizes, sizes, logs, level)
    scale = float(cost_scale(law.model, part, law.fitted, huber)[0])
    allowed = float(scale * stdtrit(degrees, (1 + level) / 2) ** 2)
    held = [log_loss_at(law.model, at) for at in u]
    ends = [interval_of_log_loss(law, part, each, allowed, huber=huber) for each in held]
    low, high = np.reshape(ends, (-1, 2)).T
    return _finished(slopes, part.table.sizes, sizes, np.stack([middle, low, high]), level)


def predicted_without_law(slopes: Slopes, sizes: Floats, level: float) -> Prediction:
    """Return predictions where no law holds.

    Between sizes the logarithms are interpolated (PCHIP: Fritsch & Carlson 1980), the interval is
    that of the straight line between the neighbours and twice what a bend may do between them: how
    far the two are apart, or how far an interpolation misses the neighbours when it leaves them out
    (beyond their noise), if that is more. Outside the exponent at that end is continued.
    """
    u = log_ratio(sizes, float(slopes.observations.table.sizes[0]))
    weights = _weights(slopes, u)
    straight = weights @ slopes.observations.y[0]
    middle = continued(slopes, sizes)
    half = np.array([slopes.half_width(row, level) for row in weights])
    bend = np.maximum(np.abs(middle - straight), _missed_between(slopes, u))
    half = np.hypot(half, _CURVED * bend)
    logs = np.stack([middle, middle - half, middle + half])
    return _finished(slopes, slopes.observations.table.sizes, sizes, logs, level)


def continued(slopes: Slopes, sizes: Floats) -> Floats:
    """Return log loss (K,): interpolated, outside continued with the exponent at that end."""
    from scipy.interpolate import PchipInterpolator

    known, y = slopes.observations.u, slopes.observations.y[0]
    u = log_ratio(sizes, float(slopes.observations.table.sizes[0]))
    inside = (u >= known[0]) & (u <= known[-1])
    straight = _weights(slopes, u) @ y
    smooth = PchipInterpolator(known, y)(np.where(inside, u, known[0]))
    return np.asarray(np.where(inside, smooth, straight))


def _missed_between(slopes: Slopes, u: Floats) -> Floats:
    """Return how far log loss may be from the interpolation at each u (K,); 0 outside the sizes.

    An interpolation of the other sizes misses a size by some m. As of a parabola between its
    neighbours, m is half the second derivative times the distances to both.
    """
    known = slopes.observations.u
    before, after = known[1:-1] - known[:-2], known[2:] - known[1:-1]
    half_second = np.empty_like(known)
    half_second[1:-1] = _missed(slopes) / (before * after)
    half_second[[0, -1]] = half_second[[1, -2]]
    place = np.clip(np.searchsorted(known, u), 1, len(known) - 1)
    low, high = known[place - 1], known[place]
    parabola = np.maximum((u - low) * (high - u), 0.0)
    return np.asarray(np.maximum(half_second[place - 1], half_second[place]) * parabola)


def _missed(slopes: Slopes) -> Floats:
    """Return by how much the others' interpolation misses each inner size (W - 2,), less noise."""
    from scipy.interpolate import PchipInterpolator

    u, y, variances = slopes.observations.u, slopes.observations.y[0], slopes.variances
    others = [np.arange(len(u)) != i for i in range(1, len(u) - 1)]
    found = [float(PchipInterpolator(u[each], y[each])(u[~each])[0]) for each in others]
    share = (u[1:-1] - u[:-2]) / (u[2:] - u[:-2])
    noise = variances[1:-1] + (1 - share) ** 2 * variances[:-2] + share**2 * variances[2:]
    return np.asarray(np.sqrt(np.maximum((y[1:-1] - found) ** 2 - noise, 0.0)))


def _weights(slopes: Slopes, u: Floats) -> Floats:
    """Return the weights (K, W) of the log statistics in the linear prediction at each u."""
    known = slopes.observations.u
    weights = np.zeros((len(u), len(known)))
    after = np.clip(np.searchsorted(known, u), 1, len(known) - 1)
    share = (u - known[after - 1]) / (known[after] - known[after - 1])
    rows = np.arange(len(u))
    weights[rows, after - 1], weights[rows, after] = 1 - share, share
    for beyond, (start, stop) in (
        (u > known[-1], slopes.end),
        (u < known[0], slopes.beginning),
    ):
        mean = np.zeros(len(known))
        mean[start:stop] = 1 / (stop - start)
        away = u[beyond, None] - known[start:stop].mean()
        weights[beyond] = mean - slopes.weights(start, stop) * away
    return weights


def _finished(
    slopes: Slopes, inside: Floats, sizes: Floats, logs: Floats, level: float
) -> Prediction:
    """Return the prediction in losses from its logarithm and ends, logs (3, K)."""
    run_low, run_high = _of_one_run(slopes, sizes, logs, level)
    below, above = log_ratio(sizes, float(inside[0])), log_ratio(sizes, float(inside[-1]))
    decades = np.maximum(above, -below) / np.log(10)
    with np.errstate(over="ignore"):
        loss, low, high = np.exp(logs)
        return Prediction(
            sizes=sizes,
            loss=loss,
            low=low,
            high=high,
            run_low=np.exp(run_low),
            run_high=np.exp(run_high),
            decades=np.maximum(decades, 0.0),
            level=level,
        )


def _of_one_run(slopes: Slopes, sizes: Floats, logs: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the interval of log loss of one run: the residuals of all sizes about the statistic.

    Their width follows a line in log size; what the statistic may be off is added in quadrature.
    """
    draws = slopes.draws
    if draws is None:
        nothing = np.full(len(sizes), np.nan)
        return nothing, nothing
    u = log_ratio(sizes, float(slopes.observations.table.sizes[0]))
    line = np.polyfit(slopes.observations.u, np.log(np.maximum(draws.scales, _LEAST_SCALE)), 1)
    scale = np.exp(np.polyval(line, u))
    tails = np.array(_tails(draws.residuals, level))
    statistic = slopes.observations.statistic
    away = np.array([statistic.of_smoothed(s * draws.residuals, 1e-3 * s) for s in scale])
    low, high = scale * tails[0] - away, scale * tails[1] - away
    middle, below, above = logs
    return (
        middle - np.hypot(middle - below, np.minimum(low, 0)),
        middle + np.hypot(above - middle, np.maximum(high, 0)),
    )


def _tails(residuals: Floats, level: float) -> tuple[float, float]:
    """Return the quantiles between which a new residual falls: by rank, or if few, by Student."""
    from scipy.special import stdtrit

    tail, count = (1 - level) / 2, len(residuals)
    low, high = np.quantile(residuals, [tail, 1 - tail], method="weibull")
    if tail * (count + 1) < 1:
        half = float(stdtrit(count - 1, 1 - tail) * residuals.std(ddof=1) * np.sqrt(1 + 1 / count))
        low, high = min(low, -half), max(high, half)
    return float(low), float(high)
