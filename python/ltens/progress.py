"""Tells a person or a program how far a computation is."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol

from .pace import Pace
from .words import duration, scaled

Report = Callable[[int], None]
Progress = bool | Callable[[int, int], object] | None

_LOG_GAPS = (5.0, 10.0, 20.0, 40.0, 60.0)  # seconds between lines, the last one for ever
_REFRESH = 0.1  # seconds between two states of the bar


class Meter(Protocol):
    """Something that shows progress."""

    def update(self, work: float, share: float) -> None:
        """Show that so much work is done, this share (0 to 1) of the expected time."""
        ...

    def restart(self, work: float, share: float) -> None:
        """Begin at what was done before, which says nothing about the speed."""
        ...

    def close(self) -> None:
        """Leave the screen as it should stay."""
        ...


def check_progress(progress: Progress) -> None:
    """Raise TypeError unless `progress` is True, False, None or callable.

    Examples
    --------
    >>> check_progress("yes")
    Traceback (most recent call last):
    ...
    TypeError: progress is 'yes', but must be True, False, None or a callable of (done, total).
    """
    if progress is None or isinstance(progress, bool) or callable(progress):
        return
    raise TypeError(
        f"progress is {progress!r}, but must be True, False, None or a callable of (done, total)."
    )


@contextmanager
def reporting(progress: Progress, total: int) -> Iterator[Report | None]:
    """Give a function of the work done so far, or None if nobody listens.

    Parameters
    ----------
    progress : bool, callable or None
        See `metering`.
    total : int
        The work in all, in neuron-sample updates (N times D times networks times steps).

    Examples
    --------
    >>> with reporting(lambda done, total: print(done, total), 10) as report:
    ...     report(5)
    5 10
    """
    with metering(progress, total, None) as meter:
        if meter is None:
            yield None
        else:
            shown = meter
            yield lambda done: shown.update(done, done / max(total, 1))


@contextmanager
def metering(
    progress: Progress, total: float, seconds: float | None, unit: str = "upd"
) -> Iterator[Meter | None]:
    """Give a `Meter`, or None if nobody listens.

    Parameters
    ----------
    progress : bool, callable or None
        True: a bar on stderr if that is a terminal or a notebook, else lines now and then. A
        callable: called with (done, total). If either fails, nothing more is shown.
    total : float
        The work in all.
    seconds : float or None
        How long it should take.
    unit : str
        What the work counts.
    """
    check_progress(progress)
    if progress is None or progress is False:
        yield None
        return
    meter = _Harmless(lambda: _meter(progress, total, seconds, unit))
    try:
        yield meter
    finally:
        meter.close()


def _meter(
    progress: bool | Callable[[int, int], object], total: float, seconds: float | None, unit: str
) -> Meter:
    if not isinstance(progress, bool):
        return _Listener(progress, total)
    return (_Bar if _has_screen() else _Log)(total, seconds, unit)


def status_line(pace: Pace, work: float, total: float, unit: str) -> str:
    """Return what the bar and the log say behind the percentage.

    Examples
    --------
    >>> status_line(Pace(cost=90.0), work=0.0, total=2e9, unit="upd")
    '0 of 2 G upd, 1:30 left'
    """
    done = f"{scaled(work)} of {scaled(total)} {unit}"
    if pace.is_done:
        mean = f", {scaled(pace.mean_rate)} {unit}/s" if pace.mean_rate > 0 else ""
        return f"{done}{mean}, took {duration(pace.elapsed)}"
    rate = f", {scaled(pace.rate)} {unit}/s" if pace.rate > 0 else ""
    left = pace.seconds_left()
    return f"{done}{rate}, {'time left unknown' if left is None else f'{duration(left)} left'}"


class _Harmless:
    """Shows progress until that fails, on a closed pipe or in a user's function; the work goes on.

    Ctrl-C goes through.
    """

    def __init__(self, make: Callable[[], Meter]) -> None:
        self._meter: Meter | None = None
        self._try(lambda: setattr(self, "_meter", make()))

    def update(self, work: float, share: float) -> None:
        if (meter := self._meter) is not None:
            self._try(lambda: meter.update(work, share))

    def restart(self, work: float, share: float) -> None:
        if (meter := self._meter) is not None:
            self._try(lambda: meter.restart(work, share))

    def close(self) -> None:
        if (meter := self._meter) is not None:
            self._try(meter.close)

    def _try(self, show: Callable[[], object]) -> None:
        try:
            show()
        except Exception as error:  # of any screen or function
            failed, self._meter = self._meter, None
            if isinstance(failed, _Bar):
                failed.abandon()
            if isinstance(failed, _Listener):
                _warn(error)


def _warn(error: Exception) -> None:
    """Say that a user's function failed, which must not end the work where warnings are errors."""
    text = f"progress raised {type(error).__name__}: {error}; the work goes on without it."
    with suppress(Warning):
        warnings.warn(text, RuntimeWarning, stacklevel=2)


