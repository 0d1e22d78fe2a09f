"""One part of the measurements: which networks it needs, what it measures, how it is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ..effort import Effort
from .ensembles import Ensembles, train_protocol
from .records import Record, save

Records = list[Record]
Found = dict[str, Records]


@dataclass(frozen=True)
class Section:
    """A part of the measurements; called with an `Effort`, it returns its tables.

    Attributes
    ----------
    protocols : tuple of str
        Names in `ensembles.PROTOCOLS`.
    measures : dict of str to callable
        By the name of a CSV file: of the trained networks, returns its records.
    tables : tuple of (str, callable)
        By the same names: of the records, returns a Markdown table.
    derived : dict of str to (str, callable)
        More records: of those measured under the name given.
    """

    protocols: tuple[str, ...]
    measures: Mapping[str, Callable[[Ensembles], Records]]
    tables: tuple[tuple[str, Callable[[Records], str]], ...]
    derived: Mapping[str, tuple[str, Callable[[Records], Records]]] = field(default_factory=dict)

    def __call__(self, effort: Effort) -> str:
        """Train what is needed, measure, keep the records in the folder, return the tables."""
        data = train_protocols(self.protocols, effort)
        return self.render(self.measured(data, effort))

    def measured(self, data: Ensembles, effort: Effort) -> Found:
        """Measure, withhold the verdicts of a quick run, and keep the records in the folder."""
        found = {name: measure(data) for name, measure in self.measures.items()}
        found |= {name: derive(found[source]) for name, (source, derive) in self.derived.items()}
        found = {name: effort.judged(records) for name, records in found.items()}
        for name, records in found.items():
            save(records, effort.table(name))
        return found

    def render(self, found: Found) -> str:
        """Return the tables."""
        return "\n".join(table(found[name]) for name, table in self.tables)


def train_protocols(names: Iterable[str], effort: Effort) -> Ensembles:
    """Train the protocols, or read them from their stores as far as they are there."""
    return {name: train_protocol(name, effort) for name in dict.fromkeys(names)}
