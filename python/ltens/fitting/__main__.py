"""Print tables of docs/results/coverage.md: ``python -m ltens.fitting [headline] [TRIALS]``."""

from __future__ import annotations

import sys

from . import headline_coverage
from .coverage import experiments, markdown, measure_coverage


def main(trials: int = 4000) -> None:
    """Run every experiment; which one is on goes to stderr, the table to stdout."""
    rows, wanted = [], experiments()
    for number, experiment in enumerate(wanted):
        print(f"{number + 1} of {len(wanted)}", file=sys.stderr)
        rows.append(measure_coverage(experiment, trials=trials, rng=number))
    print(markdown(rows))


def headline(trials: int = 100) -> None:
    """Count how often what a fit says first is true."""
    rows = []
    for row in headline_coverage.by_family(trials):
        print(row[0].name, row[1], row[2], file=sys.stderr)
        rows.append(row)
    print(headline_coverage.markdown(rows))


if __name__ == "__main__":
    if sys.argv[1:2] == ["headline"]:
        headline(*map(int, sys.argv[2:3]))
    else:
        main(*map(int, sys.argv[1:2]))
