"""The function `ltens.design`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..fitting import Law, SurfaceLaw
from ..fitting.designs import Design, design_runs
from ..fitting.designs.candidates import Cost
from .run_seconds import seconds_per_run

SECONDS = "seconds"


def design(
    law: Law | SurfaceLaw,
    *,
    budget: float | None = None,
    length: float | None = None,
    target: str | float | Mapping[str, float] = "exponent",
    sizes: Iterable[float] | Mapping[str, Iterable[float]] | None = None,
    cost: Cost | None = None,
    most: int | None = None,
    level: float = 0.95,
    extend: bool = True,
) -> Design:
    """Say which sizes, and how many seeds at each, to train next for a shorter interval.

    The variance of `target` by the information matrix of the law at the coefficients fitted
    (c-optimality) is made smallest by convex weights on the candidates; these are then cut to few
    sizes and whole seeds, where Student's quantile, which falls with the number of sizes, counts
    as well. Noise at each size is that of the seeds.

    Parameters
    ----------
    law : Law or SurfaceLaw
        What `ltens.fit` or `ltens.fit_surface` returned: the runs so far, and a law to begin with.
    budget : float, optional
        What may be spent, in the unit of `cost`.
    length : float, optional
        Instead of `budget`: how long the interval may be, from its lower to its upper end; of a
        prediction in decades of the loss.
    target : {"exponent", "end"}, float, or for a surface str or mapping
        What the interval is of: the law's exponent, that at the large end, or the loss at a size.
        Of a surface "alpha_NAME", "allocation", or the sizes whose loss is predicted.
    sizes : (float, float) or iterable of float, optional
        The candidates: a range or a list; by default between the sizes measured. Of a surface a
        mapping of names to these.
    cost : {"size", "seconds"}, (K,) array or function, optional
        Of one run: in proportion to the size (of a surface: to the product of the sizes), by
        default; the seconds of one core by the engines' cost model, for a law from `ltens.sweep`;
        for each of a list of `sizes`; or what a function makes of the sizes (of a surface: of a
        mapping of names to arrays).
    most : int, optional
        Further runs at one size.
    level : float
        Of the interval.
    extend : bool
        Whether the runs so far count; False designs from scratch, by what they showed.

    Returns
    -------
    Design

    Raises
    ------
    TypeError
        If `law` is no law, or a dict of several.
    ValueError
        If not exactly one of `budget` and `length` is given; if they cannot be kept; if no law
        holds that a prediction could rest on; or an argument is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> import ltens
    >>> sizes = np.array([1, 2, 4, 8, 16, 32])
    >>> noise = np.random.default_rng(1).lognormal(sigma=0.3, size=(6, 10))
    >>> law = ltens.fit(sizes, noise / sizes[:, None], model="power_law")
    >>> found = ltens.design(law, budget=1000)
    >>> found.length < found.equal < found.now
    True
    """
    if isinstance(cost, str) and cost == SECONDS and isinstance(law, Law):
        table = law.observations.table
        cost = seconds_per_run(table.origin, table.label)
    return design_runs(
        law,
        budget=budget,
        length=length,
        target=target,
        sizes=sizes,
        cost=cost,
        most=most,
        level=level,
        extend=extend,
    )