class _Listener:
    """Calls the user's function."""

    def __init__(self, listener: Callable[[int, int], object], total: float) -> None:
        self._listener, self._total = listener, total

    def update(self, work: float, share: float) -> None:
        self._listener(round(work), round(self._total))

    restart = update

    def close(self) -> None:
        """Nothing to do."""


class _Bar:
    """A tqdm bar whose length is the share of the expected time."""

    def __init__(self, total: float, seconds: float | None, unit: str) -> None:
        self._total, self._unit, self._pace = total, unit, Pace(seconds)
        self._drawn = time.monotonic()
        self._work = 0.0
        self._width = 0
        self._bar = _tqdm()(
            total=1.0,
            bar_format="{percentage:3.0f}%|{bar}| {desc}",
            desc=self._text(),
            dynamic_ncols=True,
            file=sys.stderr,
        )

    def update(self, work: float, share: float) -> None:
        self._work = work
        self._pace.update(work, share)
        self._bar.n = min(share, 1.0)
        if time.monotonic() - self._drawn >= _REFRESH or share >= 1:
            self._draw()

    def restart(self, work: float, share: float) -> None:
        self._work = work
        self._pace.restart(work, share)
        self._bar.n = min(share, 1.0)
        self._draw()

    def close(self) -> None:
        self._draw()
        self._bar.close()

    def abandon(self) -> None:
        """Draw nothing any more, not even when the bar is forgotten."""
        self._bar.disable = True

    def _draw(self) -> None:
        self._drawn = time.monotonic()
        self._bar.set_description_str(self._text(), refresh=False)
        self._bar.refresh()

    def _text(self) -> str:
        text = status_line(self._pace, self._work, self._total, self._unit)
        self._width = max(self._width, len(text))  # else the bar would change its length
        return text.ljust(self._width)


class _Log:
    """Lines on stderr: at once, after 5 seconds, ever more seldom, and at the end."""

    def __init__(self, total: float, seconds: float | None, unit: str) -> None:
        self._total, self._unit, self._pace = total, unit, Pace(seconds)
        self._work = self._share = 0.0
        self._gaps = iter(_LOG_GAPS)
        self._gap = 0.0
        self._line()

    def update(self, work: float, share: float) -> None:
        self._work, self._share, self._changed = work, share, True
        self._pace.update(work, share)
        if time.monotonic() - self._printed >= self._gap:
            self._line()

    def restart(self, work: float, share: float) -> None:
        self._work, self._share, self._changed = work, share, True
        self._pace.restart(work, share)

    def close(self) -> None:
        if self._changed:
            self._line()

    def _line(self) -> None:
        self._printed = time.monotonic()
        self._changed = False
        self._gap = next(self._gaps, self._gap)
        text = status_line(self._pace, self._work, self._total, self._unit)
        sys.stderr.write(f"{time.strftime('%H:%M:%S')} {100 * self._share:3.0f} %  {text}\n")
        sys.stderr.flush()


def _has_screen() -> bool:
    """Whether a line on stderr can be drawn again."""
    return _in_notebook() or bool(getattr(sys.stderr, "isatty", lambda: False)())


def _in_notebook() -> bool:
    shell: Any = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return type(shell).__name__ == "ZMQInteractiveShell"


def _tqdm() -> Any:
    """Return the tqdm class for this screen; a notebook without widgets gets the text bar."""
    if _in_notebook():
        from importlib.util import find_spec

        if find_spec("ipywidgets") is not None:
            from tqdm.notebook import tqdm as widget

            return widget
    from tqdm import tqdm

    return tqdm
