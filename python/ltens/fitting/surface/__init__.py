"""Surfaces: loss against any number of sizes at once."""

from .fit_runs import fit_surface
from .frontier import Frontier
from .isoflop import IsoFlop, fit_isoflop
from .law import Prediction, SurfaceLaw

__all__ = ["Frontier", "IsoFlop", "Prediction", "SurfaceLaw", "fit_isoflop", "fit_surface"]
