"""The independent twin of ltens: plain NumPy in float64, written to be read, never to be fast.

Letters as everywhere: S networks of width N, input dimension d, D samples.
"""

from reference.activations import ACTIVATIONS, Activation
from reference.batches import batches
from reference.magnitude import gradient_magnitude, loss_magnitude
from reference.model import Parameters, gradient, loss, predict
from reference.philox import philox4x64
from reference.training import Settings, train

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "Parameters",
    "Settings",
    "batches",
    "gradient",
    "gradient_magnitude",
    "loss",
    "loss_magnitude",
    "philox4x64",
    "predict",
    "train",
]
