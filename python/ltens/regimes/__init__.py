"""Which of four scaling regimes a curve is in, and why.

Bahri et al., arXiv 2102.06701: variance-limited (L - L(inf) as 1/x, whatever the data) or
resolution-limited (L as a power that depends on the data), in samples and in parameters. Works on
arrays and tables alone; float64 throughout. See docs/regimes.md.

>>> import numpy as np
>>> from ltens.regimes import classify
>>> x = np.array([10, 20, 40, 80, 160, 320])
>>> classify(x, 0.5 + 3 / x, limit=0.5).verdict
'variance-limited'
"""

from .approximation import Approximation, approximation
from .classification import Classification
from .classifier import classify
from .comparing import compare
from .comparison_table import Comparison
from .dimension import Dimension, knn_dimension, mle_dimension, two_nn
from .dimension_table import DimensionTable, dimension_table
from .kernel_descent import KernelDescent
from .kernels import arc_cosine_kernel, ntk_kernel
from .labels import DataScan, group_labels, kernel_data_scan, noisy_inputs
from .manifolds import Manifold, manifold
from .quanta import Quanta, data_exponent
from .teachers import Teacher

__all__ = [
    "Approximation",
    "Classification",
    "Comparison",
    "DataScan",
    "Dimension",
    "DimensionTable",
    "KernelDescent",
    "Manifold",
    "Quanta",
    "Teacher",
    "approximation",
    "arc_cosine_kernel",
    "classify",
    "compare",
    "data_exponent",
    "dimension_table",
    "group_labels",
    "kernel_data_scan",
    "knn_dimension",
    "manifold",
    "mle_dimension",
    "noisy_inputs",
    "ntk_kernel",
    "two_nn",
]
