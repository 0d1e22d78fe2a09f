"""Ctrl-C and SIGTERM."""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from . import exit_codes

_ECHO = 1.0  # seconds within which a second signal is taken for the same one


class Stopping:
    """Which signal came, if one did."""

    number: int | None = None
    answered: bool = False

    def __init__(self) -> None:
        self._raised = -math.inf

    @property
    def exit_code(self) -> int:
        """128 and the signal's number, as shells have it."""
        terminated = self.number == signal.SIGTERM
        return exit_codes.TERMINATED if terminated else exit_codes.INTERRUPTED

    def handle(self, number: int, _: FrameType | None) -> None:
        """Raise KeyboardInterrupt, but not while the first one is being answered.

        One Ctrl-C may arrive twice, and a second one, while results are written, would spoil them.
        Later it counts again: code that swallows exceptions must not make us deaf.
        """
        now = time.monotonic()
        if self.answered or now - self._raised < _ECHO:
            return
        self.number, self._raised = number, now
        raise KeyboardInterrupt


@contextmanager
def stoppable() -> Iterator[Stopping]:
    """Let SIGTERM and Ctrl-C raise KeyboardInterrupt, until `answered` is set."""
    stopping = Stopping()
    handled = (signal.SIGINT, signal.SIGTERM)
    # A shell's background job ignores SIGINT, and should go on doing so.
    before = {n: signal.getsignal(n) for n in handled if signal.getsignal(n) != signal.SIG_IGN}
    for number in before:
        signal.signal(number, stopping.handle)
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
