"""The four regimes of neural scaling laws: which law is a curve in, and why (Bahri et al. 2021).

Variance-limited: the loss goes to its limit as 1/D or 1/P, whatever the data. Resolution-limited:
the loss itself falls with an exponent of the data. Linear random features show all four, in closed
form, with alpha_D = alpha_P = alpha_K.

>>> from ltens.regimes import closed_form, gaussian_features, simulate
>>> from ltens.solvable import Spectrum
>>> population = gaussian_features(Spectrum.power_law(alpha=1.0, M=500))
>>> run = simulate(population, D=200, P=20, draws=16)
>>> bool(abs(run.mean / closed_form(population, D=200, P=20) - 1) < 0.1)
True

Works on arrays and numbers alone; see docs/regimes.md.
"""

from .counter_examples import NonConvexSamples, UnboundedDerivative
from .duality import Duality, duality
from .feature_simulation import Draws, simulate
from .gaussian_theory import closed_form, finite_size_factor, replica
from .kernel_exponent import KernelExponent, kernel_exponent, spectrum_exponent
from .kernel_regression import kernel_learning_curve, kernel_loss
from .kernels import arc_cosine_kernel, ntk_kernel, relu_features, torus_kernel
from .pooled_data import pooled_digits, pooled_patches
from .populations import (
    Population,
    feature_rows,
    gaussian_features,
    kernel_population,
    torus_features,
)
from .random_features import data_limited_loss, feature_limited_loss, finite_loss
from .regime_curves import RegimeCurve, RegimeCurves, measure_regimes
from .variance_expansion import data_coefficient, feature_coefficient

__all__ = [
    "Draws",
    "Duality",
    "KernelExponent",
    "NonConvexSamples",
    "Population",
    "RegimeCurve",
    "RegimeCurves",
    "UnboundedDerivative",
    "arc_cosine_kernel",
    "closed_form",
    "data_coefficient",
    "data_limited_loss",
    "duality",
    "feature_coefficient",
    "feature_limited_loss",
    "feature_rows",
    "finite_loss",
    "finite_size_factor",
    "gaussian_features",
    "kernel_exponent",
    "kernel_learning_curve",
    "kernel_loss",
    "kernel_population",
    "measure_regimes",
    "ntk_kernel",
    "pooled_digits",
    "pooled_patches",
    "relu_features",
    "replica",
    "simulate",
    "spectrum_exponent",
    "torus_features",
    "torus_kernel",
]
