"""Surfaces: loss against any number of sizes at once."""

from .fit_runs import fit_surface
from .frontier import Frontier
from .law import Prediction, SurfaceLaw

__all__ = ["Frontier", "Prediction", "SurfaceLaw", "fit_surface"]
