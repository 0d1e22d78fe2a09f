"""The design problem of a surface: which combinations of sizes."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..._typing import Floats
from ...hints import nearest
from ..surface import SurfaceLaw
from ..surface.calibration import mean_curvature, scale
from ..surface.published import ALLOCATION
from ..surface.quantities import LogLosses, Quantities
from .asked import Asked
from .candidates import Cost, candidate_sizes, costs_of
from .criterion import LinearCriterion
from .whole_runs import Problem

_STEPS = 7  # values of each variable by default
_MOST = 400  # combinations


def asked_of_surface(
    law: SurfaceLaw,
    target: Any,
    sizes: Any,
    cost: Cost | None,
    *,
    level: float,
    extend: bool,
) -> Asked:
    """Return what is asked, with the arguments of `ltens.design`, checked."""
    if sizes is not None and not isinstance(sizes, Mapping):
        raise TypeError(
            f"sizes is {sizes!r:.60}, but must be a mapping of names to sizes for a surface."
        )
    if target == "exponent":
        target = f"alpha_{law.names[0]}"
    points = surface_points(law, sizes)
    product = np.prod(list(points.values()), axis=0)
    given: Any = product if cost is None else cost
    costs = costs_of(given(points) if callable(given) else given, product)
    problem = surface_problem(law, target, points, costs, level, extend=extend)
    predicts = isinstance(target, Mapping)
    words = str(target)
    if predicts:
        words = f"the loss at {', '.join(f'{name} {value:g}' for name, value in target.items())}"
    return Asked(law, problem, points, words, predicts, np.ones(len(costs)))


def surface_points(
    law: SurfaceLaw, sizes: Mapping[str, Iterable[float]] | None
) -> dict[str, Floats]:
    """Return the combinations (K,) of the candidates of each variable, by name.

    Parameters
    ----------
    sizes : mapping of str to iterable of float, optional
        Of some variables or all: two stand for a range, more for themselves.
    """
    given = dict(sizes or {})
    for name in given:
        if name not in law.names:
            raise ValueError(
                f"sizes has {name!r}, which is no size of the law: did you mean "
                f"{nearest(name, law.names)!r} (sizes: {', '.join(law.names)})?"
            )
    axes = [_values(law, name, given.get(name)) for name in law.names]
    count = int(np.prod([len(axis) for axis in axes]))
    if count > _MOST:
        raise ValueError(
            f"sizes has {count} combinations, but at most {_MOST} can be looked at: give fewer "
            "values."
        )
    points = np.array(list(itertools.product(*axes))).T
    return dict(zip(law.names, points, strict=True))


def _values(law: SurfaceLaw, name: str, given: Iterable[float] | None) -> Floats:
    known = law.sizes[name]
    ends = (float(known.min()), float(known.max()))
    chosen = ends if given is None else tuple(given)
    if len(chosen) == 2:
        chosen = tuple(np.geomspace(*chosen, _STEPS))
    return candidate_sizes(chosen, known)


def surface_problem(
    law: SurfaceLaw,
    target: str | Mapping[str, ArrayLike],
    points: Mapping[str, Floats],
    costs: Floats,
    level: float,
    *,
    extend: bool,
) -> Problem:
    """Return the problem of a surface; its runs are taken to be equally noisy, as in its intervals.

    Parameters
    ----------
    target : str or mapping
        An exponent or "allocation"; or the sizes whose loss is to be predicted.
    """
    _refuse_unsuited(law)
    theta, surface = law.fitted.theta, law.fitted.surface
    slopes = _slopes_at(law, points)
    along = _slopes_at(law, target)[0] if isinstance(target, Mapping) else _along(law, str(target))
    bend = float(mean_curvature(law.fitted.residuals, theta.shape[1], law.huber)[0])
    noise = float(scale(law.fitted)[0]) / bend
    own = surface.curve(surface.logs, theta)[1][0]
    size, rows = theta.shape[1], len(own) if extend else 0
    base = own.T @ own / noise if extend else np.zeros((size, size))
    count = len(costs)
    criterion = LinearCriterion(
        slopes,
        np.full(count, noise),
        0.0,
        along,
        base,
        lambda runs: float(runs.sum() + rows - size),
    )
    return Problem(criterion, np.zeros(count), costs, 1, np.zeros(count, bool), level)


def _slopes_at(law: SurfaceLaw, sizes: Mapping[str, ArrayLike]) -> Floats:
    """Return the derivatives (K, p) of log loss at sizes."""
    logs, _ = law.log_sizes(sizes)
    count = logs.shape[1]
    losses = LogLosses(law.fitted.surface, logs, np.zeros(count, np.int64))
    return losses.gradient(np.repeat(law.fitted.theta, count, axis=0), np.arange(count))


def _along(law: SurfaceLaw, target: str) -> Floats:
    """Return the derivatives (p,) of an exponent or of the allocation."""
    for family in law.families:
        if target in family.names and (target == ALLOCATION or target.startswith("alpha")):
            quantities: Quantities = family.quantities
            at = np.array([family.names.index(target)])
            return np.asarray(quantities.gradient(law.fitted.theta, at)[0])
    known = [name for name in law.values if name == ALLOCATION or name.startswith("alpha")]
    raise ValueError(
        f"target is {target!r}, but must be one of {', '.join(known)}, or sizes whose loss is to "
        "be predicted."
    )


def _refuse_unsuited(law: SurfaceLaw) -> None:
    if len(law.table.labels) > 1:
        raise ValueError(
            f"law has the groups {', '.join(law.table.labels)}, but a design is made for one: fit "
            "that group alone."
        )
    if law.table.trainings is not None:
        raise ValueError(
            "law has checkpoints of trainings as rows, which are not independent, but a design "
            "needs the noise of independent runs: fit the last checkpoint of each training."
        )
