"""With how many steps, seeds, draws, starts and trials functions are called: seen, not declared."""

from __future__ import annotations

import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import CodeType, FrameType
from typing import Any

KINDS = ("steps", "seeds", "draws", "starts", "trials")


@contextmanager
def sizes_of_calls() -> Iterator[dict[str, set[int]]]:
    """Collect, by kind, every number given as an argument of that name, here or in a new thread.

    Of a sequence its numbers and how many there are; of an argument `training`, its steps.
    """
    seen: dict[str, set[int]] = defaultdict(set)

    def look(frame: FrameType, event: str, _: object) -> None:
        for name in _wanted(frame.f_code) if event == "call" else ():
            value = frame.f_locals[name]
            if name == "training":
                seen["steps"].add(value.steps)
            else:
                seen[name].update(_numbers(value))

    threading.setprofile(look)
    sys.setprofile(look)
    try:
        yield seen
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


@cache
def _wanted(code: CodeType) -> tuple[str, ...]:
    arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    in_package = "ltens" in code.co_filename or code.co_filename == "<string>"  # of a dataclass
    return tuple(name for name in arguments if in_package and name in {*KINDS, "training"})


def _numbers(value: Any) -> list[int]:
    if isinstance(value, int):
        return [value]
    if not isinstance(value, (tuple, list, range)):
        return []
    return [len(value), *(one for one in value if isinstance(one, int))]
