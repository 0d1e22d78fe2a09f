"""A surface and IsoFLOP parabolas as plain values, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..._typing import Floats, Ints
from ...tables import plain
from ..surface import IsoFlop, SurfaceLaw
from ..surface.columns import Table
from ..surface.form import Form
from ..surface.search import Fitted, cost_of
from .curve import require_coefficients
from .fields import Fields

_DATA = ("names", "sizes", "losses", "labels", "groups", "trainings", "training_names")
_FORM = ("names", "shared", "limits", "pair", "one_exponent")
_FIT = ("theta", "cost", "converged")
SURFACE = ("equation", "coefficients", "data", "form", "fit", "huber", "resamples", "seed")
_PARABOLAS = ("cost", "compute", "best", "inside", "exponent", "standard_error", "bias")
ISOFLOP = (*_PARABOLAS, "law")
_SAME = 1e-6  # relative, of the cost: another machine rounds otherwise


def surface_content(law: SurfaceLaw) -> dict[str, Any]:
    """Return all that a surface consists of, as plain values."""
    fitted = law.fitted
    return {
        "equation": law.equation,
        "coefficients": plain(law.coefficients),
        "data": plain({name: getattr(law.table, name) for name in _DATA}),
        "form": plain({name: getattr(law.form, name) for name in _FORM}),
        "fit": plain({name: getattr(fitted, name)[0] for name in _FIT}),
        "huber": law.huber,
        "resamples": law.resamples,
        "seed": law.seed,
    }


def surface_of(fields: Fields) -> SurfaceLaw:
    """Return the surface of a document."""
    table = _table(fields.inner("data", _DATA))
    form = _form(fields.inner("form", _FORM), table)
    surface = form.surface(table)
    fit = fields.inner("fit", _FIT)
    y = (np.log(table.losses)[table.order] - table.unit)[None]
    fitted = Fitted(
        surface,
        y,
        np.ones_like(y),
        fields.optional("huber"),
        fit.numbers("theta", surface.layout.size)[None],
        np.array([fit.number("cost")]),
        np.array([fit.flag("converged")]),
    )
    law = SurfaceLaw(table, form, fitted, fields.count("resamples"), fields.count("seed"))
    cost = float(cost_of(fitted.residuals, fitted.weights, fitted.huber)[0])
    if not abs(cost - fitted.cost[0]) <= _SAME * max(fitted.cost[0], 1e-12):
        raise fields.problem("has a fit that is not one to its data")
    if fields.text("equation") != law.equation:
        raise fields.problem(f"has another equation than that of its fit, {law.equation!r}")
    require_coefficients(fields, law.coefficients)
    return law


def isoflop_content(found: IsoFlop) -> dict[str, Any]:
    """Return all that IsoFLOP parabolas consist of, as plain values."""
    values = {name: getattr(found, name) for name in _PARABOLAS}
    return {**plain(values), "law": surface_content(found.law)}


def isoflop_of(fields: Fields) -> IsoFlop:
    """Return the parabolas of a document."""
    law = surface_of(fields.inner("law", SURFACE))
    compute = fields.numbers("compute", positive=True)
    return IsoFlop(
        (law.names[0], law.names[1]),
        fields.number("cost"),
        compute,
        fields.numbers("best", len(compute), positive=True),
        fields.flags("inside", len(compute)),
        fields.number("exponent"),
        fields.number("standard_error"),
        fields.number("bias"),
        law,
    )


def _table(data: Fields) -> Table:
    names = data.texts("names")
    losses = data.numbers("losses", positive=True)
    rows = len(losses)
    sizes: list[Floats] = []
    for value, place in data.each("sizes"):
        inner = Fields({"sizes": value}, place, ("sizes",))
        sizes.append(inner.numbers("sizes", rows, positive=True))
    if len(sizes) != len(names) or not names or not rows:
        raise data.problem(f"has {len(sizes)} columns of sizes, but {len(names)} names")
    labels, trainings = data.texts("labels"), data.texts("training_names")
    which: Ints | None = None
    if not data.is_null("trainings"):
        which = data.whole("trainings", rows, len(trainings))
    groups = data.whole("groups", rows, len(labels))
    return Table(names, np.stack(sizes), losses, labels, groups, which, trainings)


def _form(fields: Fields, table: Table) -> Form:
    names = fields.texts("names")
    pair = None if fields.is_null("pair") else fields.texts("pair")
    if not {*names, *(pair or ())} <= {*table.names} or len(pair or names[:2]) > 2:
        raise fields.problem(f"has other names than those of the data, {', '.join(table.names)}")
    limits = None
    if not fields.is_null("limits"):
        limits = tuple(fields.numbers("limits", len(table.labels)).tolist())
    return Form(
        names,
        fields.texts("shared"),
        limits,
        None if pair is None else (pair[0], pair[1]),
        fields.flag("one_exponent"),
    )
