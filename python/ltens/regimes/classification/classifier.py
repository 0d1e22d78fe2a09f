"""`classify`: variance-limited, resolution-limited, a crossover, neither, or not to be told.

Variance-limited means L - L(inf) proportional to 1/x, resolution-limited L itself proportional to
x^(-alpha) (Bahri et al., arXiv 2102.06701, section 2). The rules, in their order, stand in
docs/guide/regimes.md; how often they are right, too: ``python -m ltens.regimes``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ..._typing import Floats
from ...fitting.comparison import Candidate
from ...fitting.loss_table import LossTable, size_range, tables_of
from ...fitting.observations import Observations, observe
from ...fitting.pooling import pooled
from ...fitting.run_table import RunTable
from ...hints import hinting_keywords
from ...validation import real, share
from .curve_evidence import Evidence
from .curve_warnings import warnings_of
from .law_verdict import verdict_by_laws
from .shape import shape_of
from .tails import statistic_of
from .verdict import Classification, Rival

if TYPE_CHECKING:
    import xarray as xr

_FEWEST = {True: 4, False: 5}  # sizes, by whether the limit is known: two more than exponent needs

_FITTED = (
    "The limit was fitted: a limit and an exponent can make up for each other over a short range.",
)

Finding = tuple[str, str]


@hinting_keywords
def classify(
    x: xr.Dataset | RunTable | LossTable | ArrayLike,
    loss: ArrayLike | str | None = None,
    limit: float | None = None,
    *,
    size: str = "width",
    irreducible: float = 0.0,
    statistic: str | float = "auto",
    sizes: tuple[float | None, float | None] | None = None,
    level: float = 0.95,
) -> Classification:
    """Tell which scaling regime a curve is in.

    Variance-limited: L - L(inf) falls as 1/x, whatever the data. Resolution-limited: L itself falls
    as a power whose exponent depends on the data. A crossover goes from one law to another, or from
    its law to its limit, within the sizes: its exponent changes. Neither is a clear law of another
    kind, or a curve that does not fall. A verdict is given only if the data exclude the curves of
    every other regime; else it is "undecided", and the reason names what agrees with the data.

    Parameters
    ----------
    x : (K,) array, xarray.Dataset or RunTable
        Sizes (samples, parameters, widths), at least 4, 5 if the limit is not known; or the result
        of `ltens.sweep` for one activation, or one curve of `ltens.read_table`.
    loss : (K,) or (K, R) array, or str, optional
        Losses at the sizes, R replicates of each; of a Dataset the name of its variable, "loss" by
        default.
    limit : float, optional
        The known loss at infinite x, everything else as it is: from theory, a linearised twin, or a
        size far beyond. Without it the limit is fitted, which costs most of the certainty.
    size : str
        The dimension of a Dataset that is the size, such as "samples".
    irreducible : float
        Loss that no model can lower (noise of the targets), taken off losses and limit: the
        resolution-limited law is one of what is above it.
    statistic : str or float
        Over replicates, as for `ltens.fit`; "auto" is the mean, of which the theory speaks, unless
        the tails of the replicates are so heavy that it has no standard error: then the median,
        with a warning.
    sizes : (float or None, float or None), optional
        Smallest and largest size to look at.
    level : float
        Of the intervals.

    Returns
    -------
    Classification

    Raises
    ------
    TypeError
        If `loss` is missing with arrays, or given as an array with a Dataset.
    ValueError
        If there are fewer than 3 different sizes, a loss is not positive (above `irreducible`), the
        limit is negative, or no loss is above it.

    Examples
    --------
    >>> import numpy as np
    >>> from ltens.regimes import classify
    >>> D, P = np.array([40, 80, 160, 320, 640, 1280]), 12  # random features, Gaussian data
    >>> loss = 0.02 * (1 + P / (D - P - 1))
    >>> classify(D, loss, limit=0.02).verdict
    'variance-limited'
    >>> noise = np.random.default_rng(0).lognormal(sigma=0.02, size=(6, 10))
    >>> classify(D, noise * D[:, None] ** -0.5).verdict
    'resolution-limited'
    """
    table = _table(x, loss, sizes, size)
    taken = real(irreducible, "irreducible")
    reduced, wanted = _reduced(table, taken), share(level, "level")
    chosen, tail = statistic_of(reduced, statistic)
    observations = observe(reduced, chosen)
    known = None if limit is None else _known_limit(limit, taken, observations)
    evidence = Evidence(observations, known, wanted)
    said = warnings_of(evidence, tail)
    if evidence.sizes < _FEWEST[known is not None]:
        return _classification(evidence, _too_few(evidence), said, lawful=False, irreducible=taken)
    strange = shape_of(observations).finding(evidence.slope)
    found = strange or verdict_by_laws(evidence)
    return _classification(evidence, found, said, lawful=strange is None, irreducible=taken)


def _too_few(evidence: Evidence) -> Finding:
    needed = _FEWEST[evidence.limit is not None]
    kind = "known" if evidence.limit is not None else "unknown"
    return "undecided", (
        f"{evidence.sizes} sizes cannot tell the regimes apart: with {kind} limit it takes at "
        f"least {needed}."
    )


def _table(
    x: xr.Dataset | RunTable | LossTable | ArrayLike,
    loss: ArrayLike | str | None,
    sizes: tuple[float | None, float | None] | None,
    size: str,
) -> LossTable:
    variable = "loss"
    if isinstance(loss, str) and hasattr(x, "data_vars"):
        variable, loss = _variable(x, loss), None  # type: ignore[arg-type]
    tables = tables_of(
        x,
        loss,
        names=("x", "loss"),
        call="sizes: classify(x, loss)",
        between=size_range(sizes),
        variable=variable,
        size=size,
    )
    if len(tables) > 1 and isinstance(x, RunTable):
        raise ValueError(
            f"x holds the curves {', '.join(tables)}, but must hold one: take one of them, such as "
            f"table.curves[{next(iter(tables))!r}]."
        )
    if len(tables) > 1:
        raise ValueError(
            f"x holds {len(tables)} curves ({'; '.join(list(tables)[:3])}, ...), but must hold "
            "one: select one of each other axis, such as data.sel(activation='silu')."
        )
    return pooled(next(iter(tables.values())))


def _variable(ds: xr.Dataset, name: str) -> str:
    """Return the name of a variable of the Dataset."""
    if name not in ds.data_vars:
        raise ValueError(
            f"loss is {name!r}, but must be a variable of the Dataset: "
            f"{', '.join(map(repr, ds.data_vars))}."
        )
    return name


def _reduced(table: LossTable, irreducible: float) -> LossTable:
    """Return the table with the irreducible loss taken off."""
    if irreducible == 0:
        return table
    if irreducible < 0:
        raise ValueError(f"irreducible is {irreducible}, but must be at least 0.")
    means = [float(np.mean(row)) for row in table.losses]
    if min(float(row.min()) for row in table.losses) <= irreducible:
        raise ValueError(
            f"irreducible is {irreducible:g}, but must be below every loss: the lowest mean is "
            f"{min(means):g}, the lowest loss {min(row.min() for row in table.losses):g}."
        )
    rows = tuple(row - irreducible for row in table.losses)
    return replace(table, losses=rows)


def _known_limit(limit: float, irreducible: float, observations: Observations) -> float:
    value = real(limit, "limit")
    if value < irreducible:
        raise ValueError(f"limit is {limit}, but must be at least {irreducible:g}.")
    known = value - irreducible
    if (observations.losses <= known).all():
        raise ValueError(
            f"limit is {limit:g}, but no loss is above it: the largest is "
            f"{observations.losses.max() + irreducible:g}."
        )
    return known


def _classification(
    evidence: Evidence,
    found: Finding,
    said: tuple[str, ...],
    *,
    lawful: bool,
    irreducible: float,
) -> Classification:
    observations = evidence.observations
    variances: Floats | None = observations.variances
    return Classification(
        verdict=found[0],
        reason=found[1],
        slope=evidence.slope,
        above=evidence.above if lawful else None,
        p_one=evidence.p_one if lawful else float("nan"),
        limit=evidence.floor if lawful else evidence.limit,
        limit_known=evidence.limit is not None,
        shares=evidence.shares() if lawful else (float("nan"), float("nan")),
        rivals=_rivals(evidence, lawful=lawful),
        warnings=said + (_FITTED if lawful and evidence.limit is None else ()),
        sizes=observations.table.sizes,
        losses=observations.losses,
        errors=np.full(len(observations.losses), np.nan)
        if variances is None
        else np.sqrt(variances),
        irreducible=irreducible,
        level=evidence.level,
        statistic=observations.statistic.name,
        replicates=(int(observations.samples.min()), int(observations.samples.max())),
    )


def _rivals(evidence: Evidence, *, lawful: bool) -> tuple[Rival, ...]:
    """Return the laws of a limit beside each other."""
    tried = evidence.tried(lawful=lawful)
    lowest = min(each.criterion for each in tried)
    return tuple(
        Rival(
            each.model.name,
            each.model.equation,
            float("nan") if each.model.name == "exponential" else _exponent(each),
            each.criterion - lowest if np.isfinite(lowest) else np.inf,
        )
        for each in sorted(tried, key=lambda each: each.criterion)
    )


def _exponent(each: Candidate) -> float:
    return float(each.model.exponent(each.fitted.theta)[0])
