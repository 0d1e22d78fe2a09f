"""Cuts what is missing into blocks of about a second, the longest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .._typing import Ints
from ..computation import Cell

BLOCK_SECONDS = 1.0
_SHORTEST = 0.05  # seconds: shorter blocks would mostly be overhead
_SHARE = 4  # blocks for every worker, if the whole is short


@dataclass(frozen=True, eq=False)
class Block:
    """Some labels of one cell: what is computed, committed and lost together.

    Attributes
    ----------
    cell : Cell
    labels : (n,) int64

    Examples
    --------
    >>> block = Block(Cell({"width": 1}, seconds=0.1, work=3.0, granule=4), np.arange(10))
    >>> block.work, block.expected(threads=2)
    (30.0, 0.8)
    """

    cell: Cell
    labels: Ints

    @property
    def work(self) -> float:
        """Units of progress."""
        return self.cell.work * len(self.labels)

    def expected(self, threads: int) -> float:
        """Return the predicted seconds: whole granules, dealt to the threads."""
        rounds = -(-len(self.labels) // (self.cell.granule * threads))
        return self.cell.seconds * self.cell.granule * rounds

    def without(self, labels: Ints) -> Block | None:
        """Return what is left of the block, None if that is nothing."""
        rest = self.labels[~np.isin(self.labels, labels)]
        return Block(self.cell, rest) if len(rest) else None

    def __str__(self) -> str:
        where = ", ".join(f"{name} {value}" for name, value in self.cell.coordinates.items())
        return f"{where}, labels {self.labels[0]} to {self.labels[-1]}"


def cut_for(
    cells: Sequence[Cell], missing: Sequence[Ints], *, threads: int, workers: int
) -> list[Block]:
    """Return the blocks for so many workers: shorter ones if there would be too few.

    Examples
    --------
    >>> cell = Cell({"width": 1}, seconds=0.1, work=1.0)
    >>> [len(block.labels) for block in cut_for([cell], [np.arange(16)], threads=1, workers=2)]
    [2, 2, 2, 2, 2, 2, 2, 2]
    """
    seconds = BLOCK_SECONDS
    if workers > 1:
        whole = [Block(cell, part) for cell, part in zip(cells, missing, strict=True)]
        cost = sum(block.expected(threads) for block in whole)
        seconds = min(seconds, max(_SHORTEST, cost / (_SHARE * workers)))
    return cut(cells, missing, threads=threads, seconds=seconds)


def expected_seconds(blocks: Sequence[Block], *, threads: int, workers: int) -> float:
    """Return the predicted time of all blocks, so many at once on so many threads each.

    Examples
    --------
    >>> cell = Cell({"width": 1}, seconds=0.1, work=1.0)
    >>> blocks = [Block(cell, np.arange(3)), Block(cell, np.arange(1))]
    >>> [round(expected_seconds(blocks, threads=1, workers=n), 3) for n in (1, 2)]
    [0.4, 0.3]
    """
    seconds = [block.expected(threads) for block in blocks]
    return max(sum(seconds) / workers, max(seconds, default=0.0))


def cut(
    cells: Sequence[Cell],
    missing: Sequence[Ints],
    *,
    threads: int = 1,
    seconds: float = BLOCK_SECONDS,
) -> list[Block]:
    """Return the blocks of all missing labels, the longest first.

    Parameters
    ----------
    cells : sequence of Cell
    missing : sequence of (n,) int64
        The missing labels of each cell.
    threads : int
        How many threads share a block. A block holds whole granules for each of them.
    seconds : float
        The time a block should take.

    Examples
    --------
    >>> cell = Cell({"width": 1}, seconds=0.1, work=1.0, granule=4)
    >>> [len(block.labels) for block in cut([cell], [np.arange(30)])]
    [8, 8, 8, 6]
    """
    blocks: list[Block] = []
    for cell, labels in zip(cells, missing, strict=True):
        size = block_size(cell, threads, seconds)
        for first in range(0, len(labels), size):
            blocks.append(Block(cell, labels[first : first + size]))
    return sorted(blocks, key=lambda block: -block.expected(threads))


def block_size(cell: Cell, threads: int, seconds: float = BLOCK_SECONDS) -> int:
    """Return how many labels take about so many seconds, in whole granules for every thread.

    Examples
    --------
    >>> block_size(Cell({"width": 1}, seconds=10.0, work=1.0, granule=4), threads=2)
    8
    """
    granules = seconds / max(cell.seconds * cell.granule, 1e-12)
    return cell.granule * threads * max(1, round(min(granules, 1e9)))
