"""Print the coverage table of docs/results/coverage.md: ``python -m ltens.fitting [TRIALS]``."""

from __future__ import annotations

import sys

from .coverage import experiments, markdown, measure_coverage


def main(trials: int = 4000) -> None:
    """Run every experiment; which one is on goes to stderr, the table to stdout."""
    rows, wanted = [], experiments()
    for number, experiment in enumerate(wanted):
        print(f"{number + 1} of {len(wanted)}", file=sys.stderr)
        rows.append(measure_coverage(experiment, trials=trials, rng=number))
    print(markdown(rows))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
