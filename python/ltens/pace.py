"""How fast a computation runs and how long it will still take.

Durations come from the monotonic clock: a wall clock that jumps changes nothing.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

_WINDOW = 20.0  # seconds over which the speed is measured
_TRUST = 2.0  # seconds of measurement after which the prediction counts for nothing


class Pace:
    """Work done over time, and the time left.

    Parameters
    ----------
    cost : float or None
        Predicted seconds of the whole computation; None if nothing was predicted. The time left is
        the cost left, in the ratio of time to cost that was measured: parts that are predicted to
        be slower per unit of work may come later without misleading it.
    clock : callable
        Gives seconds.

    Examples
    --------
    >>> now = iter([0.0, 10.0, 10.0]).__next__
    >>> pace = Pace(cost=None, clock=now)
    >>> pace.update(work=50.0, share=0.25)
    >>> pace.rate, pace.seconds_left()
    (5.0, 30.0)
    """

    def __init__(self, cost: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._cost = cost
        self._marks = deque([(clock(), 0.0, 0.0)])  # time, work, share
        self._begin = self._marks[0]

    def restart(self, work: float, share: float) -> None:
        """Begin at what was done before."""
        self._marks = deque([(self._clock(), work, share)])
        self._begin = self._marks[0]

    def update(self, work: float, share: float) -> None:
        """Note that so much work, this share (0 to 1) of the cost, is done by now."""
        now = self._clock()
        if share > self._marks[-1][2] or work > self._marks[-1][1]:
            self._marks.append((now, work, share))
        while len(self._marks) > 2 and self._marks[1][0] < now - _WINDOW:
            self._marks.popleft()

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self._marks[-1][2] >= 1 - 1e-9

    @property
    def elapsed(self) -> float:
        """Seconds from the beginning to the last update."""
        return self._marks[-1][0] - self._begin[0]

    @property
    def mean_rate(self) -> float:
        """Units of work per second since the beginning."""
        return (self._marks[-1][1] - self._begin[1]) / self.elapsed if self.elapsed > 0 else 0.0

    @property
    def rate(self) -> float:
        """Units of work per second."""
        (start, work0, _), (end, work1, _) = self._marks[0], self._marks[-1]
        return (work1 - work0) / (end - start) if end > start else 0.0

    def seconds_left(self) -> float | None:
        """Return the time left, None as long as nobody can know."""
        (start, _, share0), (end, _, share1) = self._marks[0], self._marks[-1]
        seconds, share, left = end - start, share1 - share0, 1 - share1
        predicted = None if self._cost is None else left * self._cost
        if share > 0 and seconds > 0:
            measured = left * seconds / share
            doubt = max(0.0, 1 - seconds / _TRUST) if predicted is not None else 0.0
            at_end = doubt * (predicted or 0.0) + (1 - doubt) * measured
        elif predicted is not None:
            at_end = predicted
        else:
            return None
        return max(0.0, at_end - (self._clock() - end))
