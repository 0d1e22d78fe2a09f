"""With how many steps, seeds, draws, starts and trials functions are called: seen, not declared."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from types import CodeType, FrameType
from typing import Any

KINDS = ("steps", "seeds", "draws", "starts", "trials")
Size = tuple[str, int]


@contextmanager
def sizes_not_called(wanted: Iterable[Size]) -> Iterator[set[Size]]:
    """Strike off each (kind, number) that a function is called with, here or in a new thread.

    Of a sequence its numbers count and how many there are; of an argument `training`, its steps.
    Calls are looked at until nothing is left.
    """
    left = set(wanted)

    def look(frame: FrameType, event: str, _: object) -> None:
        if not left:
            sys.setprofile(None)
        for name in _watched(frame.f_code) if event == "call" else ():
            value = frame.f_locals[name]
            kind, value = ("steps", value.steps) if name == "training" else (name, value)
            left.difference_update((kind, number) for number in _numbers(value))

    threading.setprofile(look)
    sys.setprofile(look)
    try:
        yield left
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


@cache
def _watched(code: CodeType) -> tuple[str, ...]:
    arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    in_package = "ltens" in code.co_filename or code.co_filename == "<string>"  # of a dataclass
    return tuple(name for name in arguments if in_package and name in {*KINDS, "training"})


def _numbers(value: Any) -> list[int]:
    if isinstance(value, int):
        return [value]
    if not isinstance(value, (tuple, list, range)):
        return []
    return [len(value), *(one for one in value if isinstance(one, int))]
