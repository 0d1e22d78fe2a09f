"""Blocks that could not be computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .blocks import Block

ATTEMPTS = 3


@dataclass(frozen=True)
class Failure:
    """A block and the last error of its attempts."""

    block: Block
    error: BaseException


class BlocksFailed(RuntimeError):  # noqa: N818 - a state of a sweep, like Interrupted
    """Some blocks raised on every attempt; all others are finished.

    Attributes
    ----------
    failures : list of Failure
    dataset : xarray.Dataset or None
        What is finished, if a sweep raised this.
    """

    dataset: Any = None

    def __init__(self, failures: Sequence[Failure], blocks: int) -> None:
        first = failures[0]
        super().__init__(
            f"{len(failures)} of {blocks} block(s) failed {ATTEMPTS} times, the others are "
            f"finished; the first is {first.block}: {type(first.error).__name__}: {first.error}"
        )
        self.failures = list(failures)
