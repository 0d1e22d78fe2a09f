"""The function `ltens.fit_surface`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from ...randomness import RandomSource, seed_of
from ...validation import integer, one_of, positive, real
from ..run_table import RunTable
from .columns import Table, read
from .design import refuse_moving_together
from .form import Form
from .law import SurfaceLaw
from .layout import SHARED
from .search import fit_rows, polish


def fit_surface(
    sizes: Mapping[str, ArrayLike] | RunTable,
    losses: ArrayLike | str | None = None,
    *,
    product: bool | tuple[str, str] = False,
    groups: ArrayLike | str | None = None,
    shared: Iterable[str] = ("exponents",),
    limit: float | Mapping[str, float] | None = None,
    huber: float | None = 1e-3,
    runs: ArrayLike | str | None = None,
    bootstrap: int = 1000,
    rng: RandomSource = 0,
) -> SurfaceLaw:
    """Fit loss = E + sum_i A_i / x_i^alpha_i to R runs of any number of sizes.

    The *sum* of Huber's function of the log residuals is minimised (approach 3 of Hoffmann et al.,
    arXiv 2203.15556; Besiroglu et al., arXiv 2404.10102, found that a mean in place of the sum let
    the optimiser stop early) from a grid over the exponents with E, A_i >= 0 solved exactly. Units,
    the order of the rows and doubling them change no exponent.

    Parameters
    ----------
    sizes : mapping of str to (R,) array
        What limits the loss, by name, such as parameters and tokens; a DataFrame of these columns
        will do. Columns that `losses`, `groups` and `runs` name are no sizes. Or a table of
        `ltens.read_table`, whose diverged runs are left out.
    losses : (R,) array or str
        Not with a table, which has losses.
    product : bool or (str, str)
        One more part C / (x^alpha y^beta), C of either sign: of the two variables if there are two,
        or of those named.
    groups : (R,) array or str, optional
        Which data set (or family) a run belongs to: each has amplitudes and E of its own, but for
        what is `shared`.
    shared : iterable of {"exponents", "amplitudes", "floor"}
        What all groups have in common.
    limit : float or mapping of group to float, optional
        The known E, at least 0; fitted by default.
    huber : float or None
        Threshold on |log residual| beyond which it counts linearly; None for least squares.
    runs : (R,) array or str, optional
        Which training a row belongs to, where rows are checkpoints: intervals are then those of
        whole trainings.
    bootstrap : int
        Number of resamples of runs for ``interval(method="bootstrap")``; 0 for none.
    rng : int, SeedSequence or Generator
        Draws the resamples.

    Returns
    -------
    SurfaceLaw

    Raises
    ------
    TypeError
        If `sizes` is no mapping, or a column holds no numbers.
    ValueError
        If columns differ in length, hold a value that is not positive or fewer than 3 different
        sizes; if there are no more runs than coefficients, or fewer of a group than it has of its
        own; or if a size follows from the others in all runs, such as 20 tokens for each parameter,
        so that no fit can tell them apart.

    Examples
    --------
    >>> n, d = np.meshgrid(np.geomspace(1e7, 1e10, 6), np.geomspace(1e9, 1e12, 6))
    >>> n, d = n.ravel(), d.ravel()
    >>> law = fit_surface({"params": n, "tokens": d}, 1.8 + 480 / n**0.35 + 2000 / d**0.37)
    >>> {name: round(value, 6) for name, value in law.exponents.items()}
    {'params': 0.35, 'tokens': 0.37}
    """
    table = read(sizes, losses, groups, runs)
    form = Form(
        table.names,
        _shared(shared, grouped=table.labels != ("",)),
        _limits(limit, table),
        _pair(product, table.names),
    )
    threshold = None if huber is None else positive(huber, "huber")
    resamples = integer(bootstrap, "bootstrap", minimum=0, maximum=10_000_000)
    seed = seed_of(rng)
    _refuse_few_runs(table, form)
    refuse_moving_together(table, "amplitudes" not in form.shared)
    return fit_table(table, form, threshold, resamples, seed)


def fit_table(
    table: Table, form: Form, huber: float | None, resamples: int, seed: int
) -> SurfaceLaw:
    """Return the law of a table of runs."""
    y = (np.log(table.losses)[table.order] - table.unit)[None]
    fitted = polish(fit_rows(form.surface(table), y, np.ones_like(y), huber))
    return SurfaceLaw(table, form, fitted, resamples, seed)


def _shared(shared: Iterable[str], *, grouped: bool) -> tuple[str, ...]:
    names = (shared,) if isinstance(shared, str) else tuple(shared)
    for name in names:
        one_of(name, SHARED, "shared")
    if not grouped and names != ("exponents",):
        raise ValueError(
            f"shared is {names!r}, but there are no groups to share it: give groups=, too."
        )
    return names


def _limits(limit: float | Mapping[str, float] | None, table: Table) -> tuple[float, ...] | None:
    if limit is None:
        return None
    if isinstance(limit, Mapping):
        given = {str(label): value for label, value in limit.items()}
        if set(given) != set(table.labels):
            raise ValueError(
                f"limit has the groups {', '.join(given)}, but must have those of groups: "
                f"{', '.join(table.labels)}."
            )
    else:
        given = dict.fromkeys(table.labels, limit)
    found = tuple(real(given[label], "limit") for label in table.labels)
    if min(found) < 0:
        raise ValueError(f"limit is {min(found)}, but must be at least 0.")
    above = table.losses > np.array(found)[table.groups]
    if above.mean() < 0.5:
        raise ValueError(
            f"limit is {max(found):g}, but most of the losses are not above it: the largest is "
            f"{table.losses.max():g}."
        )
    return found


def _pair(product: bool | tuple[str, str], names: tuple[str, ...]) -> tuple[str, str] | None:
    if product is False:
        return None
    if product is True:
        if len(names) != 2:
            raise ValueError(
                f"product is True, but there are {len(names)} variables: name the two, such as "
                'product=("params", "tokens").'
            )
        return names[0], names[1]
    if isinstance(product, str) or len(product) != 2:
        raise ValueError(f"product is {product!r}, but must be two names.")
    first, second = (one_of(name, names, "product") for name in product)
    if first == second:
        raise ValueError(f"product is {product!r}, but must name two different variables.")
    return first, second


def _refuse_few_runs(table: Table, form: Form) -> None:
    count, rows = form.surface(table).layout.size, len(table.losses)
    if rows <= count:
        raise ValueError(
            f"losses has {rows} run(s), but the law has {count} coefficients: it needs at least "
            f"{count + 1}."
        )
    layout = form.surface(table).layout
    for label, runs, own in zip(table.labels, np.bincount(table.groups), layout.own, strict=True):
        if runs < own and len(table.labels) > 1:
            raise ValueError(
                f"groups has {runs} run(s) of {label!r}, which has {own} coefficients of its own: "
                "leave it out, or let more be shared."
            )
