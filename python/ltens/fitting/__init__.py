"""Scaling laws fitted to losses. Works on arrays and tables; knows nothing of training."""

from .entry import fit
from .law import Law

__all__ = ["Law", "fit"]
