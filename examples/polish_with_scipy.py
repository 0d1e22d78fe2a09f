"""Polish trained networks by SciPy: any optimiser that takes a loss and its gradient will do.

`ltens.loss_and_gradient` gives both, here of one network at a time, as flat vectors.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

import ltens

Vector = NDArray[np.float64]

task = ltens.Task.from_function("sin", domain=(-3.0, 3.0), samples=200)
nets = ltens.Networks.init(width=5, seeds=3, activation="tanh", dtype="float64")
run = ltens.train(nets, task, ltens.Training(steps=1000))


def flat(networks: ltens.Networks) -> Vector:
    """Return the parameters of one network as a vector: w, b, a, c."""
    return np.concatenate([array.ravel() for array in networks.arrays().values()])


def shaped(vector: Vector, like: ltens.Networks) -> ltens.Networks:
    """Return the network of a vector; its arrays are views of it."""
    arrays, start = {}, 0
    for name, array in like.arrays().items():
        arrays[name] = vector[start : start + array.size].reshape(array.shape)
        start += array.size
    return ltens.Networks(**arrays, activation=like.activation)


def loss_and_slope(vector: Vector, like: ltens.Networks) -> tuple[float, Vector]:
    """Return L and dL/d(vector)."""
    loss, gradient = ltens.loss_and_gradient(shaped(vector, like), task, engine="dense")
    return float(loss[0]), flat(gradient)


for seed in range(len(nets)):
    start = run.networks[seed]
    best = minimize(loss_and_slope, flat(start), args=(start,), jac=True, method="L-BFGS-B")
    print(f"network {seed}: {run.loss[seed]:.3g} after training, {best.fun:.3g} polished")
    assert best.fun <= run.loss[seed]
