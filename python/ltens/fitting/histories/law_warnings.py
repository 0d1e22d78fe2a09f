"""What a careful colleague would say about a law of whole trainings, in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .summary import exponent

if TYPE_CHECKING:
    from .law import HistoryLaw

_FIT = 0.05  # of the loss: what a law may miss beyond the seeds
_FACTOR = 0.3  # of log loss, from which a share of the loss misleads

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
    much = f"{100 * law.misfit:.0f} %"
    if law.misfit > _FACTOR:
        much = f"a factor of {np.exp(law.misfit):.2g}"
    return [
        f"The law misses the means of the seeds by {much} (root mean square of the logarithm, "
        "their noise taken off): its form is not that of these curves, and the intervals are those "
        "of a law that holds."
    ]


def _unsteady(law: HistoryLaw) -> list[str]:
    """Say what a beginning that is no part of the law may still do to it."""
    if law.given or law.chosen == 0:
        return []
    if law.chosen == len(law.tried) - 1:
        return [
            "The exponents move with every further share of the early checkpoints that is left "
            "out, to the last that was tried: they are those of the end, and no law of the whole "
            "training."
        ]
    last = law.tried[-1]
    parts = [f"alpha_{name} {exponent(last, name, 0.95)}" for name in law.names]
    found = ", ".join(" ".join(part.split()) for part in parts)
    return [
        "The beginning is no part of the law, and one that fades slowly shifts the exponents still "
        f"by more than their intervals say: without {100 * last.share:.0f} % of it {found}."
    ]
