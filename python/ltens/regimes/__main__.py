"""Print how often `classify` is right: ``python -m ltens.regimes [TRIALS [RNG]]``, minutes."""

from __future__ import annotations

import sys

from .classification.confusion_counts import (
    DESIGNS,
    Design,
    by_family,
    long_table,
    planted,
    pooled,
    short_table,
)


def _main(trials: int = 20, rng: int = 0) -> None:
    chosen = by_family(trials, rng, design=Design())
    drawn = by_family(trials, rng + 1)
    fewer = max(trials // 10, 1)
    designs = [
        row
        for design in DESIGNS
        for row in pooled(str(design), by_family(fewer, rng + 2, design=design))
    ]
    fixed = [
        row for design in DESIGNS for row in pooled(str(design), planted(design, fewer, rng + 3))
    ]
    print(f"Curves drawn at random, {Design()}: right / undecided / wrong, verdicts, all")
    for table in (short_table(chosen), long_table(chosen), short_table(pooled("all", chosen))):
        print("", table, sep="\n")
    print("\nCurves and designs drawn at random: right / undecided / wrong, verdicts, all")
    for table in (short_table(drawn), long_table(drawn), short_table(pooled("all", drawn))):
        print("", table, sep="\n")
    print("\nAll families by design", short_table(designs, "design"), sep="\n\n")
    print("\nPlanted curves by design", short_table(fixed, "design"), sep="\n\n")


if __name__ == "__main__":
    _main(*map(int, sys.argv[1:3]))
