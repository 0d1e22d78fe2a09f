"""Surfaces: loss against any number of sizes at once."""

from .envelope import Envelope, fit_envelope
from .fit_runs import fit_surface
from .frontier import Frontier
from .isoflop import IsoFlop, fit_isoflop
from .law import Prediction, SurfaceLaw

__all__ = [
    "Envelope",
    "Frontier",
    "IsoFlop",
    "Prediction",
    "SurfaceLaw",
    "fit_envelope",
    "fit_isoflop",
    "fit_surface",
]
