"""Print the tables of docs/results/coverage.md and docs/guide/design.md.

``python -m ltens.fitting [headline | surface | histories | collapse | isoflop | design] [TRIALS]``;
``isoflop`` is that of docs/guide/surfaces.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

from . import headline_coverage
from .coverage import experiments, markdown, measure_coverage
from .designs.simulation import design_experiments, design_markdown, measure_design
from .histories.collapse_coverage import by_collapse, collapse_markdown
from .histories.coverage import history_experiments, history_markdown, measure_history_coverage
from .surface.compute_bias import bias_experiments, bias_markdown, measure_bias
from .surface.coverage import measure_surface_coverage, surface_experiments, surface_markdown

_Experiment = TypeVar("_Experiment")


def main(arguments: Sequence[str]) -> None:
    """Print the table asked for; which experiment is on goes to stderr."""
    kinds = {
        "headline": (_headline, 100),
        "surface": (_surface, 400),
        "histories": (_histories, 400),
        "collapse": (_collapse, 200),
        "isoflop": (_isoflop, 100),
        "design": (_design, 400),
    }
    kind, trials = kinds.get(arguments[0], (_law, 4000)) if arguments else (_law, 4000)
    rest = [word for word in arguments if word not in kinds]
    print(kind(int(rest[0]) if rest else trials))


def _law(trials: int) -> str:
    rows = [
        measure_coverage(each, trials=trials, rng=number)
        for number, each in _counted(experiments())
    ]
    return markdown(rows)


def _surface(trials: int) -> str:
    rows = [
        measure_surface_coverage(each, trials=trials, rng=number)
        for number, each in _counted(surface_experiments())
    ]
    return surface_markdown(rows)


def _isoflop(trials: int) -> str:
    rows = [
        measure_bias(each, trials=trials, rng=number)
        for number, each in _counted(bias_experiments())
    ]
    return bias_markdown(rows)


def _histories(trials: int) -> str:
    rows = [
        measure_history_coverage(each, trials=trials, rng=number)
        for number, each in _counted(history_experiments())
    ]
    return history_markdown(rows)


def _collapse(trials: int) -> str:
    return collapse_markdown(by_collapse(trials))


def _headline(trials: int) -> str:
    rows = []
    for row in headline_coverage.by_family(trials):
        print(row[0].name, row[1], row[2], file=sys.stderr)
        rows.append(row)
    return headline_coverage.markdown(rows)


def _design(trials: int) -> str:
    rows = [
        measure_design(each, trials=trials, rng=number)
        for number, each in _counted(design_experiments())
    ]
    return design_markdown(rows)


def _counted(wanted: list[_Experiment]) -> Iterator[tuple[int, _Experiment]]:
    for number, experiment in enumerate(wanted):
        print(f"{number + 1} of {len(wanted)}", file=sys.stderr)
        yield number, experiment


if __name__ == "__main__":
    main(sys.argv[1:])
