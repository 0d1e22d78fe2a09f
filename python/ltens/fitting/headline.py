"""What a law says first, in words: the exponent at the large end, then the law, or that none holds.

Every output says it with these sentences, in this order.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ..tables import interval, number
from .agreement import FEWEST_SIZES, LEAST_FACTOR
from .intervals import profile_interval
from .models import PowerLaw
from .slopes import Slope

if TYPE_CHECKING:
    from .law import Law

_NAMES = {
    "power_law": "power law",
    "power_law_floor": "power law with a floor",
    "broken_power_law": "power law with a break",
    "twice_broken_power_law": "power law with two breaks",
    "fixed_exponent": "power law with the given exponent",
    "known_limit": "power law above the given limit",
}
_SYMBOLS = {"size": "N", "width": "N", "samples": "D"}
_FLAT = 0.1  # half an interval about 0: less is flat, more says nothing
_MOST_NAMED = 6  # sizes left out that are named one by one


def headline(law: Law, level: float = 0.95) -> tuple[str, ...]:
    """Return the sentences.

    Examples
    --------
    >>> import ltens
    >>> import numpy as np
    >>> noise = np.random.default_rng(1).lognormal(sigma=0.1, size=(6, 50))
    >>> losses = noise / 2.0 ** np.arange(6)[:, None]
    >>> law = ltens.fit([1, 2, 4, 8, 16, 32], losses)
    >>> first, second = headline(law)
    >>> print(first)
    exponent 1.01 [0.981, 1.04] at the large end, N = 8–32 (3 sizes)
    >>> second.split(", amplitude")[0]
    'power law with a floor, N = 1–32 (6 sizes): exponent 1.01 [0.989, 1.05]'
    """
    return tuple(
        each for each in (end(law, level), verdict(law, level), _allowed(law, level)) if each
    )


def end(law: Law, level: float = 0.95) -> str:
    """Return the exponent at the large end, its interval and its range."""
    slope = law.slopes.at_the_end(level)
    turns = _turns(law.pieces, slope)
    return f"exponent {slope} at the large end, {over(law, slope.range)}{turns}"


def verdict(law: Law, level: float = 0.95) -> str:
    """Return which law holds over which range, or that none does."""
    if law.chosen is None:
        return _none(law)
    name = _NAMES.get(law.model, law.model)
    within = " within tolerance" if law.approximate else ""
    first = f"{name}{within}, {over(law, law.range)}"
    if law.asked:
        first += ", as asked" + ("" if law.holds else "; it does not hold within the tolerances")
    warned = "; the data show a bend in it, so that it may go on otherwise" if law.bends else ""
    return f"{first}: {law_in_numbers(law, level)}{warned}{_left_out(law)}"


def law_in_numbers(law: Law, level: float) -> str:
    """Return the law's coefficients with their intervals, the exponent first."""
    from .summary import ends_or_none

    kind = "profile" if law.observations.variances is not None else "residuals"
    ends = ends_or_none(law, level, kind)
    parts = [f"exponent {number(law.exponent)}" + (f" {interval(ends, '.3g')}" if ends else "")]
    known = law.coefficient_intervals(level)
    for name, value in law.coefficients.items():
        if name != "exponent":
            with_ends = f" {interval(known[name], '.3g')}" if name in known else ""
            parts.append(f"{name} {number(value)}{with_ends}")
    return ", ".join(parts)


def over(law: Law, range_: tuple[float, float]) -> str:
    """Return a range of sizes: "N = 5–60 (8 sizes)"."""
    inside = (law.sizes >= range_[0]) & (law.sizes <= range_[1])
    return f"{symbol(law)} = {span(range_)} ({int(inside.sum())} sizes)"


def span(range_: tuple[float, float]) -> str:
    """Return "5–60"."""
    return f"{range_[0]:g}–{range_[1]:g}"


def symbol(law: Law) -> str:
    """Return the letter of sizes and widths, or what else the sizes are."""
    table = law.observations.table
    name = table.axis or table.label
    return _SYMBOLS.get(name, name)


def _none(law: Law) -> str:
    """Return why no law is claimed."""
    whole = f"{symbol(law)} = {span((law.sizes[0], law.sizes[-1]))}"
    fewest = FEWEST_SIZES[PowerLaw.name]
    if len(law.sizes) < fewest or law.sizes[-1] < LEAST_FACTOR * law.sizes[0]:
        return (
            f"whether a power law holds cannot be told: it takes {fewest} sizes that span a factor "
            f"{LEAST_FACTOR:g}"
        )
    # What the data allow over all sizes is not denied.
    open_ = law.allowed is not None and law.allowed.start == 0
    denied = "no power law is established" if open_ else "no power law"
    if len(law.pieces) > 1:
        return f"{denied} over {whole}: " + ", ".join(map(_piece, law.pieces))
    only = law.pieces[0]
    if only.way == "flat":
        return f"no power law over {whole}: {_piece(only)}"
    return (
        f"no power law is established over {whole}: {only} on average, but the data do not "
        "exclude a bend"
    )


def _piece(piece: Slope) -> str:
    """Return a range with its exponent, or that the loss rises there, or may."""
    if piece.way == "rising":
        return f"rising from {piece.range[0]:g} to {piece.range[1]:g} ({piece})"
    if piece.way == "flat" and piece.high - piece.low <= 2 * _FLAT:
        return f"flat over {span(piece.range)} ({piece})"
    if piece.way == "flat":
        return f"falling, flat or rising over {span(piece.range)} ({piece})"
    return f"{piece} over {span(piece.range)}"


def _turns(pieces: tuple[Slope, ...], slope: Slope) -> str:
    """Return that the loss turns within the large end, if it does."""
    inside = [each for each in pieces if each.range[1] > slope.range[0]]
    ways = {each.way for each in inside}
    if not {"rising", "falling"} <= ways:
        return ""
    place = next(b.range[0] for a, b in pairwise(inside) if a.way != b.way)
    return f", where the loss is not monotone: it turns near {place:g}"


def _left_out(law: Law) -> str:
    """Return the sizes that the law is not about."""
    left = [f"{value:g}" for value in law.sizes[: law.start]]
    if not left:
        return ""
    if len(left) > _MOST_NAMED:
        return f"; the {len(left)} sizes below are left out"
    return f"; {symbol(law)} = {', '.join(left)} left out"


def _allowed(law: Law, level: float) -> str:
    """Return the law that the data neither show nor contradict."""
    if law.allowed is None:
        return ""
    model, fitted = law.allowed.chosen.model, law.allowed.chosen.fitted
    about = law.observations.part(law.allowed.start, len(law.sizes))
    exponent = float(model.exponent(fitted.theta)[0])
    ends = profile_interval(model, about, fitted, level, law.huber)
    return (
        f"the data allow, but do not show, a {_NAMES[model.name]} over "
        f"{over(law, (about.table.sizes[0], about.table.sizes[-1]))}, then with exponent "
        f"{number(exponent)} {interval(ends, '.3g')}"
    )
