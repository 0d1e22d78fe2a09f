"""Bias, variance and correlation of the errors over seeds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import stats

from .._typing import Floats
from ..threads import on_one_blas_thread
from .inputs import NetworksLike, TaskLike, check_task, network_arrays
from .outliers import kept
from .outputs import best_constant_loss, error_rows
from .squared_mean import squared_mean


@dataclass(frozen=True, eq=False)
class BiasVariance:
    """What the error of a network shares with other seeds, and what it does not.

    With r_s(x) = f_s(x) - y(x), <.> the task's weighted mean and E_st = <r_s r_t>:

    * mean loss = mean_s E_ss = bias2 + variance,
    * bias2 = mean_{s != t} E_st, the unbiased estimate of <(E_seed f - y)^2> (it may be negative),
    * correlation = mean_{s != t} E_st / sqrt(E_ss E_tt), the mean correlation of two seeds' errors.

    Several outputs are summed over, as in the loss.

    Attributes
    ----------
    bias2, variance, loss, share, correlation : float
        `share` is bias2 / loss.
    intervals : dict of str to (low, high)
        Of these five, 95 %: Student's t with the jackknife over seeds. Those of bias2, share and
        correlation, none of which can be negative, also hold what inverting a test does not
        reject (`ltens.tickets.squared_mean`): a low of 0 says that there may be none, and the high
        is then a bound.
    errors : dict of str to float
        Their jackknife standard errors.
    bias2_x, variance_x : (D,) float64
        The same at every sample.
    bias_x : (D,) float64
        Mean over seeds of f - y; (D, C) of several outputs.
    x : (D, d) float64
    covariance : (S, S) float64
        E_st of the networks that took part.
    seeds : int
        How many took part.
    excluded : int
        How many did not, by the rule.
    """

    bias2: float
    variance: float
    loss: float
    share: float
    correlation: float
    intervals: dict[str, tuple[float, float]]
    errors: dict[str, float]
    bias2_x: Floats
    variance_x: Floats
    bias_x: Floats
    x: Floats
    covariance: Floats
    seeds: int
    excluded: int

    @cached_property
    def correlations(self) -> Floats:
        """(S, S): E_st / sqrt(E_ss E_tt)."""
        return _cosines(self.covariance)


@on_one_blas_thread
def bias_variance(
    nets: NetworksLike, task: TaskLike, *, exclude: str | float = "dead"
) -> BiasVariance:
    """Split the mean loss over seeds into squared bias and variance.

    If the loss came from averaging N independent, unbiased tickets, bias2 and correlation would be
    zero and the variance would fall as 1/N (Liu & Tegmark 2023); error that independent seeds
    share speaks for another mechanism.

    Parameters
    ----------
    nets : networks
        S networks of different seeds, at least 3 after the exclusion; of any number of outputs.
    task : task
        Where errors are taken, with its weights.
    exclude : {"none", "dead"} or float
        "dead" leaves out networks with a loss above half the target's variance; a number leaves
        out, besides these, networks with a loss above so many times the median.

    Returns
    -------
    BiasVariance

    Raises
    ------
    TypeError, ValueError
        If `nets` or `task` is of the wrong kind, the rule is unknown or leaves too few networks.

    Examples
    --------
    >>> import ltens
    >>> task = ltens.Task.from_function("square", samples=50)
    >>> nets = ltens.Networks.init(width=5, seeds=40)
    >>> split = bias_variance(nets, task, exclude="none")
    >>> abs(split.bias2 + split.variance - split.loss) < 1e-12
    True
    """
    arrays = network_arrays(nets, several=True)
    x, y, q = check_task(arrays, task)
    residual = arrays.predict(x) - y
    losses = np.square(residual).reshape(len(residual), len(x), -1).sum(axis=2) @ q
    stay = kept(losses, best_constant_loss(y, q), exclude)
    residual = residual[stay]
    if len(residual) < 3:
        raise ValueError(
            f"nets has {len(residual)} network(s) left by exclude={exclude!r}, but must have at "
            "least 3."
        )
    return from_residuals(residual, q, x, excluded=int(np.sum(~stay)))


def from_residuals(residual: Floats, q: Floats, x: Floats, *, excluded: int = 0) -> BiasVariance:
    """Return the split of residuals (S, D) or (S, D, C) with weights q (D,) that sum to one."""
    count = len(residual)
    scaled = error_rows(residual, q)
    covariance = scaled @ scaled.T
    values, errors = _jackknife(covariance)
    mean, variance_x = residual.mean(axis=0), residual.var(axis=0, ddof=1)
    return BiasVariance(
        **values,
        intervals=_intervals(values, errors, covariance),
        errors=errors,
        bias2_x=(mean**2 - variance_x / count).reshape(len(q), -1).sum(axis=1),
        variance_x=variance_x.reshape(len(q), -1).sum(axis=1),
        bias_x=mean,
        x=x,
        covariance=covariance,
        seeds=count,
        excluded=excluded,
    )


def _intervals(
    values: dict[str, float], errors: dict[str, float], covariance: Floats
) -> dict[str, tuple[float, float]]:
    """Return 95 % intervals; both kinds together where the estimate is no sum over seeds."""
    width = float(stats.t.ppf(0.975, len(covariance) - 1))
    found = {k: (v - width * errors[k], v + width * errors[k]) for k, v in values.items()}
    whole, aligned = squared_mean(covariance), squared_mean(_cosines(covariance))
    tested = {
        "bias2": (*whole["squared"], np.inf),
        "share": (*whole["share"], 1.0),
        "correlation": (*aligned["squared"], 1.0),
    }
    for name, (low, high, most) in tested.items():
        ends = max(0.0, min(low, found[name][0])), min(most, max(high, found[name][1]))
        found[name] = (float(ends[0]), float(ends[1]))
    return found


def _jackknife(covariance: Floats) -> tuple[dict[str, float], dict[str, float]]:
    """Return the estimates and their standard errors, seeds left out one at a time."""
    count = len(covariance)
    cosines = _cosines(covariance)
    own = np.diagonal(covariance)
    shared, aligned = covariance.sum(axis=1) - own, cosines.sum(axis=1) - np.diagonal(cosines)

    def estimates(n: int, loss: Floats, pairs: Floats, cosine: Floats) -> dict[str, Floats]:
        bias2 = pairs / (n * (n - 1))
        mean = loss / n
        return {
            "bias2": bias2,
            "variance": mean - bias2,
            "loss": mean,
            "share": bias2 / np.where(mean > 0, mean, 1.0),
            "correlation": cosine / (n * (n - 1)),
        }

    totals = own.sum(), shared.sum(), aligned.sum()
    full = estimates(count, *(np.asarray(t) for t in totals))
    without = estimates(count - 1, totals[0] - own, totals[1] - 2 * shared, totals[2] - 2 * aligned)
    errors = {
        k: float(np.sqrt((count - 1) * np.mean((v - v.mean()) ** 2))) for k, v in without.items()
    }
    return {k: float(v) for k, v in full.items()}, errors


def _cosines(covariance: Floats) -> Floats:
    size = np.sqrt(np.diagonal(covariance))
    size = np.where(size > 0, size, 1.0)
    return np.asarray(covariance / size[:, np.newaxis] / size)
