"""Claim 2 by another count: the loss of ReLU networks against their kinks instead of neurons."""

from __future__ import annotations

import numpy as np

from ...tables import formatted, markdown
from ...tickets import kinks
from .ensembles import Ensembles, protocol
from .exponents import PIECES
from .records import Record, ends, mean_of
from .sections import Section

USED = ("base", "wide", "four", "ten", "wide-ten", "forty")
_WIDTHS = (5, 10, 20, 40, 80, 100, 200, 400)


def counted(data: Ensembles) -> list[Record]:
    """Return kinks K of f on [-2, 2], and the loss over that of the best fit with K + 1 pieces."""
    found = []
    for name in [name for name in USED if name in data]:
        ensemble = data[name]["relu"]
        for n in [n for n in _WIDTHS if n in ensemble.nets]:
            count = kinks(ensemble.nets[n])
            ratio = np.quantile(ensemble.loss[n] * (count + 1) ** 4 / PIECES, [0.5, 0.25, 0.75])
            found.append(
                {
                    "protocol": protocol(name).title,
                    "width": n,
                    "networks": len(count),
                    "loss": float(np.median(ensemble.loss[n])),
                    **mean_of("kinks", count.astype(np.float64)),
                    "of_neurons": float(np.median(ensemble.loss[n])) * (n + 1) ** 4 / PIECES,
                    "of_kinks": float(ratio[0]),
                    **ends("of_kinks", (ratio[1], ratio[2])),
                }
            )
    return found


def table(records: list[Record]) -> str:
    """Return one line for each width."""
    columns = {
        "protocol": "{protocol}",
        "N": "{width}",
        "median loss": "{loss:.1e}",
        "kinks K": "{kinks:.1f}",
        "loss / 1.42 (N + 1)⁻⁴": "{of_neurons:.1f}",
        "loss / 1.42 (K + 1)⁻⁴ [quartiles]": "{of_kinks:.1f} [{of_kinks_low:.1f}, "
        "{of_kinks_high:.1f}]",
    }
    return markdown(*formatted(records, columns)) + "\n"


SECTION = Section(USED, {"kinks": counted}, (("kinks", table),))
