"""Which columns hold sizes, losses and the names of curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..status import STATUS
from .cells import Cells

_EXPORTED = {"activation", "width", "loss", "status"}


@dataclass(frozen=True)
class Chosen:
    """Places of columns.

    Attributes
    ----------
    size, loss : int
    more : tuple of int
        Further sizes.
    by : tuple of int
    status : int or None
        What became of each network, in a table of `ltens export`.
    """

    size: int
    loss: int
    more: tuple[int, ...]
    by: tuple[int, ...]
    status: int | None


def choose(
    cells: Cells,
    size: str | int | None,
    loss: str | int | None,
    by: Sequence[str | int] | None,
    more: Sequence[str | int] = (),
) -> Chosen:
    """Return the columns that are named, else those that are evident.

    A table of `ltens export` has sizes, losses, curves and statuses in columns of known names. Of
    another table with two columns of numbers, the first holds the sizes.

    Raises
    ------
    ValueError
        If a column is neither named nor evident, or one is to be two things.
    """
    named_by = None if by is None else tuple(cells.find(name, "by") for name in by)
    further = tuple(cells.find(name, "columns") for name in more)
    exported = _status(cells)
    if exported is not None:
        size = "width" if size is None else size
        loss = "loss" if loss is None else loss
    places = _places(cells, size, loss, (*further, *(named_by or ())))
    if named_by is None:
        named_by = () if exported is None else _axes(cells, *places)
    for place in (*places, *further):
        if place in named_by:
            raise ValueError(
                f"by is {cells.names[place]!r}, but that column of {cells.source} holds the sizes "
                "or losses."
            )
    return Chosen(*places, further, named_by, exported)


def _status(cells: Cells) -> int | None:
    """Return the place of the statuses, None if this is no table of `ltens export`."""
    if not set(cells.names) >= _EXPORTED or len(set(cells.names)) < len(cells.names):
        return None
    place = cells.names.index("status")
    return place if set(cells.columns[place]) <= set(STATUS) else None


def _axes(cells: Cells, size: int, loss: int) -> tuple[int, ...]:
    """Return the axes of an exported sweep, which stand before its losses and name the curves."""
    axes = range(min(cells.names.index("loss"), cells.names.index("status")))
    apart = {size, loss} | {i for i in axes if cells.names[i] in ("seed", "checkpoint")}
    return tuple(i for i in axes if i not in apart and len(set(cells.columns[i])) > 1)


def _places(
    cells: Cells, size: str | int | None, loss: str | int | None, taken: tuple[int, ...]
) -> tuple[int, int]:
    places = [
        None if name is None else cells.find(name, option)
        for option, name in (("size", size), ("loss", loss))
    ]
    held = [
        i for i, name in enumerate(cells.names) if name and i not in taken and not cells.is_blank(i)
    ]
    likely = held if len(held) == 2 else [i for i in held if not cells.is_text(i)]
    if None in places and len(likely) == 2:
        free = [i for i in likely if i not in places]
        places = [
            cells.find(cells.names[free.pop(0)], option) if place is None else place
            for option, place in zip(("size", "loss"), places, strict=True)
        ]
    for option, place in zip(("size", "loss"), places, strict=True):
        if place is None:
            raise ValueError(
                f"{option} is missing, but must be given because {cells.source} has the columns "
                f"{cells.listed()}: --{option} COLUMN."
            )
    found = [place for place in places if place is not None]
    if found[0] == found[1]:
        raise ValueError(
            f"size and loss are both {cells.names[found[0]]!r}, but must be two columns of "
            f"{cells.source}."
        )
    return found[0], found[1]


def refuse_pooling(
    cells: Cells, sizes: Sequence[float], curves: Sequence[str], used: set[int]
) -> None:
    """Raise ValueError if words beside the sizes tell several curves apart that are one so far.

    A word that stands at one size only, such as the name of a model or a run, tells none apart.
    """
    telling = []
    for place in range(len(cells.names)):
        alone = len(set(cells.columns[place])) == len(cells.lines)  # each word at one run
        if place in used or alone or not cells.is_text(place):
            continue
        at: dict[tuple[str, str], set[float]] = {}
        for curve, cell, n in zip(curves, cells.columns[place], sizes, strict=True):
            at.setdefault((curve, cell), set()).add(n)
        several = len(at) > len(set(curves))
        if several and any(len(found) > 1 for found in at.values()):
            telling.append(place)
    if not telling:
        return
    words = [f"{cells.names[i] or i + 1} ({_few(cells.columns[i])})" for i in telling]
    first = cells.names[telling[0]] or telling[0] + 1
    raise ValueError(
        f"{cells.source} holds words beside its sizes and losses, which may name several curves: "
        f"{', '.join(words)}: --by {first!s} fits each by itself, --pool takes all as one."
    )


def _few(column: Sequence[str]) -> str:
    values = [cell or "blank" for cell in dict.fromkeys(column)]
    return ", ".join(value[:20] for value in values[:3]) + (", ..." if len(values) > 3 else "")
