"""The statistics of d = 1 in two dimensions: the same widths and seeds side by side."""

from __future__ import annotations

from ...tables import formatted, markdown
from ...tickets import ensembling
from .averages import comparison
from .ensembles import Ensembles, protocol
from .records import Record
from .sections import Section
from .splits import PARTS, SMALLEST, record

USED = ("line", "plane")
_FEWEST = 3  # networks that are not dead


def splits(data: Ensembles) -> list[Record]:
    """Return bias, variance, share and correlation of each ensemble."""
    return [
        record(data[name][activation], n, protocol(name).title)
        for activation in ("silu", "relu")
        for name in USED
        if name in data
        for n in data[name][activation].nets
        if n >= SMALLEST and data[name][activation].living(n) >= _FEWEST
    ]


def averages(data: Ensembles) -> list[Record]:
    """Return the two predictions of ensembling over trained networks of twice the width."""
    found: list[Record] = []
    for activation in ("silu", "relu"):
        for name in [name for name in USED if name in data]:
            ensemble = data[name][activation]
            alive = ensemble.living_pairs()
            rows = ensembling(alive, ensemble.task).rows if alive else ()
            found += [
                comparison(activation, protocol(name).title, row)
                for row in rows
                if row.narrow >= SMALLEST
            ]
    return found


def table(records: list[Record]) -> str:
    """Return one line for each ensemble."""
    columns = {
        "activation": "{activation}",
        "dimension": "{protocol}",
        "N": "{width}",
        "seeds": "{seeds}",
        **PARTS,
    }
    return markdown(*formatted(records, columns)) + "\n"


def averages_table(records: list[Record]) -> str:
    """Return one line for each pair of widths."""
    columns = {
        "activation": "{activation}",
        "dimension": "{protocol}",
        "k × N → kN": "{k} × {narrow} → {wide}",
        "kN trained": "{observed:.1e}",
        "outputs averaged / trained": "{averaged_ratio:.2f} [{averaged_low:.2f}, "
        "{averaged_high:.2f}]",
        "rule Σl/k² / trained": "{rule_ratio:.2f} [{rule_low:.2f}, {rule_high:.2f}]",
    }
    return markdown(*formatted(records, columns)) + "\n"


SECTION = Section(
    USED,
    measures={"plane": splits, "plane_averages": averages},
    tables=(("plane", table), ("plane_averages", averages_table)),
)
