"""Which networks take part: an explicit rule, so that what it changes can be shown."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .._typing import Floats
from ..validation import positive

RULES = ("none", "dead")
DEAD = 0.5  # of the target's variance: a network no better than that has not found the task


def kept(losses: Floats, target_variance: float, rule: str | float) -> NDArray[np.bool_]:
    """Return which networks stay.

    Parameters
    ----------
    losses : (S,) float64
    target_variance : float
        The loss of the best constant.
    rule : {"none", "dead"} or float
        "dead" leaves out networks with a loss above half the target's variance; a number leaves
        out, besides these, networks with a loss above so many times the median.

    Returns
    -------
    (S,) bool

    Raises
    ------
    ValueError
        If the rule is not known.

    Examples
    --------
    >>> kept(np.array([1e-3, 1.2e-3, 5e-2, 1.0]), 1.4, 10.0)
    array([ True,  True, False, False])
    """
    everything = np.ones(len(losses), bool)
    if isinstance(rule, str):
        if rule not in RULES:
            raise ValueError(
                f"exclude is {rule!r}, but must be 'none', 'dead' or how many times the median "
                "loss is too much."
            )
        return everything if rule == "none" else losses <= DEAD * target_variance
    alive = losses <= DEAD * target_variance
    if not alive.any():
        return alive
    return alive & (losses <= positive(rule, "exclude") * np.median(losses[alive]))
