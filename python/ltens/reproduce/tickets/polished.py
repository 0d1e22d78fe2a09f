"""Claims 1, 2 and 6: what the architecture could do, by second-order training on in float64."""

from __future__ import annotations

import numpy as np

from ...fitting import fit
from ...tables import formatted, markdown
from ...tickets import polish
from .ensembles import Ensembles
from .records import Record, ends, groups
from .sections import Section

_WIDTHS = (2, 3, 4, 5, 7, 10, 14, 20, 30)
_LONG_WIDTHS = (2, 5, 7, 10, 14, 20)  # ten times the evaluations
BUDGETS = ((300, 24, _WIDTHS), (3000, 8, _LONG_WIDTHS))


def polished(data: Ensembles, *, networks: int | None = None) -> list[Record]:
    """Polish networks of each width, 24 with 300 evaluations and 8 with 3000 (or so many)."""
    found = []
    for budget, usual, widths in BUDGETS:
        for activation in ("silu", "relu"):
            ensemble = data["base"][activation]
            for n in [n for n in widths if n in ensemble.nets]:
                nets = ensemble.nets[n][: networks or usual]
                done = polish(nets, ensemble.task, evaluations=budget)
                record = {
                    "activation": activation,
                    "budget": budget,
                    "width": n,
                    "networks": len(done.loss),
                    "trained": float(np.median(done.start)),
                    "polished": float(np.median(done.loss)),
                    **ends("polished", tuple(np.quantile(done.loss, [0.25, 0.75]))),
                    "best": float(done.loss.min()),
                    "unfinished": float((done.evaluations >= budget).mean()),
                    "losses": done.loss.tolist(),
                }
                found.append(record)
    return found


def exponents(records: list[Record]) -> list[Record]:
    """Return alpha of the median polished loss from N = 5 on."""
    found: list[Record] = []
    wide = [r for r in records if r["width"] >= 5]
    for (activation, budget), own in groups(wide, "activation", "budget").items():
        if len(own) < 4:
            continue
        count = min(r["networks"] for r in own)
        table = [r["losses"][:count] for r in own]
        law = fit([r["width"] for r in own], table, model="power_law", bootstrap=0)
        record: Record = {"activation": activation, "budget": budget}
        record |= {"low": own[0]["width"], "high": own[-1]["width"], "networks": count}
        found.append(record | {"exponent": law.exponent, **ends("exponent", law.interval())})
    return found


def table(records: list[Record]) -> str:
    """Return one line for each width and budget."""
    columns = {
        "activation": "{activation}",
        "evaluations": "{budget}",
        "N": "{width}",
        "networks": "{networks}",
        "Adam, median": "{trained:.1e}",
        "polished, median [quartiles]": "{polished:.1e} [{polished_low:.1e}, {polished_high:.1e}]",
        "best": "{best:.1e}",
        "still falling": "{unfinished:.0%}",
    }
    return markdown(*formatted(records, columns)) + "\n"


def exponents_table(records: list[Record]) -> str:
    """Return one line for each budget."""
    columns = {
        "activation": "{activation}",
        "evaluations": "{budget}",
        "N": "{low} to {high}",
        "networks": "{networks}",
        "α of polished losses": "{exponent:.2f} [{exponent_low:.2f}, {exponent_high:.2f}]",
    }
    return markdown(*formatted(records, columns)) + "\n"


SECTION = Section(
    ("base",),
    measures={"polish": polished},
    derived={"polish_exponents": ("polish", exponents)},
    tables=(("polish", table), ("polish_exponents", exponents_table)),
)
