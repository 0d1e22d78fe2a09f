"""What a law of a sweep knows of its training: the learning rate of each size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...words import exact, plural

_TRANSFERS = ("mup", "mean_field", "ntk")  # rates that follow the width by themselves


def tuning_of(origin: Mapping[str, Any], size: str) -> tuple[str, str]:
    """Return the answer and a warning; both "" where nothing is known.

    Parameters
    ----------
    origin : mapping
        See `ltens.fitting.origin.origin_of`.
    size : str
        What the sizes are: "width".

    Examples
    --------
    >>> tuning_of({"lr": 0.01}, "width")[1].split(":")[0]
    'one learning rate served all widths'
    >>> tuning_of({"lr": {"2": 0.1, "5": 0.03}}, "width")
    ('a learning rate for each width: 0.1 at 2, 0.03 at 5', '')
    """
    lr = origin.get("lr")
    if lr is None or size == "lr":
        return "", ""
    how = _how(origin)
    if isinstance(lr, Mapping):
        rates = ", ".join(f"{exact(rate)} at {at}" for at, rate in lr.items())
        if len({*lr.values()}) > 1:
            return f"a learning rate for each {size}: {rates}{how}", ""
        lr = next(iter(lr.values()))
        if "tuning" in origin:
            return f"tuned at each {size}: {exact(lr)} at all{how}", ""
    parametrization = origin.get("parametrization", "standard")
    every = f"one learning rate, {exact(lr)}, for all {plural(size)}"
    if size == "width" and parametrization in _TRANSFERS:
        base = origin.get("base_width")
        at = "" if base is None else f", base width {base}"
        return f"{every}, scaled with the width by {parametrization}{at}{how}", ""
    return f"{every}{how}", (
        f"one learning rate served all {plural(size)}: the best one may change with {size}, and "
        "the exponent with it; ltens.tune finds the best at each."
    )


def _how(origin: Mapping[str, Any]) -> str:
    tuning = origin.get("tuning")
    if not isinstance(tuning, Mapping):
        return ""
    found = f"; {tuning.get('parameter')} tuned over {len(tuning.get('values', ()))} values"
    ends = tuning.get("at_the_ends")
    return found + (", the best at an end of them somewhere" if ends else "")
