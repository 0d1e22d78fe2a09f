"""The kernel's activations in float32 against float64 functions of NumPy and SciPy.

f(x) = act(x) with one neuron, w = a = 1, b = c = 0. The error is given in units of the last place
of max(|act(x)|, floor): of the value itself where it is not tiny, of the floor below.
"""

import numpy as np
import pytest
from scipy import special

import ltens

X = np.concatenate([np.linspace(-30, 30, 200_001), np.linspace(-1e-3, 1e-3, 2_001)])
X = X.astype(np.float32).astype(np.float64)

# activation: (reference, floor, largest error allowed in ULP: the measured one rounded up)
CASES = {
    "relu": (lambda x: np.maximum(x, 0), 0, 0),
    "leaky_relu": (lambda x: np.where(x > 0, x, 0.01 * x), 1e-30, 1),
    "abs": (np.abs, 0, 0),
    "square": (np.square, 1e-30, 0.5),
    "sigmoid": (special.expit, 1e-30, 8),
    "silu": (lambda x: x * special.expit(x), 1e-30, 10),
    "gelu": (lambda x: x * special.ndtr(x), 1e-7, 13),
    "tanh": (np.tanh, 1e-30, 2.5),
    "softplus": (lambda x: np.logaddexp(0, x), 1e-30, 3),
    "erf": (special.erf, 1e-30, 2.5),
    "sin": (np.sin, 1e-2, 3),
}


@pytest.mark.parametrize("activation", CASES)
def test_largest_error_in_units_of_the_last_place(activation):
    reference, floor, allowed = CASES[activation]
    one, zero = np.ones((1, 1), np.float32), np.zeros((1, 1), np.float32)
    network = ltens.Networks(one[..., None], zero, one, zero[0], activation=activation)
    exact = reference(X)
    unit = np.spacing(np.maximum(np.abs(exact), max(floor, 1e-37)).astype(np.float32))
    error = np.abs(network(X.astype(np.float32))[0].astype(np.float64) - exact) / unit
    assert error.max() <= allowed, f"{error.max()} at {X[error.argmax()]}"
