"""Which columns hold sizes, losses and the names of curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    groups, runs : int or None
    """

    size: int
    loss: int
    more: tuple[int, ...]
    by: tuple[int, ...]
    status: int | None
    groups: int | None = None
    runs: int | None = None

    @property
    def used(self) -> set[int]:
        """Return all places."""
        several = (self.size, self.loss, *self.more, *self.by, self.groups, self.runs)
        return {place for place in several if place is not None}


def choose(
    cells: Cells,
    sizes: Sequence[str | int | None],
    loss: str | int | None,
    by: Sequence[str | int] | None,
    more: Sequence[str | int] = (),
    *,
    labels: Mapping[str, str | int | None] | None = None,
) -> Chosen:
    """Return the columns that are named, else those that are evident.

    A table of `ltens export` has sizes, losses, curves and statuses in columns of known names. Of
    another table with two columns of numbers, the first holds the sizes. `labels` are the columns
    of groups and runs.

    Raises
    ------
    ValueError
        If a column is neither named nor evident, or one is to be two things.
    """
    named_by = None if by is None else tuple(cells.find(name, "by") for name in by)
    size, *rest = sizes
    further = tuple(cells.find(str(name), "size") for name in rest)
    further += tuple(cells.find(name, "columns") for name in more)
    words = {
        option: cells.find(name, option)
        for option, name in (labels or {}).items()
        if name is not None
    }
    exported = _status(cells)
    if exported is not None:
        size = "width" if size is None else size
        loss = "loss" if loss is None else loss
    places = _places(cells, size, loss, (*further, *(named_by or ()), *words.values()))
    _refuse_one_column(cells, (*places, *further))
    if named_by is None:
        taken = (*places, *further, *words.values())
        named_by = () if exported is None else _axes(cells, taken)
    for option, named in (("by", named_by), *((o, (place,)) for o, place in words.items())):
        for place in (*places, *further):
            if place in named:
                raise ValueError(
                    f"{option} is {cells.names[place]!r}, but that column of {cells.source} holds "
                    "the sizes or losses."
                )
    return Chosen(*places, further, named_by, exported, **words)


def _refuse_one_column(cells: Cells, places: Sequence[int]) -> None:
    """Raise ValueError if a column is to hold two of the sizes, or sizes and losses."""
    for at, place in enumerate(places):
        if place in places[:at]:
            what = "size and loss are both" if place == places[1] else "two sizes are both"
            raise ValueError(
                f"{what} {cells.names[place]!r}, but must be two columns of {cells.source}."
            )


def _status(cells: Cells) -> int | None:
    """Return the place of the statuses, None if this is no table of `ltens export`."""
    if not set(cells.names) >= _EXPORTED or len(set(cells.names)) < len(cells.names):
        return None
    place = cells.names.index("status")
    return place if set(cells.columns[place]) <= set(STATUS) else None


def _axes(cells: Cells, taken: Sequence[int]) -> tuple[int, ...]:
    """Return the axes of an exported sweep, which stand before its losses and name the curves."""
    axes = range(min(cells.names.index("loss"), cells.names.index("status")))
    apart = {*taken} | {i for i in axes if cells.names[i] in ("seed", "checkpoint")}
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
    return found[0], found[1]


def refuse_pooling(
    cells: Cells, sizes: Sequence[Sequence[float]], curves: Sequence[str], used: set[int]
) -> None:
    """Raise ValueError if words beside the sizes tell several curves apart that are one so far.

    A word that stands at one value of a size only, such as the name of a model or a run, tells none
    apart. `sizes` holds each column of them.
    """
    telling = []
    for place in range(len(cells.names)):
        alone = len(set(cells.columns[place])) == len(cells.lines)  # each word at one run
        if place in used or alone or not cells.is_text(place):
            continue
        words = list(zip(curves, cells.columns[place], strict=True))
        if len(set(words)) > len(set(curves)) and all(_moves(words, column) for column in sizes):
            telling.append(place)
    if not telling:
        return
    shown = [f"{cells.names[i] or i + 1} ({_few(cells.columns[i])})" for i in telling]
    first = cells.names[telling[0]] or telling[0] + 1
    one_law = f" --groups {first!s} shares exponents," if len(sizes) > 1 else ""
    raise ValueError(
        f"{cells.source} holds words beside its sizes and losses, which may name several curves: "
        f"{', '.join(shown)}: --by {first!s} fits each by itself,{one_law} --pool takes all as one."
    )


def _moves(words: Sequence[tuple[str, str]], sizes: Sequence[float]) -> bool:
    """Return whether a word stands at several sizes."""
    at: dict[tuple[str, str], set[float]] = {}
    for word, n in zip(words, sizes, strict=True):
        at.setdefault(word, set()).add(n)
    return any(len(found) > 1 for found in at.values())


def _few(column: Sequence[str]) -> str:
    values = [cell or "blank" for cell in dict.fromkeys(column)]
    return ", ".join(value[:20] for value in values[:3]) + (", ..." if len(values) > 3 else "")
