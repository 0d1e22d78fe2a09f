"""`compare`: mechanism or approximation? Every theory beside the exponents of a width sweep."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, TypedDict, Unpack, overload

import numpy as np
from numpy.typing import ArrayLike

from ...fitting import Law, RunTable
from ...fitting.fit_losses import fit_mean_power_law, fit_table
from ...fitting.loss_table import LossTable, tables_of
from ...fitting.observations import FEWEST_SIZES
from ...hints import hinting_keywords
from ...validation import positive, real, share
from .comparison_table import Comparison, TheoryRow
from .other_estimates import headline
from .predicted_exponents import EXCESS, WidthTheory, data_theories, width_theories

if TYPE_CHECKING:
    import xarray as xr

_FLOOR_SIZES = 5
_LEAST_DIMENSION = 1e-6  # 4/d is then 4e6, far from any exponent


class _CompareOptions(TypedDict, total=False):
    """The options of `compare`."""

    dimension: float | None
    limit: float | None
    data_law: Law | tuple[ArrayLike, ArrayLike] | None
    statistic: str | float
    smallest: float | None
    largest: float | None
    level: float


@overload
def compare(
    data: ArrayLike, losses: ArrayLike, **options: Unpack[_CompareOptions]
) -> Comparison: ...
@overload
def compare(
    data: xr.Dataset | RunTable, losses: None = None, **options: Unpack[_CompareOptions]
) -> Any: ...  # a Comparison or a dict of them: the data decide, which no type knows
@hinting_keywords
def compare(
    data: xr.Dataset | RunTable | ArrayLike,
    losses: ArrayLike | None = None,
    *,
    dimension: float | None = None,
    limit: float | None = None,
    data_law: Law | tuple[ArrayLike, ArrayLike] | None = None,
    statistic: str | float = "median",
    smallest: float | None = None,
    largest: float | None = None,
    level: float = 0.95,
) -> Comparison | dict[str, Comparison]:
    """Lay the predictions of every theory beside the exponents of a width sweep.

    4/d (as the exponent and as its lower bound) and 2/d of approximation theory and 1 of
    ensembling are tested on the loss itself, as a power law without a limit; 1 of variance-limited
    width on the loss less its limit, known or fitted. With a law over samples also the quantisation
    model's alpha_N / (1 + alpha_N) and alpha_D = alpha_N. Verdicts are those of `ltens.verdicts`.

    Parameters
    ----------
    data : xarray.Dataset, RunTable or (K,) array
        The result of `ltens.sweep` or `ltens.read_table`, or widths.
    losses : (K,) or (K, R) array, optional
        With arrays.
    dimension : float, optional
        d of the data; of a Dataset by default its attribute "dimension".
    limit : float, optional
        The known loss at infinite width.
    data_law : Law or (sizes, losses), optional
        Loss over samples, of the same task.
    statistic : str or float
        Over seeds, as for `ltens.fit`.
    smallest, largest : float, optional
        The range of widths.
    level : float
        Of the intervals.

    Returns
    -------
    Comparison
        Of arrays, and of a Dataset or table with one curve.
    dict of str to Comparison
        Of one with several, by their names.

    Raises
    ------
    TypeError
        If losses are missing or too many, or `data_law` is of another kind.
    ValueError
        If the dimension is not known, or fewer than 3 widths are in the range.

    Examples
    --------
    >>> N = np.array([4, 8, 16, 32, 64])
    >>> noise = np.random.default_rng(0).lognormal(sigma=0.1, size=(5, 40))
    >>> found = compare(N, noise / N[:, None], dimension=1)
    >>> found["ensembling"].verdict, found["approximation, piecewise linear"].verdict
    ('holds', 'contradicted')
    >>> found["ensembling"].sentence
    'claim 1 within 0.1: measured 1 [0.971, 1.04]: holds'
    """
    found = comparisons(
        data,
        losses,
        dimension=dimension,
        limit=limit,
        data_law=data_law,
        statistic=statistic,
        smallest=smallest,
        largest=largest,
        level=level,
    )
    return found if len(found) > 1 else next(iter(found.values()))


def comparisons(
    data: xr.Dataset | RunTable | LossTable | ArrayLike,
    losses: ArrayLike | None = None,
    *,
    dimension: float | None = None,
    limit: float | None = None,
    data_law: Law | tuple[ArrayLike, ArrayLike] | None = None,
    statistic: str | float = "median",
    smallest: float | None = None,
    largest: float | None = None,
    level: float = 0.95,
) -> dict[str, Comparison]:
    """Return what `compare` does by activation, "" where the data name none."""
    wanted = share(level, "level")
    if hasattr(data, "data_vars") and "width" not in getattr(data, "variables", ()):
        raise ValueError("data has no 'width', but must be the result of ltens.sweep.")
    low = -np.inf if smallest is None else real(smallest, "smallest")
    high = np.inf if largest is None else real(largest, "largest")
    call = "widths: compare(N, losses)"
    tables = tables_of(data, losses, call=call, between=(low, high))
    for table in tables.values():
        if (count := len(table.sizes)) < FEWEST_SIZES:
            raise ValueError(
                f"data has {count} width(s) from {low:g} to {high:g} with a finished network, but "
                f"a fit needs at least {FEWEST_SIZES}."
            )
    if dimension is None:
        dimension = getattr(data, "attrs", {}).get("dimension")
    return {
        name: _compared(
            table, dimension, limit=limit, data_law=data_law, statistic=statistic, level=wanted
        )
        for name, table in tables.items()
    }


def _compared(
    table: LossTable,
    dimension: float | None,
    *,
    limit: float | None,
    data_law: object,
    statistic: str | float,
    level: float,
) -> Comparison:
    if dimension is None:
        raise ValueError(
            "dimension is missing, but must be given: the data have no such attribute."
        )
    d = positive(dimension, "dimension")
    if d < _LEAST_DIMENSION:
        raise ValueError(f"dimension is {d}, but must be at least {_LEAST_DIMENSION:g}.")
    plain = fit_table(table, model="power_law", statistic=statistic, bootstrap=0)
    above = _above(table, plain, limit, statistic)
    rows = []
    for theory in width_theories(d):
        law = above if theory.quantity == EXCESS else plain
        if law is not None:
            rows.append(_tested(theory, law, level))
    notes = list(_notes(plain, above, limit))
    if data_law is not None:
        over = _data_law(data_law)
        rows += [_against_data(theory, plain, over, level) for theory in _expected(plain)]
    return Comparison(
        rows=tuple(rows),
        sizes=(float(plain.sizes[0]), float(plain.sizes[-1])),
        count=len(plain.sizes),
        dimension=d,
        statistic=plain.statistic,
        level=level,
        limit=limit,
        warnings=tuple(notes),
        label=plain.observations.table.label,
        loss=table.loss,
        headline=headline(table, statistic, plain, above, level),
    )


def _above(table: LossTable, plain: Law, limit: float | None, statistic: str | float) -> Law | None:
    if limit is not None:
        return fit_table(table, model="known_limit", limit=limit, statistic=statistic, bootstrap=0)
    if len(plain.sizes) < _FLOOR_SIZES:
        return None
    return fit_table(table, model="power_law_floor", statistic=statistic, bootstrap=0)


def _expected(plain: Law) -> tuple[WidthTheory, ...]:
    return data_theories(plain.exponent) if plain.exponent > 0 else ()


def _tested(theory: WidthTheory, law: Law, level: float) -> TheoryRow:
    """Test a predicted exponent by the profile likelihood."""
    from scipy.special import stdtrit

    kind = _kind(law)
    low, high = law.interval(level, kind)
    p = law.p_value(theory.predicted, kind)
    size = -float(stdtrit(law.degrees, max(p, 1e-300) / 2))
    t = math.copysign(size, law.exponent - theory.predicted)
    return _row(theory, law, (low, high), statistic=t, degrees=float(law.degrees), p=p)


def _against_data(theory: WidthTheory, plain: Law, over: Law, level: float) -> TheoryRow:
    """Test a prediction that has an error itself, by the normal distribution of the difference."""
    step = 1e-4 * plain.exponent
    changed = {t.name: t.predicted for t in data_theories(plain.exponent + step)}
    slope = (changed[theory.name] - theory.predicted) / step
    of_prediction = slope * _error(plain, level)
    error = math.hypot(_error(over, level), of_prediction)
    z = (over.exponent - theory.predicted) / max(error, 1e-300)
    p = math.erfc(abs(z) / math.sqrt(2))
    low, high = over.interval(level, _kind(over))
    room = of_prediction * _half_width(level)
    ends = (
        over.exponent - math.hypot(over.exponent - low, room),
        over.exponent + math.hypot(high - over.exponent, room),
    )
    return _row(theory, over, ends, statistic=z, degrees=math.inf, p=p)


def _error(law: Law, level: float) -> float:
    low, high = law.interval(level, _kind(law))
    return (high - low) / (2 * _half_width(level))


def _half_width(level: float) -> float:
    """Return half of an interval of this level, in standard errors."""
    return NormalDist().inv_cdf((1 + level) / 2)


def _row(
    theory: WidthTheory,
    law: Law,
    ends: tuple[float, float],
    *,
    statistic: float,
    degrees: float,
    p: float,
) -> TheoryRow:
    above = statistic >= 0
    return TheoryRow(
        theory=theory.name,
        quantity=theory.quantity,
        predicted=theory.predicted,
        exponent=law.exponent,
        low=ends[0],
        high=ends[1],
        statistic=statistic,
        degrees=degrees,
        p_value=(1 - p / 2 if above else p / 2) if theory.at_least else p,
        verdict=theory.claim.judge(ends),
        assumes=theory.assumes,
        source=theory.source,
        tolerance=theory.claim.tolerance,
        at_least=theory.at_least,
        law=law.model,
    )


def _notes(plain: Law, above: Law | None, limit: float | None) -> tuple[str, ...]:
    found = list(plain.warnings)
    if np.ptp(np.concatenate(plain.observations.table.losses)) == 0:
        found.append(
            "The losses do not vary, neither with size nor between seeds: an exponent of 0 without "
            "an error tests no theory."
        )
    if above is None:
        found.append(
            f"{len(plain.sizes)} sizes are too few to fit a limit: variance-limited width was not "
            "tested. Give the limit, or more widths."
        )
    elif limit is None:
        found.append(
            "The limit was fitted: the exponent above it rests on the range of widths as a whole."
        )
    return tuple(found)


def _kind(law: Law) -> str:
    return "profile" if law.has_interval else "residuals"


def _data_law(given: object) -> Law:
    if isinstance(given, Law):
        return given
    if not isinstance(given, tuple) or len(given) != 2:
        raise TypeError(
            f"data_law is a {type(given).__name__}, but must be a Law or (sizes, losses)."
        )
    return fit_mean_power_law(*given)
