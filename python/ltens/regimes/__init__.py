"""The four regimes of neural scaling laws: which law is a curve in, and why (Bahri et al. 2021).

Variance-limited: the loss goes to its limit as 1/D or 1/P, whatever the data. Resolution-limited:
the loss itself falls with an exponent of the data. `classify` tells them apart for anyone's curve,
`compare` sets the theories of loss against width beside it; linear random features show all four in
closed form, with alpha_D = alpha_P = alpha_K.

>>> import numpy as np
>>> from ltens.regimes import classify
>>> x = np.array([10, 20, 40, 80, 160, 320])
>>> classify(x, 0.5 + 3 / x, limit=0.5).verdict
'variance-limited'

Works on arrays and tables alone, in float64; see docs/guide/regimes.md.
"""

from .classification.classifier import classify
from .classification.verdict import Classification
from .dimension.approximants import Approximation, approximation
from .dimension.comparison_with_exponents import DimensionTable, dimension_table
from .dimension.estimators import Dimension, knn_dimension, mle_dimension, two_nn
from .dimension.manifolds import Manifold, manifold
from .features.exponent_duality import Duality, duality
from .features.feature_simulation import Draws, simulate
from .features.gaussian_theory import closed_form, finite_size_factor, replica
from .features.pooled_data import pooled_digits, pooled_patches
from .features.populations import (
    Population,
    feature_rows,
    gaussian_features,
    kernel_population,
    torus_features,
)
from .features.random_features import data_limited_loss, feature_limited_loss, finite_loss
from .features.regime_curves import RegimeCurve, RegimeCurves, measure_regimes
from .features.spectrum_exponents import KernelExponent, kernel_exponent, spectrum_exponent
from .features.variance_expansion import data_coefficient, feature_coefficient
from .kernels.kernel_descent import KernelDescent
from .kernels.kernel_functions import arc_cosine_kernel, ntk_kernel, relu_features, torus_kernel
from .kernels.kernel_regression import kernel_learning_curve, kernel_loss
from .kernels.label_scans import DataScan, group_labels, kernel_data_scan, noisy_inputs
from .teachers import Teacher
from .theories.comparing import compare
from .theories.comparison_table import Comparison
from .theories.counter_examples import NonConvexSamples, UnboundedDerivative
from .theories.quanta import Quanta, data_exponent

__all__ = [
    "Approximation",
    "Classification",
    "Comparison",
    "DataScan",
    "Dimension",
    "DimensionTable",
    "Draws",
    "Duality",
    "KernelDescent",
    "KernelExponent",
    "Manifold",
    "NonConvexSamples",
    "Population",
    "Quanta",
    "RegimeCurve",
    "RegimeCurves",
    "Teacher",
    "UnboundedDerivative",
    "approximation",
    "arc_cosine_kernel",
    "classify",
    "closed_form",
    "compare",
    "data_coefficient",
    "data_exponent",
    "data_limited_loss",
    "dimension_table",
    "duality",
    "feature_coefficient",
    "feature_limited_loss",
    "feature_rows",
    "finite_loss",
    "finite_size_factor",
    "gaussian_features",
    "group_labels",
    "kernel_data_scan",
    "kernel_exponent",
    "kernel_learning_curve",
    "kernel_loss",
    "kernel_population",
    "knn_dimension",
    "manifold",
    "measure_regimes",
    "mle_dimension",
    "noisy_inputs",
    "ntk_kernel",
    "pooled_digits",
    "pooled_patches",
    "relu_features",
    "replica",
    "simulate",
    "spectrum_exponent",
    "torus_features",
    "torus_kernel",
    "two_nn",
]
