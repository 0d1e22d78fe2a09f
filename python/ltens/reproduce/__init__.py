"""Figures and tables of the papers, computed anew: ``ltens reproduce NAME``.

One file holds one figure; a new one adds a line to `registry.ITEMS`.

>>> from ltens import reproduce
>>> reproduce.names()[:2]
['solvable-F2', 'solvable-F3']
"""

from .registry import Item, draw, item, names

__all__ = ["Item", "draw", "item", "names"]
