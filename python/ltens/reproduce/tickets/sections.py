"""One part of the measurements: which networks it needs, what it measures, how it is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from .ensembles import Ensembles, train_protocol
from .records import Record, save

Found = dict[str, list[Record]]


@dataclass(frozen=True)
class Section:
    """A part of the measurements.

    Attributes
    ----------
    title : str
    protocols : tuple of str
        Names in `tickets_ensembles.PROTOCOLS`.
    measure : callable
        Of the trained networks; returns records by the name of their CSV file.
    render : callable
        Of these records; returns Markdown tables.
    """

    title: str
    protocols: tuple[str, ...]
    measure: Callable[[Ensembles], Found]
    render: Callable[[Found], str]


def run(section: Section, *, quick: bool, threads: int, folder: Path | None) -> str:
    """Train what the section needs, measure, keep the records in `folder`, return its tables."""
    data = train_protocols(section.protocols, quick=quick, threads=threads, folder=folder)
    return section.render(measured(section, data, folder))


def measured(section: Section, data: Ensembles, folder: Path | None) -> Found:
    """Measure, and keep the records in `folder`."""
    found = section.measure(data)
    for name, records in found.items():
        save(records, folder, name)
    return found


def train_protocols(
    names: Iterable[str], *, quick: bool, threads: int, folder: Path | None
) -> Ensembles:
    """Train the protocols, or read them from their stores as far as they are there."""
    return {
        name: train_protocol(name, quick=quick, threads=threads, folder=folder)
        for name in dict.fromkeys(names)
    }
