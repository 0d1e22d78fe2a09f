"""Whether a power law, with or without a floor, holds: the tolerances and the longest range.

A law holds over the sizes from some size to the largest if the data show that

* its slope is theirs: at both ends of the range the local exponent differs from the law's by less
  than a fifth of that, at 95 % (an equivalence: noisy data show nothing), and by less than a
  twentieth if the data show a bend, at 1 %. Where a floor has flattened the law, a quarter of its
  exponent counts in place of a smaller local one. Of a power law this is tested by a parabola
  through the logarithms, of one with a floor by letting the floor fall, E N^(-g);
* its points are theirs: about the law they scatter by less than 5 % beyond what the seeds explain,
  none is away by more than 5 % and more than its error allows, nor is the first of them from the
  law of the others;
* its exponent is bounded: half the interval is below a half of it.

It takes 4 sizes (5 with a floor) that span a factor 5. Of a range above sizes that had to be left
out the first size is left out, too, unless the data show that the slope up to the second is the
law's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from .._typing import Floats
from .bends import LEVEL, SURE, added
from .bootstrap import excess_is_significant
from .comparison import Candidate, candidate
from .intervals import profile_interval
from .model_choice import is_shallow
from .models import PowerLaw, PowerLawFloor
from .observations import Observations
from .slopes import scatter_degrees

LOSS_TOLERANCE = 0.05  # of the loss: a distance that the data show
FEWEST_SIZES = {PowerLaw.name: 4, PowerLawFloor.name: 5}
LEAST_FACTOR = 5.0
_WIDEST = 0.5  # half the interval, of the exponent
_MOST_STARTS = 40
_LEAST_LOCAL = 0.25  # of the exponent: where a floor has flattened the law more than that
_STEP = 1e-4  # of log size, for slopes


@dataclass(frozen=True, eq=False)
class Agreement:
    """A law and the sizes it was held against.

    Attributes
    ----------
    start : int
        The first of the sizes it is about; all larger ones belong to it.
    chosen : Candidate
        The law with a floor where there are sizes enough for one, which may be 0.
    """

    start: int
    chosen: Candidate


def longest_agreement(
    observations: Observations, variances: Floats, huber: float | None = None
) -> Agreement | None:
    """Return the law that holds over the longest range up to the largest size, if any does.

    Parameters
    ----------
    variances : (W,) float64
        Of log statistic: by the seeds, or by the scatter about a smooth curve.
    """
    before = False
    for start, law in _tried(observations, variances, huber, _holding):
        if law is None:
            before = False
            continue
        part = observations.part(start, len(observations.losses))
        if start == 0 or before or _first_belongs(part, law, variances[start:]):
            return Agreement(start, law)
        before = True
    return None


def longest_allowed(
    observations: Observations, variances: Floats, huber: float | None = None
) -> Agreement | None:
    """Return the law over the longest range that the data do not contradict, if any.

    Its points are theirs and its exponent is bounded, but a bend is not excluded.
    """
    for start, law in _tried(observations, variances, huber, _allowed):
        if law is not None:
            return Agreement(start, law)
    return None


_Test = Callable[[Observations, Floats, float | None], Candidate | None]


def _tried(
    observations: Observations, variances: Floats, huber: float | None, test: _Test
) -> Iterator[tuple[int, Candidate | None]]:
    """Yield where ranges up to the largest size start, the longest first, and the law there."""
    sizes = len(observations.losses)
    last = sizes - FEWEST_SIZES[PowerLaw.name]
    starts = np.unique(np.round(np.linspace(0, max(last, 0), min(last + 1, _MOST_STARTS))))
    for start in starts.astype(int).tolist() if last >= 0 else []:
        part = observations.part(start, sizes)
        if part.table.sizes[-1] < LEAST_FACTOR * part.table.sizes[0] * (1 - 1e-9):
            return
        yield start, test(part, variances[start:], huber)


def _first_belongs(part: Observations, law: Candidate, variances: Floats) -> bool:
    """Return whether the data show that the exponent up to the second size is the law's, too."""
    first = added(part, law, np.eye(1, len(part.u))[0], variances)
    value = law.model.curve(part.u[:2], law.fitted.theta)[0][0]
    return first.is_below(float(value[0] - value[1]))


def holds(
    observations: Observations, law: Candidate, variances: Floats, huber: float | None = None
) -> bool:
    """Return whether a law that was asked for agrees with all of the observations.

    Of a law with breaks only its points are looked at.
    """
    if not _fits(observations, law, variances):
        return False
    if law.model.exponent_at is None or not _is_bounded(observations, law, huber):
        return law.model.exponent_at is None
    if law.model.name == PowerLaw.name:
        return _is_straight(observations, law, variances)
    if law.model.name == PowerLawFloor.name:
        line = candidate(PowerLaw(), observations, huber)
        return _is_straight(observations, line, variances) or _stays(observations, law, variances)
    return True


