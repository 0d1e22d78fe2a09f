"""The function `ltens.fit_histories`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from ...randomness import RandomSource, seed_of
from ...validation import not_negative
from ..run_table import RunTable
from .dataset import from_dataset
from .discarding import SHARES, STABLE, after_warmup, check_discard, exponents_of, steady, tried
from .law import HistoryLaw
from .table import from_columns

if TYPE_CHECKING:
    import xarray as xr


def fit_histories(
    data: xr.Dataset | RunTable | Mapping[str, ArrayLike],
    losses: ArrayLike | str = "loss",
    *,
    time: str = "step",
    runs: ArrayLike | str = "run",
    sizes: Iterable[str] | str | None = None,
    discard: float | str = STABLE,
    warmup: float | None = None,
    limit: float | None = None,
    huber: float | None = None,
    bootstrap: int = 1000,
    rng: RandomSource = 0,
) -> HistoryLaw:
    """Fit loss = E + sum_i A_i / x_i^alpha_i + A_t / t^alpha_t to the checkpoints of trainings.

    A surface of `ltens.fit_surface` whose last variable is the step t. Checkpoints of one training
    miss it together, so whole trainings are what intervals, resamples and tests count.

    Parameters
    ----------
    data : xarray.Dataset, mapping of str to (R,) array, or RunTable
        A sweep with ``history``, of one curve; columns with a row for each checkpoint, also as a
        DataFrame; or a table of `ltens.read_table` with the step among its `columns` and trainings
        as its curves.
    losses : (R,) array or str
        Of columns only.
    time : str
        The column of the steps (tokens, samples); of a Dataset, what they are called.
    runs : (R,) array or str
        Which training a row belongs to; of columns only.
    sizes : iterable of str, optional
        What each training has one value of: columns (by default all that are left), or axes of the
        Dataset (by default the width).
    discard : "stable" or float
        How much of the beginning to leave out, as a share of each training's range of log steps:
        kept are the steps t >= first (last / first)^share. "stable" takes the smallest of 0, 0.1,
        ... 0.6 from which on no exponent moves as more is left out (`HistoryLaw.tried`).
    warmup : float, optional
        Checkpoints up to this step are left out, before the share is counted; by default that of
        the sweep's training, else 0.
    limit : float, optional
        The known E, at least 0; fitted by default.
    huber : float, optional
        Threshold on |log residual| beyond which it counts linearly, as in `ltens.fit_surface`; by
        default least squares, whose intervals by training hold what they say.
    bootstrap : int
        Number of resamples of whole trainings.
    rng : int, SeedSequence or Generator
        Draws the resamples.

    Returns
    -------
    HistoryLaw

    Raises
    ------
    TypeError
        If `data` is none of these, or a column holds no numbers.
    ValueError
        If a loss is not positive or finite, a step negative or twice in a training, a training has
        fewer than two checkpoints or two values of a size, there is one training only; if a Dataset
        holds several curves or no history; and as `ltens.fit_surface` raises.

    Examples
    --------
    >>> import numpy as np
    >>> n, seed, t = np.meshgrid([8, 16, 32, 64], [0, 1, 2], np.geomspace(10, 1e4, 20))
    >>> run = [f"{a:g}/{b:g}" for a, b in zip(n.ravel(), seed.ravel())]
    >>> loss = 0.1 + 2 / n**0.8 + 3 / t**0.5
    >>> law = fit_histories({"width": n.ravel(), "step": t.ravel()}, loss.ravel(), runs=run)
    >>> {name: round(value, 6) for name, value in law.exponents.items()}
    {'width': 0.8, 'step': 0.5}
    >>> law.share
    0.0
    """
    share = check_discard(discard)
    if hasattr(data, "data_vars"):
        table = from_dataset(data, time, sizes)  # type: ignore[arg-type] # a Dataset
    else:
        table = from_columns(data, losses, time, runs, sizes)
    risen = table.warmup if warmup is None else not_negative(warmup, "warmup")
    rows = after_warmup(table, risen)
    options = {"limit": limit, "huber": huber, "bootstrap": bootstrap}
    seed = seed_of(rng)
    shares = SHARES if isinstance(share, str) else (share,)
    fits = tried(table, rows, {**options, "rng": seed}, shares)
    chosen = steady([exponents_of(each.law) for each in fits])
    return HistoryLaw(table, rows, risen, tuple(fits), chosen, given=not isinstance(share, str))
