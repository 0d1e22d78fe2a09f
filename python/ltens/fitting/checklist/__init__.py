"""What a reader of a scaling law asks: answered as far as the law knows."""

from .curve import curve_checklist
from .questions import Answer, Checklist
from .surface import surface_checklist

__all__ = ["Answer", "Checklist", "curve_checklist", "surface_checklist"]
