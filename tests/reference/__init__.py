"""The independent twin of ltens: plain NumPy in float64, written to be read, never to be fast.

Letters as everywhere: S networks of width N with C outputs, input dimension d, D samples.
"""

from reference.activations import ACTIVATIONS, Activation
from reference.batches import batches
from reference.losses import LOSSES
from reference.magnitude import gradient_magnitude, loss_magnitude
from reference.model import Parameters, error, gradient, loss, predict
from reference.philox import philox4x64
from reference.training import Settings, train

__all__ = [
    "ACTIVATIONS",
    "LOSSES",
    "Activation",
    "Parameters",
    "Settings",
    "batches",
    "error",
    "gradient",
    "gradient_magnitude",
    "loss",
    "loss_magnitude",
    "philox4x64",
    "predict",
    "train",
]
