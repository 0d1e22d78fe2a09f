"""The function `ltens.fit`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..validation import integer, one_of
from .law import Law
from .power_law import fit_power_law
from .resampling import STATISTICS, resample_statistic
from .table import LossTable, from_arrays, from_dataset

if TYPE_CHECKING:
    import xarray as xr

_FEWEST_SIZES = 3  # two points lie on a line whatever the law


def fit(
    data: xr.Dataset | ArrayLike,
    losses: ArrayLike | None = None,
    *,
    statistic: str = "median",
    bootstrap: int = 1000,
    rng: int | np.random.SeedSequence | np.random.Generator = 0,
) -> Law | dict[str, Law]:
    """Fit loss = amplitude * N^(-exponent) to the statistic of the losses over seeds.

    Least squares in log-log; the interval is a percentile bootstrap over seeds, each size
    resampled on its own. Diverged and unfinished networks of a Dataset are left out and counted.

    Parameters
    ----------
    data : xarray.Dataset or (W,) array
        The result of `ltens.sweep`, or sizes.
    losses : (W,) or (W, S) array, optional
        Losses at the sizes, one column for each seed; with arrays only.
    statistic : {"median", "mean"}
        Taken over the seeds.
    bootstrap : int
        Number of resamples; 0 for none.
    rng : int, SeedSequence or Generator
        Draws the resamples.

    Returns
    -------
    Law
        Of arrays, and of a Dataset with one activation.
    dict of str to Law
        Of a Dataset with several activations, by their names.

    Raises
    ------
    TypeError
        If `data` is arrays and `losses` is missing, or the other way round.
    ValueError
        If there are fewer than 3 sizes, a size or loss is not positive, or one is NaN.

    Examples
    --------
    >>> import numpy as np
    >>> noise = np.random.default_rng(1).lognormal(sigma=0.1, size=(4, 50))
    >>> law = fit([1, 10, 100, 1000], noise * [[1.0], [0.1], [0.01], [0.001]])
    >>> low, high = law.interval()
    >>> low < 1.0 < high
    True
    """
    one_of(statistic, tuple(STATISTICS), "statistic")
    resamples = integer(bootstrap, "bootstrap", minimum=0, maximum=10_000_000)
    generator = np.random.default_rng(rng)
    if not hasattr(data, "data_vars"):
        if losses is None:
            raise TypeError(
                "losses is missing, but must be given with sizes: fit(sizes, losses), or "
                "fit(dataset) for the result of ltens.sweep."
            )
        return _fit_table(from_arrays(data, losses), statistic, resamples, generator)
    if losses is not None:
        raise TypeError("losses is given, but data is a Dataset, which holds its own losses.")
    ds: xr.Dataset = data  # type: ignore[assignment]
    if "activation" not in ds.dims:
        return _fit_table(from_dataset(ds), statistic, resamples, generator)
    laws = {
        str(name): _fit_table(from_dataset(ds.isel(activation=i)), statistic, resamples, generator)
        for i, name in enumerate(ds["activation"].values)
    }
    return laws if len(laws) > 1 else next(iter(laws.values()))


def _fit_table(table: LossTable, statistic: str, resamples: int, rng: np.random.Generator) -> Law:
    """Fit one table."""
    _check(table)
    losses = np.array([STATISTICS[statistic](row) for row in table.losses])
    exponent, amplitude = fit_power_law(table.sizes, losses)
    samples = np.array([len(row) for row in table.losses], dtype=np.int64)
    resampled: NDArray[np.float64] = np.empty((0, 2))
    if resamples and samples.min() > 1:
        draws = resample_statistic(table.losses, statistic, resamples, rng)
        resampled = np.stack(fit_power_law(table.sizes, draws), axis=1)
    return Law(
        exponent=float(exponent),
        amplitude=float(amplitude),
        sizes=table.sizes,
        losses=losses,
        samples=samples,
        excluded=table.excluded,
        statistic=statistic,
        bootstrap=resampled,
    )


def _check(table: LossTable) -> None:
    """Raise ValueError unless a line can be drawn through the logarithms."""
    sizes = np.unique(table.sizes)
    if len(sizes) < _FEWEST_SIZES:
        raise ValueError(
            f"data has {len(sizes)} width(s) with a finished network, but a fit needs at least "
            f"{_FEWEST_SIZES}."
        )
    if not (np.isfinite(table.sizes).all() and sizes[0] > 0):
        raise ValueError(f"sizes holds {sizes[0]}, but every size must be positive and finite.")
    for size, row in zip(table.sizes, table.losses, strict=True):
        if row.min() <= 0:
            raise ValueError(
                f"losses holds {row.min()} at size {size:g}, but every loss must be positive to "
                "have a logarithm."
            )
