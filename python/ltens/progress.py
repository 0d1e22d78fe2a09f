"""Tells a person or a program how far a computation is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Report = Callable[[int], None]
Progress = bool | Callable[[int, int], object] | None


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
        True: a bar on stderr if that is a terminal. A callable: called with (done, total).
    total : int
        The work in all, in neuron-sample updates (N times D times networks times steps).

    Examples
    --------
    >>> with reporting(lambda done, total: print(done, total), 10) as report:
    ...     report(5)
    5 10
    """
    check_progress(progress)
    if progress is None or progress is False:
        yield None
    elif progress is True:
        with _bar(total) as report:
            yield report
    else:
        listener = progress
        yield lambda done: _discard(listener(done, total))


@contextmanager
def _bar(total: int) -> Iterator[Report]:
    """Show a tqdm bar on stderr; silent if stderr is not a terminal."""
    from tqdm import tqdm

    with tqdm(
        total=total, unit="upd", unit_scale=True, disable=None, dynamic_ncols=True, smoothing=0.1
    ) as bar:
        yield lambda done: _discard(bar.update(done - bar.n))


def _discard(_: object) -> None:
    """Swallow a value, so that a lambda may return None."""
