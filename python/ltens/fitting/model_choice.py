"""Which model `model="auto"` takes."""

from __future__ import annotations

from .comparison import Candidate, candidate
from .intervals import exponent_p_value
from .models import AUTOMATIC, MODELS, Model, PowerLaw, PowerLawFloor
from .observations import Observations

# A floor can be too small to be preferred by AICc and yet large enough to ruin the exponent of a
# line: choosing by AICc, nominal 95 % intervals covered 1 % in the worst case (decisions/0004). So
# it is allowed wherever it can be fitted with two degrees of freedom left.
_SPARE = 2
# A break costs three parameters; below this the law with a floor still has some support
# (Burnham & Anderson 2002, section 2.6: "essentially none" above 10).
_NO_SUPPORT = 10.0
_SIGNIFICANT = 0.05


def automatic(
    observations: Observations, huber: float | None
) -> tuple[Candidate, tuple[Candidate, ...]]:
    """Return the chosen model, fitted, and the others that could be tried."""
    tried = [candidate(model, observations, huber) for model in possible(len(observations.losses))]
    by_name = {each.model.name: each for each in tried}
    line = by_name[PowerLaw.name]
    falls = _falls(line, observations, huber)
    chosen = by_name.get(PowerLawFloor.name, line) if falls else line
    once, twice = by_name.get("broken_power_law"), MODELS["twice_broken_power_law"]
    unbroken = min(chosen.criterion, line.criterion)
    if once is not None and once.criterion < unbroken - _NO_SUPPORT:
        chosen = once
        if len(observations.losses) >= _sizes_needed(twice):
            tried.append(candidate(twice, observations, huber))
            chosen = tried[-1] if tried[-1].criterion < once.criterion - _NO_SUPPORT else once
    return chosen, tuple(each for each in tried if each is not chosen)


def _falls(line: Candidate, observations: Observations, huber: float | None) -> bool:
    """Return whether the loss falls at all, at 5 %: the exponent above a floor needs a fall."""
    if line.model.exponent(line.fitted.theta)[0] <= 0:
        return False
    return exponent_p_value(line.model, observations, line.fitted, 0.0, huber) < _SIGNIFICANT


def possible(sizes: int) -> list[Model]:
    """Return the models that so many sizes can tell apart, two breaks aside.

    Examples
    --------
    >>> [model.name for model in possible(6)]
    ['power_law', 'power_law_floor']
    """
    return [MODELS[name] for name in AUTOMATIC if sizes >= _sizes_needed(MODELS[name])]


def _sizes_needed(model: Model) -> int:
    """Return 3 for a line, 5 for a floor, 10 for a break, 16 for two.

    With fewer, the correction in AICc for so many parameters decides before the data do.
    """
    count = len(model.parameter_names)
    return {PowerLaw.name: 3, PowerLawFloor.name: count + _SPARE}.get(model.name, 2 * count - 2)
