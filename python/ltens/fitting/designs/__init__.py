"""Which sizes, and how many seeds at each, to train next for a shorter interval."""

from .design import Design, PlannedRuns
from .designing import design_runs

__all__ = ["Design", "PlannedRuns", "design_runs"]
