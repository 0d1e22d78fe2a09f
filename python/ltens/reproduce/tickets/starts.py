"""Share of bias, correlation of seeds and tickets for every initialisation there is."""

from __future__ import annotations

from ...tables import formatted, markdown
from .counts import ticket_record
from .ensembles import INITS, Ensembles, protocol
from .records import Record
from .sections import Section
from .splits import PARTS, SMALLEST, record

USED = tuple(f"init-{name}" for name in INITS)
_FEWEST = 3  # networks that are not dead
_TICKETS = {
    "tickets at R² ≥ 0.95": "{n95:.1f} [{n95_low:.1f}, {n95_high:.1f}]",
    "0.99": "{n99:.1f} [{n99_low:.1f}, {n99_high:.1f}]",
}


def starts(data: Ensembles) -> list[Record]:
    """Return the split of the loss and the number of tickets of each ensemble."""
    found: list[Record] = []
    for name in [name for name in USED if name in data]:
        for activation in ("silu", "relu"):
            ensemble, title = data[name][activation], protocol(name).title
            for n in ensemble.nets:
                if n >= SMALLEST and ensemble.living(n) >= _FEWEST:
                    tickets = ticket_record(ensemble.nets[n], ensemble.task, title)
                    split = record(ensemble, n, title)
                    found.append({**split, **{k: tickets[k] for k in tickets if k[:2] == "n9"}})
    return found


def table(records: list[Record]) -> str:
    """Return one line for each ensemble."""
    columns = {
        "activation": "{activation}",
        "protocol": "{protocol}",
        "N": "{width}",
        "seeds": "{seeds}",
        **PARTS,
        **_TICKETS,
    }
    return markdown(*formatted(records, columns)) + "\n"


SECTION = Section(USED, {"starts": starts}, (("starts", table),))
