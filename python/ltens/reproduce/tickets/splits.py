"""Claim 5: whether the loss is variance over seeds, without bias, and whether it falls as 1/N."""

from __future__ import annotations

from typing import Any

from ...tables import formatted, markdown, pivoted
from ...tickets import BiasVariance, bias_variance, slope
from .ensembles import Ensembles, protocol
from .records import Record, ends, groups
from .sections import Section
from .verdicts import NONE, unbiased

STOPS = tuple(f"stop-{n}" for n in (500, 2_000, 5_000, 10_000, 20_000))
TRAINING_TIME = (*STOPS, "base", "four", "ten", "forty")
USED = (*TRAINING_TIME, "unit", "unit-ten")
SMALLEST = 5
_FEWEST = 3  # networks that are not dead: a step or two into training there may be none
SHOWN = (5, 10, 20, 40, 80, 100)


def splits(data: Ensembles) -> list[Record]:
    """Return bias, variance and correlation of every ensemble from N = 5 on."""
    found = []
    for name in [name for name in USED if name in data]:
        for activation, ensemble in data[name].items():
            for n, nets in ensemble.nets.items():
                if n < SMALLEST or ensemble.living(n) < _FEWEST:
                    continue
                split = bias_variance(nets, ensemble.task)
                trimmed = bias_variance(nets, ensemble.task, exclude=10.0)
                found.append(_record(name, activation, n, split, trimmed))
    return found


def exponents(records: list[Record]) -> list[Record]:
    """Return the exponents of bias^2 and of the variance of each protocol (N^-alpha)."""
    found: list[Record] = []
    for (title, activation), own in groups(records, "protocol", "activation").items():
        record: Record = {"protocol": title, "activation": activation}
        record |= {"low": own[0]["width"], "high": own[-1]["width"]}
        for name in ("bias2", "variance"):
            good = [r for r in own if r[name] > 0]
            if len(good) < 3:
                break
            law = slope(*([r[key] for r in good] for key in ("width", name, f"{name}_error")))
            low, high = law.interval
            record |= {name: -law.exponent, **ends(name, (-high, -low))}
        else:
            found.append(record)
    return found


def table(records: list[Record]) -> str:
    """Return one line for each ensemble of the ends of training and some widths."""
    titles = [protocol(name).title for name in USED if name not in STOPS]
    chosen = [r for r in records if r["protocol"] in titles and r["width"] in SHOWN]
    columns = {
        "activation": "{activation}",
        "protocol": "{protocol}",
        "N": "{width}",
        "seeds": "{seeds}",
        "mean loss": "{loss:.1e}",
        "share of bias²": "{share:.2f} [{share_low:.2f}, {share_high:.2f}]",
        "correlation of two seeds' errors": "{correlation:.2f} [{correlation_low:.2f}, "
        "{correlation_high:.2f}]",
        "share without losses > 10 medians": "{trimmed:.2f}",
        f"loss is variance (share and correlation {NONE})": "{verdict}",
    }
    return markdown(*formatted(chosen, columns)) + "\n"


def exponents_table(records: list[Record]) -> str:
    """Return one line for each protocol and activation."""
    columns = {
        "activation": "{activation}",
        "protocol": "{protocol}",
        "N": "{low} to {high}",
        "bias² ~ N^−α": "{bias2:.2f} [{bias2_low:.2f}, {bias2_high:.2f}]",
        "variance ~ N^−α": "{variance:.2f} [{variance_low:.2f}, {variance_high:.2f}]",
    }
    return markdown(*formatted(records, columns)) + "\n"


def training_time(records: list[Record]) -> str:
    """Return share of bias^2 and correlation along training, a column for each width."""
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
            form = "{loss:.1e}: {share:.2f}, {correlation:.2f}"
            parts += [f"Mean loss: share of bias², correlation of seeds; {activation}", ""]
            parts += [markdown(*pivoted(chosen, "steps", "width", form, corner="steps \\ N")), ""]
    return "\n".join(parts)


def _steps(name: str) -> int:
    return int(protocol(name).training().steps)


def _record(
    name: str, activation: str, n: int, split: BiasVariance, trimmed: BiasVariance
) -> Record:
    record: dict[str, Any] = {
        "activation": activation,
        "protocol": protocol(name).title,
        "width": n,
        "seeds": split.seeds,
        "excluded": split.excluded,
    }
    for key in ("loss", "bias2", "variance", "share", "correlation"):
        record |= {key: getattr(split, key), **ends(key, split.intervals[key])}
        record[f"{key}_error"] = split.errors[key]
    verdict = unbiased(split.intervals["share"], split.intervals["correlation"])
    return {**record, "trimmed": trimmed.share, "verdict": verdict}


SECTION = Section(
    USED,
    measures={"splits": splits},
    derived={"split_exponents": ("splits", exponents)},
    tables=(
        ("splits", table),
        ("split_exponents", exponents_table),
        ("splits", training_time),
    ),
)
