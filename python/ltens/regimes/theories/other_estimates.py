"""Whether a theory is tested on the estimate that `ltens.fit` gives, and if not, why."""

from __future__ import annotations

from ...fitting import Law
from ...fitting.fit_losses import fit_table
from ...fitting.loss_table import LossTable
from ...tables import estimate
from .predicted_exponents import EXCESS, LOSS

_REASONS = {
    "power_law": "a theory of L itself allows no limit",
    "power_law_floor": "a theory of L - L(inf) needs a limit",
    "known_limit": "the limit is given",
}


def headline(
    table: LossTable, statistic: str | float, plain: Law, above: Law | None, level: float
) -> str:
    """Return what `ltens.fit` says of these sizes, and which law stands for which theories.

    Parameters
    ----------
    table : LossTable
    statistic : str or float
        Over seeds.
    plain, above : Law
        What theories of L and of L - L(inf) are tested on; none if there is no limit to test.
    level : float
        Of the intervals.
    """
    default = fit_table(table, statistic=statistic, bootstrap=0)
    tested = {LOSS: plain, EXCESS: above}
    parts = [
        _part(quantity, law, default, level) for quantity, law in tested.items() if law is not None
    ]
    return f"ltens.fit says {_shown(default, level)} of these sizes. {' '.join(parts)}"


def _part(quantity: str, law: Law, default: Law, level: float) -> str:
    if law.model == default.model:
        return f"Theories of {quantity} are tested on the same."
    return (
        f"Theories of {quantity} are tested on another estimate, {_shown(law, level)}: "
        f"{_REASONS[law.model]}."
    )


def _shown(law: Law, level: float) -> str:
    kind = "profile" if law.has_interval else "residuals"
    return f"{estimate(law.exponent, law.interval(level, kind), '.3g')} ({law.model})"
