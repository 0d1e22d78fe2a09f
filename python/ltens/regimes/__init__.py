"""Which of four scaling regimes a curve is in, and why.

>>> import numpy as np
>>> from ltens.regimes import classify
>>> x = np.array([10, 20, 40, 80, 160, 320])
>>> classify(x, 0.5 + 3 / x, limit=0.5).verdict
'variance-limited'
"""

from .classification import Classification
from .classifier import classify

__all__ = [
    "Classification",
    "classify",
]
