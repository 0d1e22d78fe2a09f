"""What a careful colleague would say about a law of whole trainings, in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .law import HistoryLaw

_FIT = 0.05  # of the loss: what a law may miss beyond the seeds

_SCHEDULES = {
    "step": "The learning rate falls in steps before the end, and the loss with it: the exponent "
    "of {time} is that of these drops as much as of the training.",
    "cosine": "The learning rate falls along a cosine to the last step: a checkpoint before the "
    "end is not what a training of that length would have reached, and the exponent of {time} says "
    "nothing about shorter or longer trainings.",
    "wsd": "The learning rate falls at the end only: a checkpoint before that is no finished "
    "training, whose loss would be lower: the exponent of {time} mixes both kinds.",
}


def warnings_of(law: HistoryLaw) -> tuple[str, ...]:
    """Return the warnings of a law, the gravest first."""
    return (*_schedule(law), *_misfit(law), *_unsteady(law), *law.histories.notes,
            *law.surface.warnings)  # fmt: skip


def _schedule(law: HistoryLaw) -> list[str]:
    text = _SCHEDULES.get(law.histories.schedule)
    return [] if text is None else [text.format(time=law.time)]


def _misfit(law: HistoryLaw) -> list[str]:
    if not law.misfit > _FIT:
        return []
    return [
        f"The law misses the means of the seeds by {100 * law.misfit:.0f} % (root mean square, "
        "their noise taken off): its form is not that of these curves, and the intervals are those "
        "of a law that holds."
    ]


def _unsteady(law: HistoryLaw) -> list[str]:
    """Say that no share was steady, or what a given one leaves to be asked."""
    if law.given or law.chosen == 0 or law.chosen < len(law.tried) - 1:
        return []
    moves = [
        f"{name} {law.tried[-2].law.exponents[name]:.3g} to {value:.3g}"
        for name, value in law.exponents.items()
        if np.isfinite(law.interval(f"alpha_{name}")).all()
    ]
    moved = f" ({', '.join(moves)})" if moves else ""
    return [
        "The exponents move with every further share of the early checkpoints that is left out, to "
        f"the last that was tried{moved}: they are those of the end, and no law of the whole "
        "training."
    ]
