"""Claim 5: whether the loss is variance over seeds, without bias.

Values for each width: neither part is a power of it (chi^2 per degree of freedom 10 to 500).
"""

from __future__ import annotations

from typing import Any

from ...tables import formatted, markdown, pivoted
from ...tickets import BiasVariance, bias_variance
from .ensembles import Ensemble, Ensembles, protocol
from .records import Record, ends
from .sections import Section
from .verdicts import NONE, unbiased

STOPS = tuple(f"stop-{n}" for n in (500, 2_000, 5_000, 10_000, 20_000))
TRAINING_TIME = (*STOPS, "base", "four", "ten", "forty")
USED = (*TRAINING_TIME, "unit", "unit-ten")
SMALLEST = 5
_FEWEST = 3  # networks that are not dead: a step or two into training there may be none
MEDIANS = 10.0  # "without outliers" is without losses above so many medians
SHOWN = (5, 10, 20, 40, 80, 100)


def splits(data: Ensembles) -> list[Record]:
    """Return bias, variance and correlation of every ensemble from N = 5 on."""
    found = []
    for name in [name for name in USED if name in data]:
        for ensemble in data[name].values():
            for n in [n for n in ensemble.nets if n >= SMALLEST and ensemble.living(n) >= _FEWEST]:
                found.append(record(ensemble, n, protocol(name).title))
    return found


def record(ensemble: Ensemble, n: int, title: str) -> Record:
    """Return the split of one ensemble, under both rules of exclusion."""
    nets = ensemble.nets[n]
    split = bias_variance(nets, ensemble.task)
    trimmed = bias_variance(nets, ensemble.task, exclude=MEDIANS)
    found: dict[str, Any] = {
        "activation": nets.activation,
        "protocol": title,
        "width": n,
        "seeds": split.seeds,
        "excluded": split.excluded,
        **_values(split, ("loss", "bias2", "variance", "share", "correlation")),
    }
    own = _values(trimmed, ("loss", "bias2", "variance", "share", "correlation"))
    found |= {f"trimmed_{key}": value for key, value in own.items()}
    found["outliers"] = trimmed.excluded - split.excluded
    verdict = unbiased(split.intervals["share"], split.intervals["correlation"])
    return {**found, "verdict": verdict}


def _values(split: BiasVariance, names: tuple[str, ...]) -> Record:
    found: Record = {}
    for key in names:
        found |= {key: getattr(split, key), **ends(key, split.intervals[key])}
        found[f"{key}_error"] = split.errors[key]
    return found


PARTS = {
    "mean loss": "{loss:.1e}",
    "bias²": "{bias2:.1e} [{bias2_low:.1e}, {bias2_high:.1e}]",
    "variance": "{variance:.1e} [{variance_low:.1e}, {variance_high:.1e}]",
    "share of bias²": "{share:.2f} [{share_low:.2f}, {share_high:.2f}]",
    "correlation of two seeds' errors": "{correlation:.2f} [{correlation_low:.2f}, "
    "{correlation_high:.2f}]",
    "losses > 10 medians": "{outliers}",
    "share without them": "{trimmed_share:.2f} [{trimmed_share_low:.2f}, {trimmed_share_high:.2f}]",
}


def table(records: list[Record]) -> str:
    """Return one line for each ensemble of the ends of training and some widths."""
    titles = [protocol(name).title for name in USED if name not in STOPS]
    chosen = [r for r in records if r["protocol"] in titles and r["width"] in SHOWN]
    columns = {
        "activation": "{activation}",
        "protocol": "{protocol}",
        "N": "{width}",
        "seeds": "{seeds}",
        **PARTS,
        f"loss is variance (share and correlation {NONE})": "{verdict}",
    }
    return markdown(*formatted(chosen, columns)) + "\n"


def training_time(records: list[Record]) -> str:
    """Return share of bias^2, by both rules, and correlation along training, a column a width."""
    titles = {protocol(name).title: _steps(name) for name in TRAINING_TIME}
    parts: list[str] = []
    for activation in ("silu", "relu"):
        chosen = [
            {**r, "steps": titles[r["protocol"]]}
            for r in records
            if r["activation"] == activation and r["protocol"] in titles
        ]
        chosen = [r for r in chosen if r["width"] in SHOWN]
        if chosen:
            form = "{loss:.1e}: {share:.2f} ({trimmed_share:.2f}), {correlation:.2f}"
            title = "share of bias² (without losses > 10 medians), correlation of seeds"
            parts += [f"Mean loss: {title}; {activation}", ""]
            parts += [markdown(*pivoted(chosen, "steps", "width", form, corner="steps \\ N")), ""]
    return "\n".join(parts)


def _steps(name: str) -> int:
    return int(protocol(name).training().steps)


SECTION = Section(
    USED,
    measures={"splits": splits},
    tables=(("splits", table), ("splits", training_time)),
)
