"""What a sweep will take, and how it is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ..computation import Plain
from ..tables import listing, text
from ..words import duration, exact, in_bytes

_MOST_LINES = 40  # of a table of cells


@dataclass(frozen=True)
class PlannedCell:
    """One activation at one width and one value of every other axis.

    Attributes
    ----------
    activation : str
    width : int
    at : dict
        The values of the axes ``over``.
    engine, reason : str
        See `ltens.engines.choose`.
    networks : int
        Still to be trained.
    blocks : int
    seconds : float
        Expected.
    """

    activation: str
    width: int
    engine: str
    reason: str
    networks: int
    blocks: int
    seconds: float
    at: Mapping[str, Plain] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What a sweep will take; ``print`` shows it.

    Attributes
    ----------
    cells : tuple of PlannedCell
    networks, stored : int
        In all; of these in the store already.
    blocks : int
        To be computed.
    work : float
        Neuron-sample updates to be done.
    seconds : float
        Expected time.
    calibrated : bool
        Whether that comes from a trial on this machine, or from constants that are right to a
        factor of a few.
    workers, threads : int
        Blocks at a time, and threads of each.
    memory : int
        Bytes of the results and the running blocks.
    disk : int
        Bytes of the store, if there is one, for what is to be computed.
    """

    cells: tuple[PlannedCell, ...]
    networks: int
    stored: int
    blocks: int
    work: float
    seconds: float
    calibrated: bool
    workers: int
    threads: int
    memory: int
    disk: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        basis = "measured" if self.calibrated else "predicted, right to a factor of a few"
        means = f"{self.threads} thread(s)"
        if self.workers > 1:
            means = f"{self.workers} workers of {means}"
        facts = {
            "networks": f"{self.networks}, of which {self.stored} are in the store",
            "blocks": self.blocks,
            "work": f"{self.work:.3g} neuron-sample updates",
            "time": f"{duration(self.seconds)} on {means} ({basis})",
            "memory": in_bytes(self.memory),
            "store": in_bytes(self.disk),
        }
        return f"{listing(facts.items())}\n\n{_cell_table(self.cells)}"


def _cell_table(cells: Sequence[PlannedCell]) -> str:
    """Return a line for each cell; for each activation and width, where that would be too many."""
    axes = list(cells[0].at)
    if axes and len(cells) > _MOST_LINES:
        cells, axes = _without_axes(cells), []
    heads = ("activation", "width", *axes, "engine", "networks", "blocks", "time")
    rows = [
        (
            *(c.activation, c.width, *map(exact, c.at.values())),
            *(c.engine, c.networks, c.blocks, duration(c.seconds)),
        )
        for c in cells
    ]
    return text(heads, rows)


def _without_axes(cells: Sequence[PlannedCell]) -> list[PlannedCell]:
    """Add up the cells of every activation and width."""
    groups: dict[tuple[str, int], list[PlannedCell]] = {}
    for cell in cells:
        groups.setdefault((cell.activation, cell.width), []).append(cell)
    return [
        PlannedCell(
            activation=activation,
            width=width,
            engine=" ".join(dict.fromkeys(cell.engine for cell in group)),
            reason="",
            networks=sum(cell.networks for cell in group),
            blocks=sum(cell.blocks for cell in group),
            seconds=sum(cell.seconds for cell in group),
        )
        for (activation, width), group in groups.items()
    ]
