"""Which models so many sizes can tell apart."""

from __future__ import annotations

import numpy as np

from .models import AUTOMATIC, MODELS, BrokenPowerLaw, Model, PowerLaw, PowerLawFloor
from .models.base import DEEPEST
from .observations import Observations

_SPARE = 2  # sizes beyond the parameters of the law with a floor


def possible(observations: Observations) -> list[Model]:
    """Return the models that so many sizes can tell apart, two breaks aside.

    Examples
    --------
    >>> from ltens.fitting.loss_table import from_arrays
    >>> from ltens.fitting.observations import observe
    >>> from ltens.fitting.statistic import statistic_named
    >>> n = 2.0 ** np.arange(6)
    >>> observed = observe(from_arrays(n, 1 / n), statistic_named("median"))
    >>> [model.name for model in possible(observed)]
    ['power_law', 'power_law_floor']
    """
    sizes, shallow = len(observations.losses), is_shallow(observations)
    models = [MODELS[name] for name in AUTOMATIC]
    return [
        each for each in models if sizes >= _sizes_needed(each) and (shallow or not has_limit(each))
    ]


def is_shallow(observations: Observations) -> bool:
    """Return whether the losses fall by so little that the laws with a limit can be computed."""
    return float(np.ptp(observations.y)) < DEEPEST


def has_limit(model: Model) -> bool:
    """Return whether a model has a floor or a limit that is fitted."""
    return isinstance(model, PowerLawFloor | BrokenPowerLaw)


def _sizes_needed(model: Model) -> int:
    """Return 3 for a line, 5 for a floor, 10 for a break, 16 for two.

    With fewer, the correction in AICc for so many parameters decides before the data do.
    """
    count = len(model.parameter_names)
    return {PowerLaw.name: 3, PowerLawFloor.name: count + _SPARE}.get(model.name, 2 * count - 2)
