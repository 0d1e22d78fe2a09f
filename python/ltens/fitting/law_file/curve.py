"""A law of one variable as plain values, and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from ...tables import plain
from ..comparison import Candidate
from ..estimation import Estimate
from ..law import Law
from ..loss_table import LossTable
from ..models import MODELS, FixedExponent, KnownLimit, Model
from ..observations import observe
from ..slopes import Slopes
from ..statistic import Quantile, Statistic, statistic_named
from .fields import Fields

_FIT = (
    "model", "start", "theta", "cost", "weights", "excess", "seed_cost", "degrees", "converged",
    "criterion", "rivals",
)  # fmt: skip
_DATA = (
    "sizes", "losses", "excluded", "diverged", "label", "loss", "axis", "merged", "tolerance",
    "origin", "pooled", "pooled_within",
)  # fmt: skip
CURVE = (
    "equation", "exponent", "coefficients", "data", "statistic", "fit", "asked", "huber",
    "resamples", "seed",
)  # fmt: skip
_SAME = 1e-6  # relative, of the cost: another machine rounds otherwise


def curve_content(law: Law) -> dict[str, Any]:
    """Return all that a law consists of, as plain values; infinite losses as None."""
    table = law.observations.table
    statistic = law.observations.statistic
    data = {**vars(table), "losses": [row.tolist() for row in table.losses]}
    return {
        "equation": law.equation,
        "exponent": plain(law.exponent),
        "coefficients": plain(law.coefficients),
        "data": plain({name: data[name] for name in _DATA}),
        "statistic": statistic.q if isinstance(statistic, Quantile) else statistic.name,
        "fit": None if law.chosen is None else _fit(law, law.chosen),
        "asked": law.asked,
        "huber": law.huber,
        "resamples": law.resamples,
        "seed": law.seed,
    }


def curve_of(fields: Fields) -> Law:
    """Return the law of a document."""
    table = _table(fields.inner("data", _DATA))
    slopes = Slopes(observe(table, _statistic(fields)), fields.count("seed"))
    huber, resamples, seed = fields.optional("huber"), fields.count("resamples"), slopes.seed
    rest = (resamples, seed, huber)
    if fields.is_null("fit"):
        law = Law(slopes, None, (), *rest)
        _require_exponent(law, fields)
        return law
    fit = fields.inner("fit", _FIT)
    start = fit.count("start", len(table.sizes))
    chosen = _candidate(fit, len(table.sizes) - start)
    rivals = tuple(_model(each, place) for each, place in fit.each("rivals"))
    law = Law(slopes, chosen, rivals, *rest, start=start, asked=fields.flag("asked"))
    _require_same(law, chosen, fields)
    _require_exponent(law, fields)
    return law


def _fit(law: Law, chosen: Candidate) -> dict[str, Any]:
    fitted = chosen.fitted
    values = {name: value[0] for name, value in vars(fitted).items()}
    rivals = [each.model if isinstance(each, Candidate) else each for each in law.rivals]
    return dict(
        plain(
            {
                "model": _described(chosen.model),
                "start": law.start,
                **values,
                "criterion": chosen.criterion,
                "rivals": [_described(each) for each in rivals],
            }
        )
    )


def _described(model: Model) -> dict[str, Any]:
    """Return a model by its name, with its constants."""
    constants = asdict(model) if isinstance(model, FixedExponent | KnownLimit) else {}
    return {"name": model.name, "constants": constants}


def _model(value: object, place: str) -> Model:
    fields = Fields(value, place, ("name", "constants"))
    name = fields.text("name")
    if name not in MODELS:
        raise fields.problem(f"has the model {name!r}, but must have one of: {', '.join(MODELS)}")
    if name not in (FixedExponent.name, KnownLimit.name):
        fields.inner("constants", ())
        return MODELS[name]
    known = tuple(asdict(MODELS[name]))
    constants = fields.inner("constants", known)
    kind = FixedExponent if name == FixedExponent.name else KnownLimit
    return kind(*(constants.number(each) for each in known))


def _candidate(fit: Fields, sizes: int) -> Candidate:
    model = _model(fit.plain("model"), "model")
    count = len(model.parameter_names)
    estimate = Estimate(
        theta=fit.numbers("theta", count)[None],
        cost=np.array([fit.number("cost")]),
        weights=fit.numbers("weights", sizes)[None],
        excess=np.array([fit.number("excess")]),
        seed_cost=np.array([fit.number("seed_cost")]),
        degrees=np.array([fit.count("degrees", 2**31)], dtype=np.int64),
        converged=np.array([fit.flag("converged")]),
    )
    criterion = fit.optional("criterion")
    return Candidate(model, estimate, np.inf if criterion is None else criterion)


def _table(data: Fields) -> LossTable:
    sizes = data.numbers("sizes", positive=True)
    if not (np.diff(sizes) > 0).all():
        raise data.problem("has sizes that do not rise")
    rows = []
    for value, place in data.each("losses"):
        row = Fields({"losses": value}, place, ("losses",))
        rows.append(row.numbers("losses", positive=True, endless=True))
    if len(rows) != len(sizes) or not all(len(row) for row in rows):
        raise data.problem(f"has losses of {len(rows)} sizes, but {len(sizes)} sizes")
    return LossTable(
        sizes,
        tuple(rows),
        data.count("excluded"),
        data.count("diverged"),
        data.text("label"),
        data.text("loss"),
        data.text("axis"),
        data.count("merged"),
        data.number("tolerance"),
        _origin(data),
        data.count("pooled"),
        data.number("pooled_within"),
    )


def _origin(data: Fields) -> dict[str, Any]:
    """Return what is known of the training; what is used of it has the form it is written in."""
    origin = data.plain("origin")
    names = ("at", "tuning", "configuration")
    inner: dict[str, object] = {name: origin[name] for name in names if name in origin}
    task = inner.get("configuration", {})
    if isinstance(task, dict) and "task" in task:
        inner["task"] = task["task"]
    for name, value in inner.items():
        if not isinstance(value, dict):
            raise data.problem(
                f"has an origin whose {name} is {value!r:.40}, but must be an object"
            )
    lr = origin.get("lr", 0.0)
    for rate in lr.values() if isinstance(lr, dict) else [lr]:
        if isinstance(rate, bool) or not isinstance(rate, int | float):
            raise data.problem(f"has an origin whose lr is {rate!r:.40}, but must be a number")
    return origin


def _statistic(fields: Fields) -> Statistic:
    if fields.is_text("statistic"):
        return statistic_named(fields.text("statistic"))
    return statistic_named(fields.number("statistic"))


def _require_same(law: Law, chosen: Candidate, fields: Fields) -> None:
    """Raise ValueError unless the fit is one to the data, and the coefficients are the fit's."""
    residual = np.abs(law.about.y - chosen.model.curve(law.about.u, chosen.fitted.theta)[0])
    each = residual**2
    if law.huber is not None:
        beyond = law.huber * (2 * residual - law.huber)
        each = np.where(residual > law.huber, beyond, each)
    own = float(chosen.fitted.cost[0])
    cost = float((chosen.fitted.weights * each).sum())
    if abs(cost - own) > _SAME * max(abs(own), 1.0):
        raise fields.problem("has a fit that is not one to its data")
    require_coefficients(fields, law.coefficients)


def _require_exponent(law: Law, fields: Fields) -> None:
    """Raise ValueError unless the exponent and equation that people read are those of the law."""
    if fields.text("equation") != law.equation:
        raise fields.problem(f"has another equation than that of its fit, {law.equation!r}")
    if not math.isclose(fields.number("exponent"), law.exponent, rel_tol=_SAME, abs_tol=1e-12):
        raise fields.problem(f"has another exponent than that of its fit, {law.exponent:.10g}")


def require_coefficients(fields: Fields, known: Mapping[str, float]) -> None:
    """Raise ValueError unless the coefficients that people read are those of the fit."""
    shown = fields.inner("coefficients", tuple(known))
    for name, value in known.items():
        own = shown.optional(name)
        if math.isfinite(value) and (own is None or not math.isclose(own, value, rel_tol=_SAME)):
            raise fields.problem(f"has {name} {own}, but its fit has {value:.10g}")
