"""Gradient descent of a network of infinite width: a fixed kernel and a Gaussian start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..._typing import Floats
from ...validation import float64_array, integer, positive


@dataclass(frozen=True, eq=False)
class KernelDescent:
    """What gradient descent on L = sum_j q_j (f(x_j) - y_j)^2 does to f with a kernel that rests.

    f_(t+1)(x) = f_t(x) - 2 lr sum_j theta(x, x_j) q_j (f_t(x_j) - y_j),  f_0 ~ GP(0, K):

    the limit of infinite width in the neural-tangent parametrisation (Jacot et al., arXiv
    1806.07572), with theta the tangent kernel and K the covariance of the network at its start
    (Lee et al., arXiv 1902.06720, have the solution for gradient flow; this is the sum over steps).

    Parameters
    ----------
    theta : (D, D) array
        The tangent kernel between the samples.
    theta_test : (M, D) array
        The same between test points and samples.
    covariance : (D + M, D + M) array
        K, of samples and test points, in this order.
    y : (D,) array
        Targets of the samples.
    weights : (D,) array, optional
        The q; 1/D each by default.

    Raises
    ------
    TypeError, ValueError
        If shapes do not match or a value is not finite.

    Examples
    --------
    >>> descent = KernelDescent(np.eye(1), np.ones((1, 1)), np.zeros((2, 2)), [1.0])
    >>> descent.mean(steps=1, lr=0.25)  # half of the error is taken away
    array([0.5])
    """

    theta: Floats
    theta_test: Floats
    covariance: Floats
    y: Floats
    weights: Floats

    def __init__(
        self,
        theta: ArrayLike,
        theta_test: ArrayLike,
        covariance: ArrayLike,
        y: ArrayLike,
        weights: ArrayLike | None = None,
    ) -> None:
        targets = float64_array(y, "y", (1,))
        D = len(targets)
        if D == 0:
            raise ValueError("y is empty, but must hold at least one target.")
        kernel, cross = (
            float64_array(theta, "theta", (2,)),
            float64_array(theta_test, "theta_test", (2,)),
        )
        start = float64_array(covariance, "covariance", (2,))
        q = np.full(D, 1 / D) if weights is None else float64_array(weights, "weights", (1,))
        M = len(cross)
        for name, array, shape in (
            ("theta", kernel, (D, D)),
            ("theta_test", cross, (M, D)),
            ("covariance", start, (D + M, D + M)),
            ("weights", q, (D,)),
        ):
            if array.shape != shape:
                raise ValueError(
                    f"{name} has shape {array.shape}, but must have {shape} for {D} target(s) and "
                    f"{M} test point(s)."
                )
        if q.min() < 0:
            raise ValueError(f"weights holds {q.min():g}, but must be at least 0.")
        for name, array in {
            "theta": kernel,
            "theta_test": cross,
            "covariance": start,
            "y": targets,
            "weights": q,
        }.items():
            object.__setattr__(self, name, array)

    def correction(self, *, steps: int, lr: float) -> Floats:
        """Return A (M, D) of f_T(x*) = f_0(x*) - A (f_0(X) - y) after T steps."""
        T, rate = integer(steps, "steps", minimum=0), positive(lr, "lr")
        root = np.sqrt(self.weights)
        eigenvalues, vectors = np.linalg.eigh(root[:, None] * self.theta * root)
        # the sum of 2 lr (1 - 2 lr l)^t over the steps, also where l is tiny
        kept = 1 - 2 * rate * eigenvalues
        gain = np.array([_geometric(2 * rate, k, T) for k in kept])
        middle = root[:, None] * (vectors * gain @ vectors.T) * root
        return np.asarray(self.theta_test @ middle)

    def mean(self, *, steps: int, lr: float) -> Floats:
        """Return the mean (M,) of f_T at the test points."""
        return np.asarray(self.correction(steps=steps, lr=lr) @ self.y)

    def variance(self, *, steps: int, lr: float) -> Floats:
        """Return the variance (M,) of f_T at the test points, over starts."""
        D = len(self.y)
        A = self.correction(steps=steps, lr=lr)
        K, cross, own = (
            self.covariance[:D, :D],
            self.covariance[D:, :D],
            np.diag(self.covariance[D:, D:]),
        )
        return np.asarray(own - 2 * (A * cross).sum(axis=1) + ((A @ K) * A).sum(axis=1))

    def loss(self, y_test: ArrayLike, *, steps: int, lr: float) -> float:
        """Return the mean over test points and starts of (f_T - y)^2.

        Parameters
        ----------
        y_test : (M,) array
        steps : int
            Number of steps T.
        lr : float
            Learning rate.
        """
        target = float64_array(y_test, "y_test", (1,))
        bias = self.mean(steps=steps, lr=lr) - target
        return float((bias**2 + self.variance(steps=steps, lr=lr)).mean())


def _geometric(first: float, ratio: float, count: int) -> float:
    """Return first (1 + ratio + ... + ratio^(count - 1))."""
    if abs(1 - ratio) * max(count, 1) < 1e-8:
        return first * count
    with np.errstate(over="ignore"):  # a learning rate beyond 1 / largest eigenvalue diverges
        return float(first * (1 - np.float64(ratio) ** count) / (1 - ratio))