def departs(part: Observations, law: Candidate, variances: Floats) -> bool:
    """Return whether the data show that a law is not theirs exactly: a bend, or more scatter."""
    return excess_is_significant(part, law.fitted) or added(part, law, part.u**2, variances).shown


def _allowed(part: Observations, variances: Floats, huber: float | None) -> Candidate | None:
    """Return the law of this range if nothing contradicts it."""
    line = candidate(PowerLaw(), part, huber)
    enough = len(part.losses) >= FEWEST_SIZES[PowerLawFloor.name] and is_shallow(part)
    falls = float(line.model.exponent(line.fitted.theta)[0]) > 0
    law = candidate(PowerLawFloor(), part, huber) if enough and falls else line
    if not _fits(part, law, variances) or not _is_bounded(part, law, huber):
        return None
    return None if departs(part, law, variances) else law


def _holding(part: Observations, variances: Floats, huber: float | None) -> Candidate | None:
    """Return the law of this range if it holds."""
    line = candidate(PowerLaw(), part, huber)
    straight = _fits(part, line, variances) and _is_straight(part, line, variances)
    rises = float(line.model.exponent(line.fitted.theta)[0]) < 0
    if rises or len(part.losses) < FEWEST_SIZES[PowerLawFloor.name] or not is_shallow(part):
        return line if straight and _is_bounded(part, line, huber) else None
    floor = candidate(PowerLawFloor(), part, huber)
    if not straight and not (_fits(part, floor, variances) and _stays(part, floor, variances)):
        return None
    return floor if _is_bounded(part, floor, huber) else None


def _fits(part: Observations, law: Candidate, variances: Floats) -> bool:
    """Return whether the points lie about the law as closely as they must."""
    from scipy.special import ndtri, stdtrit

    rest = part.y[0] - law.model.curve(part.u, law.fitted.theta)[0][0]
    limit = np.log1p(LOSS_TOLERANCE)
    first = added(part, law, np.eye(1, len(rest))[0], variances)
    if first.shown and abs(first.value) > limit:
        return False
    if part.variances is None:  # the scatter is all that is known of the noise
        degrees = max(1.0, scatter_degrees(len(rest)))
        sure = float(stdtrit(degrees, 1 - SURE / (2 * len(rest))))
        return bool((np.abs(rest) <= np.maximum(limit, sure * np.sqrt(variances))).all())
    if excess_is_significant(part, law.fitted) and np.sqrt(law.fitted.excess[0]) > limit:
        return False
    sure = -float(ndtri(SURE / (2 * len(rest))))
    return bool((np.abs(rest) <= np.maximum(limit, sure * np.sqrt(variances))).all())


def _is_straight(part: Observations, line: Candidate, variances: Floats) -> bool:
    """Return whether a parabola in place of the line changes the slope by too little to matter."""
    return _changes_little(part, line, lambda u: u**2, variances)


def _stays(part: Observations, law: Candidate, variances: Floats) -> bool:
    """Return whether a floor that falls, E N^(-g), changes the slope by too little to matter."""
    exponent, share = (float(value) for value in law.fitted.theta[0, 1:3])

    def fall(u: Floats) -> Floats:
        return -u * share / np.maximum(share + (1 - share) * np.exp(-exponent * u), 1e-300)

    return share > 0 and _changes_little(part, law, fall, variances)


def _changes_little(
    part: Observations, law: Candidate, bend: Callable[[Floats], Floats], variances: Floats
) -> bool:
    """Return whether what the data leave of a bend changes the local exponent little at both ends.

    The bend counts less what the law's own parameters can do about it.
    """
    u, model, theta = part.u, law.model, law.fitted.theta
    root = np.sqrt(law.fitted.weights[0])
    own = model.curve(u, theta)[1][0]
    absorbed = np.linalg.lstsq(own * root[:, None], bend(u) * root, rcond=None)[0]
    ends = u[[0, 0, -1, -1]] + _STEP * np.array([-1.0, 1.0, -1.0, 1.0])
    value, slopes = model.curve(ends, theta)
    rest = bend(ends) - slopes[0] @ absorbed
    local, change = (np.abs(each[1::2] - each[::2]) / (2 * _STEP) for each in (value[0], rest))
    least = _LEAST_LOCAL * abs(float(model.exponent(theta)[0]))
    room = float((np.maximum(local, least) / np.maximum(change, 1e-300)).min())
    return least > 0 and added(part, law, bend(u), variances).is_below(room)


def _is_bounded(part: Observations, law: Candidate, huber: float | None) -> bool:
    """Return whether the exponent is known to a half of itself."""
    if law.fitted.degrees[0] < 1:
        return False
    try:
        low, high = profile_interval(law.model, part, law.fitted, LEVEL, huber)
    except ValueError:  # too few residuals within Huber's threshold: nothing bounds the exponent
        return False
    exponent = abs(float(law.model.exponent(law.fitted.theta)[0]))
    return bool(np.isfinite(high)) and exponent > 0 and high - low <= 2 * _WIDEST * exponent
