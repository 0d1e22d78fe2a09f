"""The solution types of networks of one, two and three neurons: peaks of the loss and shares."""

from __future__ import annotations

from ...tables import formatted, markdown
from ...tickets import algorithms
from .ensembles import Ensembles, protocol
from .records import Record
from .sections import Section

USED = ("small", "small-unit")
_TYPES = 3  # named in the table


def peaks(data: Ensembles) -> list[Record]:
    """Return every peak with its share, types and an example."""
    found = []
    for name in [name for name in USED if name in data]:
        half = protocol(name).domain[1]
        for activation in ("silu", "relu"):
            ensemble = data[name][activation]
            for n, nets in ensemble.nets.items():
                for peak in algorithms(nets, ensemble.loss[n], domain=half).peaks:
                    parts = (peak.w, peak.b, peak.a, (peak.c,))
                    numbers = "; ".join(" ".join(f"{v:.3g}" for v in part) for part in parts)
                    found.append(
                        {
                            "activation": activation,
                            "protocol": protocol(name).title,
                            "width": n,
                            "seeds": len(ensemble.loss[n]),
                            "loss": peak.loss,
                            "share": peak.share,
                            "types": ", ".join(f"{t} {s:.0%}" for t, s in _first(peak.types)),
                            "example": numbers,
                        }
                    )
    return found


def _first(types: dict[str, float]) -> list[tuple[str, float]]:
    return [(name, share) for name, share in list(types.items())[:_TYPES] if share >= 0.005]


def table(records: list[Record]) -> str:
    """Return one line for each peak."""
    columns = {
        "activation": "{activation}",
        "interval": "{protocol}",
        "N": "{width}",
        "peak at": "{loss:.1e}",
        "share of seeds": "{share:.1%}",
        "solution types": "{types}",
        "example (w; b; a; c)": "{example}",
    }
    return markdown(*formatted(records, columns)) + "\n"


SECTION = Section(USED, {"peaks": peaks}, (("peaks", table),))
