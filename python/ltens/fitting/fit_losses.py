"""The function `ltens.fit`, and the same for one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict, Unpack, overload

import numpy as np
from numpy.typing import ArrayLike

from ..hints import hinting_keywords
from ..randomness import RandomSource, seed_of
from ..validation import integer, one_of, positive, real
from ..words import plural
from .agreement import longest_agreement
from .almost_equal import tolerance_of
from .comparison import Candidate, candidate
from .law import Law
from .loss_table import LossTable, size_range, tables_of
from .model_choice import has_limit, is_shallow, possible
from .models import MODELS, FixedExponent, KnownLimit, Model
from .models.base import DEEPEST
from .observations import Observations, observe
from .pooling import pooled
from .run_table import RunTable
from .slopes import Slopes
from .statistic import Quantile, Statistic, statistic_named

if TYPE_CHECKING:
    import xarray as xr

DIVERGED = ("exclude", "infinite")


class _TableOptions(TypedDict, total=False):
    """The options of `fit_table`."""

    model: str
    statistic: str | float
    exponent: float | None
    limit: float | None
    huber: float | None
    bootstrap: int
    rng: RandomSource


class _FitOptions(_TableOptions, total=False):
    """The options of `fit`."""

    sizes: tuple[float | None, float | None] | None
    loss: str
    size: str
    diverged: str
    tolerance: float | None


@overload
def fit(data: ArrayLike, losses: ArrayLike, **options: Unpack[_FitOptions]) -> Law: ...
@overload
def fit(data: LossTable, losses: None = None, **options: Unpack[_FitOptions]) -> Law: ...
@overload
def fit(
    data: xr.Dataset | xr.DataArray | RunTable, losses: None = None, **options: Unpack[_FitOptions]
) -> Any: ...  # a Law or a dict of them: the data decide, which no type knows
@hinting_keywords
def fit(
    data: xr.Dataset | xr.DataArray | RunTable | LossTable | ArrayLike,
    losses: ArrayLike | None = None,
    *,
    sizes: tuple[float | None, float | None] | None = None,
    loss: str = "loss",
    size: str = "width",
    model: str = "auto",
    statistic: str | float = "median",
    exponent: float | None = None,
    limit: float | None = None,
    huber: float | None = None,
    diverged: str = "exclude",
    tolerance: float | None = None,
    bootstrap: int = 1000,
    rng: RandomSource = 0,
) -> Law | dict[str, Law]:
    """Fit a scaling law to the statistic of the losses over seeds, against any size.

    The residuals are those of the logarithms, weighted by the statistic's own variance over seeds
    and by the scatter about the law beyond it. Starting values come from a grid; none are needed.

    Parameters
    ----------
    data : xarray.Dataset, xarray.DataArray, RunTable or (W,) array
        The result of `ltens.sweep` or one variable of it, that of `ltens.read_table`, or sizes:
        widths, parameters, samples, steps.
    losses : (W,) or (W, S) array, optional
        Losses at the sizes, one column for each seed; with arrays only. A size that stands more
        than once has so many more seeds.
    sizes : (float, float), optional
        Smallest and largest size to fit; either may be None.
    loss : str
        The variable of a Dataset that holds the losses, such as "held_out_loss".
    size : str
        The dimension of a Dataset that is the size, such as "samples"; each combination of the
        others has a law of its own.
    model : str
        "power_law" A N^(-alpha), "power_law_floor" E + A N^(-alpha), "broken_power_law" and
        "twice_broken_power_law", "fixed_exponent" (with `exponent`), "known_limit" (with `limit`),
        or "auto": the power law with a floor (without one below 5 sizes) over the longest range up
        to the largest size where it holds; "none" if it holds nowhere.
    statistic : {"median", "mean", "geometric_mean"} or float
        Taken over the seeds; a number in (0, 1) is that quantile.
    exponent : float, optional
        The exponent of "fixed_exponent".
    limit : float, optional
        The known loss at infinite size of "known_limit", at least 0.
    huber : float, optional
        Huber's function instead of squares, beyond this |log residual|: for data with outliers.
    diverged : {"exclude", "infinite"}
        Diverged networks of a Dataset or runs of a table are left out, or count as infinite losses
        (of a median or another quantile). They are counted in any case.
    tolerance : float, optional
        Sizes that differ relatively by no more are one size with the losses of all, as numbers read
        off a picture are; by default 0 if all sizes are whole numbers, else 1e-6.
    bootstrap : int
        Number of resamples of ``interval(method="bootstrap")``; 0 for none.
    rng : int, SeedSequence or Generator
        Draws the resamples.

    Returns
    -------
    Law
        Of arrays, and of a Dataset or table with one curve.
    dict of str to Law
        Of a Dataset or table with several curves, by names such as "silu" and "silu, lr=0.001".

    Raises
    ------
    TypeError
        If `data` is arrays and `losses` is missing, or the other way round.
    ValueError
        If there are fewer than 3 different sizes, or fewer than the model has parameters; a size
        or loss is not positive, or one is NaN; an argument does not go with the model.

    Examples
    --------
    >>> import numpy as np
    >>> noise = np.random.default_rng(1).lognormal(sigma=0.1, size=(7, 50))
    >>> sizes = np.array([1, 2, 4, 8, 16, 32, 64])
    >>> law = fit(sizes, noise * (1 / sizes + 0.01)[:, None])
    >>> low, high = law.interval()
    >>> law.holds, law.model, low < 1.0 < high
    (True, 'power_law_floor', True)
    >>> bent = fit(sizes, noise * (sizes**-2.0 * (1 + sizes / 8) ** 1.5)[:, None])
    >>> bent.holds, [piece.range for piece in bent.pieces]
    (False, [(1.0, 4.0), (4.0, 16.0), (16.0, 64.0)])
    """
    between = size_range(sizes)
    request = _request(
        model=model,
        statistic=statistic,
        exponent=exponent,
        limit=limit,
        huber=huber,
        bootstrap=bootstrap,
        rng=rng,
    )
    one_of(diverged, DIVERGED, "diverged")
    if diverged == "infinite" and not isinstance(request.statistic, Quantile):
        raise ValueError(
            f"diverged is 'infinite', but the {request.statistic.name} of an infinite loss is "
            "infinite: use statistic='median' or another quantile."
        )
    tables = tables_of(
        data,
        losses,
        call="sizes: fit(sizes, losses), or fit(dataset) for the result of ltens.sweep",
        diverged=diverged,
        between=between,
        variable=loss,
        tolerance=tolerance_of(tolerance),
        size=size,
    )
    laws = {name: request.law(table) for name, table in tables.items()}
    return laws if len(laws) > 1 else next(iter(laws.values()))


def fit_table(table: LossTable, **options: Unpack[_TableOptions]) -> Law:
    """Fit a scaling law to one table of losses, with the options of `fit`."""
    return _request(**options).law(table)


def fit_mean_power_law(sizes: ArrayLike, losses: ArrayLike) -> Law:
    """Fit a power law without a floor to the mean over draws: the law that theories speak of.

    Parameters
    ----------
    sizes : (W,) array
    losses : (W,) or (W, draws) array

    Examples
    --------
    >>> law = fit_mean_power_law([1, 2, 4], [[4.0, 4.1], [2.0, 2.1], [1.0, 1.1]])
    >>> round(law.exponent, 2)
    0.97
    """
    return fit(sizes, losses, model="power_law", statistic="mean")


@dataclass(frozen=True)
class _Request:
    """What to fit, checked."""

    statistic: Statistic
    model: Model | None
    huber: float | None
    resamples: int
    seed: int

    def law(self, table: LossTable) -> Law:
        slopes = Slopes(observe(pooled(table), self.statistic), self.seed)
        rest = (self.resamples, self.seed, self.huber)
        if self.model is not None:
            fitted, rivals = _fitted(slopes.observations, self.model, self.huber)
            return Law(slopes, fitted, rivals, *rest, asked=True)
        found = longest_agreement(slopes.observations, slopes.variances, self.huber)
        if found is None:
            return Law(slopes, None, (), *rest)
        part = slopes.observations.part(found.start, len(slopes.observations.losses))
        others = tuple(each for each in possible(part) if each.name != found.chosen.model.name)
        return Law(slopes, found.chosen, others, *rest, start=found.start)


def _request(
    *,
    model: str = "auto",
    statistic: str | float = "median",
    exponent: float | None = None,
    limit: float | None = None,
    huber: float | None = None,
    bootstrap: int = 1000,
    rng: RandomSource = 0,
) -> _Request:
    return _Request(
        statistic=statistic_named(statistic),
        model=_model(model, exponent, limit),
        huber=None if huber is None else positive(huber, "huber"),
        resamples=integer(bootstrap, "bootstrap", minimum=0, maximum=10_000_000),
        seed=seed_of(rng),
    )


def _model(name: str, exponent: float | None, limit: float | None) -> Model | None:
    """Return the model of that name with its constants; None for "auto"."""
    one_of(name, ("auto", *MODELS), "model")
    for argument, value, owner in (
        ("exponent", exponent, FixedExponent.name),
        ("limit", limit, KnownLimit.name),
    ):
        if value is not None and name != owner:
            raise ValueError(
                f"{argument} is {value}, but model {name!r} has no use for it: it goes with "
                f"model={owner!r}."
            )
        if value is None and name == owner:
            raise ValueError(f"{argument} is missing, but must be given with model={owner!r}.")
    if name == FixedExponent.name:
        return FixedExponent(real(exponent, "exponent"))
    if name == KnownLimit.name:
        known = real(limit, "limit")
        if known < 0:
            raise ValueError(f"limit is {known}, but must be at least 0.")
        return KnownLimit(known)
    return None if name == "auto" else MODELS[name]


def _fitted(
    observations: Observations, model: Model, huber: float | None
) -> tuple[Candidate, tuple[Model, ...]]:
    """Return the fit of the model and what to compare it with."""
    sizes, needed = len(observations.losses), len(model.parameter_names)
    if sizes < needed:
        raise ValueError(
            f"model is {model.name!r}, which has {needed} parameters, but data has {sizes} "
            f"different {plural(observations.table.label)}: it needs at least {needed}."
        )
    if has_limit(model) and not is_shallow(observations):
        decades = float(np.ptp(observations.y)) / np.log(10)
        raise ValueError(
            f"model is {model.name!r}, but the losses span {decades:.0f} decades, beside which no "
            f"limit can be seen: it takes less than {DEEPEST / np.log(10):.0f}; use 'power_law'."
        )
    if isinstance(model, KnownLimit) and (observations.losses <= model.limit).mean() > 0.5:
        raise ValueError(
            f"limit is {model.limit:g}, but most of the losses are not above it: the largest is "
            f"{observations.losses.max():g}."
        )
    rivals = tuple(each for each in possible(observations) if each.name != model.name)
    return candidate(model, observations, huber), rivals
