"""What averaging narrow networks predicts for a wide one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from .._typing import Floats
from ..randomness import RandomSource, random_numbers
from ..threads import on_one_blas_thread
from ..validation import integer
from .inputs import NetworksLike, TaskLike, check_task, network_arrays
from .outliers import kept
from .outputs import best_constant_loss, error_rows

PARTITIONS = 20  # partitions into groups, pooled; more change the median by less than its error


@dataclass(frozen=True, eq=False)
class Averaging:
    """k networks of width N / k against one of width N. All losses are medians.

    Attributes
    ----------
    narrow, wide, k : int
        Widths; wide = k narrow.
    narrow_loss : float
    averaged : float
        Loss of the mean output of k networks of different seeds.
    uncorrelated : float
        sum_i l_i / k^2: what averaging would give if errors were unbiased and uncorrelated.
    observed : float
        Loss of trained networks of the wide width; NaN if there are none.
    synergy : float
        averaged / observed: above 1 if the wide network beats the ensemble.
    synergy_uncorrelated : float
        uncorrelated / observed.
    intervals : dict of str to (low, high)
        95 %, bootstrap over independent groups of seeds and over the wide networks' seeds.
    averaged_draws, uncorrelated_draws, observed_draws : (G,), (G,), (S,) float64
        The losses behind the medians. The first S // k of G are of disjoint groups of networks.
    """

    narrow: int
    wide: int
    k: int
    narrow_loss: float
    averaged: float
    uncorrelated: float
    observed: float
    synergy: float
    synergy_uncorrelated: float
    intervals: dict[str, tuple[float, float]]
    averaged_draws: Floats
    uncorrelated_draws: Floats
    observed_draws: Floats


@dataclass(frozen=True, eq=False)
class Ensembling:
    """All comparisons, by (narrow, wide).

    Attributes
    ----------
    rows : tuple of Averaging
        In the order of narrow, then k.
    """

    rows: tuple[Averaging, ...]

    def __getitem__(self, pair: tuple[int, int]) -> Averaging:
        """Return the comparison of (narrow, wide)."""
        for row in self.rows:
            if (row.narrow, row.wide) == pair:
                return row
        known = ", ".join(f"({row.narrow}, {row.wide})" for row in self.rows)
        raise KeyError(f"{pair} was not compared, but these were: {known}")


@on_one_blas_thread
def ensembling(
    nets_by_width: Mapping[int, NetworksLike],
    task: TaskLike,
    *,
    k: Iterable[int] = (2,),
    exclude: str | float = "dead",
    observed_only: bool = True,
    bootstrap: int = 1000,
    rng: RandomSource = 0,
) -> Ensembling:
    """Compare width N with the average of k networks of width N / k.

    Two predictions go by the name of ensembling: the loss of the averaged output, and the
    loss-level rule sum(l) / k^2, which holds for unbiased, uncorrelated errors only. With
    E_st = <r_s r_t> the first is sum_{s,t in group} E_st / k^2, so that a shared error stays.

    Parameters
    ----------
    nets_by_width : mapping of width to networks
        Of any number of outputs; errors count together, as in the loss.
    task : task
    k : sequence of int
        Group sizes, at least 2.
    exclude : {"none", "dead"} or float
        As in `bias_variance`.
    observed_only : bool
        Leave out comparisons without trained networks of the wide width.
    bootstrap : int
        Resamples behind the intervals.
    rng : int, SeedSequence or Generator
        Draws groups and resamples.

    Returns
    -------
    Ensembling

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, or no width has enough networks for a group.

    Examples
    --------
    >>> import ltens
    >>> task = ltens.Task.from_function("square", samples=50)
    >>> nets = {n: ltens.Networks.init(width=n, seeds=20) for n in (2, 4)}
    >>> row = ensembling(nets, task, exclude="none")[2, 4]
    >>> row.uncorrelated < row.averaged
    True
    """
    sizes = [integer(value, f"k[{i}]", minimum=2) for i, value in enumerate(k)]
    draws = integer(bootstrap, "bootstrap", minimum=1)
    generator = random_numbers(rng)
    if not isinstance(nets_by_width, Mapping) or not nets_by_width:
        raise TypeError(
            f"nets_by_width is {type(nets_by_width).__name__}, but must be a mapping of widths to "
            "networks, such as {10: nets10, 20: nets20}."
        )
    shared = {n: _shared_errors(nets_by_width[n], task, exclude) for n in sorted(nets_by_width)}
    rows = []
    for narrow, error in shared.items():
        for size in sizes:
            wide = shared.get(narrow * size)
            if len(error) < size or (wide is None and observed_only):
                continue
            observed = np.empty(0) if wide is None else np.diagonal(wide).copy()
            rows.append(_compare(narrow, size, error, observed, draws=draws, rng=generator))
    if not rows:
        raise ValueError(
            f"nets_by_width has the widths {sorted(nets_by_width)}, but must hold one and its "
            f"multiple by k = {sizes}, with at least k networks."
        )
    return Ensembling(tuple(rows))


def _shared_errors(nets: NetworksLike, task: TaskLike, exclude: str | float) -> Floats:
    """Return E_st = <r_s r_t> (S, S) of the networks that take part."""
    arrays = network_arrays(nets, several=True)
    x, y, q = check_task(arrays, task)
    residual = error_rows(arrays.predict(x) - y, q)
    losses = np.square(residual).sum(axis=1)
    residual = residual[kept(losses, best_constant_loss(y, q), exclude)]
    return np.asarray(residual @ residual.T)


def _compare(
    narrow: int,
    k: int,
    error: Floats,
    observed: Floats,
    *,
    draws: int,
    rng: np.random.Generator,
) -> Averaging:
    groups = [_groups(len(error), k, rng) for _ in range(PARTITIONS)]
    losses = np.diagonal(error)
    averaged = [_group_losses(error, chosen) for chosen in groups]
    rule = [losses[chosen].sum(axis=1) / k**2 for chosen in groups]
    wide = float(np.median(observed)) if len(observed) else np.nan
    top, low = float(np.median(np.concatenate(averaged))), float(np.median(np.concatenate(rule)))
    # The groups of one partition are independent draws; those of several are not.
    resampled = {
        "averaged": _medians(averaged[0], draws, rng),
        "uncorrelated": _medians(rule[0], draws, rng),
        "observed": _medians(observed, draws, rng),
    }
    resampled["synergy"] = resampled["averaged"] / resampled["observed"]
    resampled["synergy_uncorrelated"] = resampled["uncorrelated"] / resampled["observed"]
    return Averaging(
        narrow=narrow,
        wide=k * narrow,
        k=k,
        narrow_loss=float(np.median(losses)),
        averaged=top,
        uncorrelated=low,
        observed=wide,
        synergy=top / wide,
        synergy_uncorrelated=low / wide,
        intervals={name: _interval(values) for name, values in resampled.items()},
        averaged_draws=np.concatenate(averaged),
        uncorrelated_draws=np.concatenate(rule),
        observed_draws=observed,
    )


def _groups(count: int, k: int, rng: np.random.Generator) -> np.ndarray:
    """Return disjoint groups (count // k, k) of networks."""
    return rng.permutation(count)[: count // k * k].reshape(-1, k)


def _group_losses(error: Floats, groups: np.ndarray) -> Floats:
    """Return the loss of the averaged output of each group."""
    blocks = error[groups[:, :, np.newaxis], groups[:, np.newaxis, :]]
    return np.asarray(blocks.sum(axis=(1, 2)) / groups.shape[1] ** 2)


def _medians(values: Floats, draws: int, rng: np.random.Generator) -> Floats:
    if len(values) == 0:
        return np.full(draws, np.nan)
    chosen = rng.integers(0, len(values), size=(draws, len(values)))
    return np.asarray(np.median(values[chosen], axis=1))


def _interval(values: Floats) -> tuple[float, float]:
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)
