"""Whole trainings: loss against sizes and steps, from the losses at checkpoints."""

from .collapse import Collapse
from .fit_trainings import fit_histories
from .law import HistoryLaw

__all__ = ["Collapse", "HistoryLaw", "fit_histories"]
