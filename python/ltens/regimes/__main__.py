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
from .classification.planted_curves import NAMED


def _main(trials: int = 20, rng: int = 0) -> None:
    """Print the tables for `trials` curves of each family, and a tenth of it for planted ones."""
    for name, design, seed in (("", Design(), rng), (" and designs", None, rng + 1)):
        rows = by_family(trials, seed, design=design)
        print(f"Curves{name} drawn at random{f', {design}' if design else ''}")
        print("right / undecided / wrong, verdicts, all together, in per cent")
        for table in (short_table(rows), long_table(rows), short_table(pooled("all", rows))):
            print("", table, sep="\n", flush=True)
    fixed = [
        row
        for design in DESIGNS
        for row in pooled(str(design), planted(design, max(trials // 10, 1), rng + 2))
    ]
    print("\nPlanted curves by design", short_table(fixed, "design"), sep="\n\n", flush=True)
    for design in (Design(), Design(replicates=10, noise=0.02)):
        rows = planted(design, trials, rng + 3, curves=NAMED)
        print(f"\nPlain laws and what looks like one, {design}", short_table(rows), sep="\n\n")


if __name__ == "__main__":
    _main(*map(int, sys.argv[1:3]))
