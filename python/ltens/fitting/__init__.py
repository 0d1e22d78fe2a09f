"""Scaling laws fitted to losses. Works on arrays and tables; knows nothing of training."""

from .comparison import Alternative
from .coverage import Coverage, Experiment, measure_coverage
from .fit_losses import fit
from .histories import Collapse, HistoryLaw, fit_histories
from .law import Law
from .law_file import load_law
from .run_table import RunTable
from .surface import (
    Envelope,
    Frontier,
    IsoFlop,
    SurfaceLaw,
    fit_envelope,
    fit_isoflop,
    fit_surface,
)
from .two_variables import TwoVariableLaw, fit_two_variables

__all__ = [
    "Alternative",
    "Collapse",
    "Coverage",
    "Envelope",
    "Experiment",
    "Frontier",
    "HistoryLaw",
    "IsoFlop",
    "Law",
    "RunTable",
    "SurfaceLaw",
    "TwoVariableLaw",
    "fit",
    "fit_envelope",
    "fit_histories",
    "fit_isoflop",
    "fit_surface",
    "fit_two_variables",
    "load_law",
    "measure_coverage",
]
