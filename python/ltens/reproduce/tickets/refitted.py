"""What the neurons allow: the read-out alone solved by least squares, at three cutoffs."""

from __future__ import annotations

import numpy as np

from ...tables import formatted, markdown
from ...tickets import refit
from .ensembles import Ensembles, protocol
from .records import Record, ends
from .sections import Section

USED = ("base", "ten", "unit")
_WIDTHS = (2, 3, 5, 7, 10, 14, 20, 40, 80, 100)
_CUTOFFS = {"all": 1e-13, "middle": 1e-7, "steep": 1e-5}  # of the largest singular value
_NETWORKS = 100


def refitted(data: Ensembles) -> list[Record]:
    """Refit the read-out of networks of each width."""
    found = []
    for name in [name for name in USED if name in data]:
        for activation in ("silu", "relu"):
            ensemble = data[name][activation]
            for n in [n for n in _WIDTHS if n in ensemble.nets]:
                nets = ensemble.nets[n][:_NETWORKS]
                record: Record = {
                    "activation": activation,
                    "protocol": protocol(name).title,
                    "width": n,
                    "networks": len(nets.c),
                    "weight": float(np.median(np.abs(nets.a).max(axis=1))),
                }
                for key, cutoff in _CUTOFFS.items():
                    done = refit(nets, ensemble.task, cutoff=cutoff)
                    middle = np.quantile(done.loss, [0.5, 0.25, 0.75])
                    record["trained"] = float(np.median(done.trained))
                    record |= {key: float(middle[0]), **ends(key, (middle[1], middle[2]))}
                    record[f"{key}_weight"] = float(np.median(done.largest))
                found.append(record)
    return found


def table(records: list[Record]) -> str:
    """Return one line for each width: median losses, and the median of the largest |a|."""
    columns = {
        "activation": "{activation}",
        "protocol": "{protocol}",
        "N": "{width}",
        "as trained (max |a|)": "{trained:.1e} ({weight:.0f})",
        "cutoff 1e-5": "{steep:.1e} ({steep_weight:.0f})",
        "1e-7": "{middle:.1e} ({middle_weight:.0f})",
        "1e-13": "{all:.1e} ({all_weight:.0f})",
    }
    return markdown(*formatted(records, columns)) + "\n"


SECTION = Section(USED, {"refit": refitted}, (("refit", table),))
