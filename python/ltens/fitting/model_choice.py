"""Which models so many sizes can tell apart."""

from __future__ import annotations

from .models import AUTOMATIC, MODELS, Model, PowerLaw, PowerLawFloor

_SPARE = 2  # sizes beyond the parameters of the law with a floor


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
