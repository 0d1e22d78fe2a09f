"""Ctrl-C and SIGTERM."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from . import exit_codes


class Stopping:
    """Which signal came, if one did."""

    number: int | None = None

    @property
    def exit_code(self) -> int:
        """128 and the signal's number, as shells have it."""
        terminated = self.number == signal.SIGTERM
        return exit_codes.TERMINATED if terminated else exit_codes.INTERRUPTED


@contextmanager
def stoppable() -> Iterator[Stopping]:
    """Let the first SIGTERM or Ctrl-C raise KeyboardInterrupt, and ignore all after it.

    The first one is answered at once; a second, while results are written, would spoil them.
    """
    stopping = Stopping()

    def stop(number: int, _: FrameType | None) -> None:
        if stopping.number is None:
            stopping.number = number
            raise KeyboardInterrupt

    handled = (signal.SIGINT, signal.SIGTERM)
    # A shell's background job ignores SIGINT, and should go on doing so.
    before = {n: signal.getsignal(n) for n in handled if signal.getsignal(n) != signal.SIG_IGN}
    for number in before:
        signal.signal(number, stop)
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
