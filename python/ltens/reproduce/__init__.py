"""Figures and tables of the papers, computed anew: ``ltens reproduce NAME``.

One file holds one figure, drawn by a function of an `Effort`; a new one adds a line to
`registry.ITEMS`, where its title stands too.

>>> from ltens import reproduce
>>> reproduce.names()[:2]
['solvable-F2', 'solvable-F3']
"""

from .effort import Effort
from .registry import Item, draw, item, names

__all__ = ["Effort", "Item", "draw", "item", "names"]
