"""Claims 1 and 2: the median loss against width, and its exponent over ranges of widths."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import stats

from ..._typing import Floats
from ...fitting import Law, fit
from ...tables import formatted, markdown, pivoted
from .ensembles import Ensemble, Ensembles, protocol
from .records import Record, ends
from .sections import Section

USED = ("base", "wide", "four", "ten", "wide-ten", "forty", "unit", "unit-wide", "unit-ten")
RANGES = ((1, 5), (4, 20), (5, 20), (20, 100), (5, 60), (5, 100), (100, 400))
PIECES = 4.0**4 / 180  # loss of the best piecewise linear fit of x^2 on [-2, 2]: this / N^4


def losses(data: Ensembles) -> list[Record]:
    """Return the median loss of every ensemble with its 95 % interval (order statistics)."""
    found: list[Record] = []
    for name, activation, ensemble in _ensembles(data):
        for n, loss in ensemble.loss.items():
            record = {
                "activation": activation,
                "protocol": protocol(name).title,
                "width": n,
                "seeds": len(loss),
                "median": float(np.median(loss)),
                **ends("median", median_interval(loss)),
                "best": float(loss.min()),
            }
            if protocol(name).domain == (-2.0, 2.0):
                record["of_pieces"] = record["median"] * n**4 / PIECES
            found.append(record)
    return found


def exponents(data: Ensembles) -> list[Record]:
    """Return alpha of median loss ~ N^-alpha over each range that has at least four widths.

    The interval is `ltens.Law.interval`: wider where the medians are off a power law.
    """
    found: list[Record] = []
    for name, activation, ensemble in _ensembles(data):
        for widths in _filled(list(ensemble.loss)):
            law = _law(ensemble, widths)
            found.append(
                {
                    "activation": activation,
                    "protocol": protocol(name).title,
                    "low": min(widths),
                    "high": max(widths),
                    "widths": len(widths),
                    "seeds": min(len(ensemble.loss[n]) for n in widths),
                    "exponent": law.exponent,
                    **ends("exponent", law.interval()),
                    "scatter": law.scatter,
                }
            )
    return found


def losses_table(records: list[Record]) -> str:
    """Return medians by width, a column for each protocol, for SiLU and for ReLU."""
    parts = []
    for activation in ("silu", "relu"):
        chosen = [r for r in records if r["activation"] == activation]
        parts += [f"Median loss, {activation}:", ""]
        parts += [markdown(*pivoted(chosen, "width", "protocol", "{median:.2e}", corner="N")), ""]
    return "\n".join(parts)


def exponents_table(records: list[Record]) -> str:
    """Return one line for each fit."""
    columns = {
        "activation": "{activation}",
        "protocol": "{protocol}",
        "N": "{low} to {high} ({widths})",
        "seeds": "{seeds}",
        "α [95 %]": "{exponent:.2f} [{exponent_low:.2f}, {exponent_high:.2f}]",
        "scatter, dex": "{scatter:.2f}",
    }
    return markdown(*formatted(records, columns)) + "\n"


def _ensembles(data: Ensembles) -> Iterator[tuple[str, str, Ensemble]]:
    for activation in ("silu", "relu"):
        for name in USED:
            if name in data:
                yield name, activation, data[name][activation]


def _filled(widths: list[int]) -> list[list[int]]:
    """Return the widths in each range that they fill, each selection once."""
    chosen = [([n for n in widths if low <= n <= high], high) for low, high in RANGES]
    filled = [tuple(w) for w, high in chosen if len(w) >= 4 and w[-1] >= 0.7 * high]
    return [list(w) for w in dict.fromkeys(filled)]


def _law(ensemble: Ensemble, widths: list[int]) -> Law:
    count = min(len(ensemble.loss[n]) for n in widths)
    table = np.array([ensemble.loss[n][:count] for n in widths])
    return fit(widths, table, model="power_law", bootstrap=0)


def median_interval(loss: Floats) -> tuple[float, float]:
    """Return the order statistics between which the median lies with 95 % or more."""
    below = int(stats.binom.ppf(0.025, len(loss), 0.5))
    ordered = np.sort(loss)
    return float(ordered[max(below - 1, 0)]), float(ordered[min(len(loss) - below, len(loss) - 1)])


SECTION = Section(
    USED,
    measures={"losses": losses, "exponents": exponents},
    tables=(("losses", losses_table), ("exponents", exponents_table)),
)
