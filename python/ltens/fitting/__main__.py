"""Print the tables of docs/results/coverage.md: ``python -m ltens.fitting [surface] [TRIALS]``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

from .coverage import experiments, markdown, measure_coverage
from .surface.coverage import measure_surface_coverage, surface_experiments, surface_markdown

_Experiment = TypeVar("_Experiment")


def main(arguments: Sequence[str]) -> None:
    """Run every experiment; which one is on goes to stderr, the table to stdout."""
    if arguments[:1] == ["surface"]:
        trials = int(arguments[1]) if len(arguments) > 1 else 400
        found = [
            measure_surface_coverage(each, trials=trials, rng=number)
            for number, each in _counted(surface_experiments())
        ]
        print(surface_markdown(found))
        return
    trials = int(arguments[0]) if arguments else 4000
    rows = [
        measure_coverage(each, trials=trials, rng=number)
        for number, each in _counted(experiments())
    ]
    print(markdown(rows))


def _counted(wanted: list[_Experiment]) -> Iterator[tuple[int, _Experiment]]:
    for number, experiment in enumerate(wanted):
        print(f"{number + 1} of {len(wanted)}", file=sys.stderr)
        yield number, experiment


if __name__ == "__main__":
    main(sys.argv[1:])
