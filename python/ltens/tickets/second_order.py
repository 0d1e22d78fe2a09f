"""What the architecture could do: training on with a second-order method in float64."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from .._typing import Floats
from ..threads import on_one_blas_thread
from ..validation import integer, one_of
from .activations import derivative, evaluate
from .inputs import Arrays, NetworksLike, TaskLike, check_task, network_arrays

METHODS = ("auto", "lm", "lbfgs")


@dataclass(frozen=True, eq=False)
class Polished:
    """Networks after a second-order optimiser.

    Attributes
    ----------
    networks : networks
        Of the type that was given, float64.
    loss : (S,) float64
    start : (S,) float64
        The loss before.
    evaluations : (S,) int64
        Of the residuals (lm) or of the loss (lbfgs).
    method : str
    """

    networks: NetworksLike
    loss: Floats
    start: Floats
    evaluations: np.ndarray
    method: str


@on_one_blas_thread
def polish(
    nets: NetworksLike, task: TaskLike, *, method: str = "auto", evaluations: int = 300
) -> Polished:
    """Minimise sum_j q_j (f(x_j) - y_j)^2 from where each network is.

    Parameters
    ----------
    nets : networks
    task : task
    method : {"auto", "lm", "lbfgs"}
        Levenberg-Marquardt (MINPACK, with the analytic Jacobian; at least as many samples as
        parameters) or L-BFGS; "auto" is "lm" where it applies.
    evaluations : int
        The budget for each network.

    Returns
    -------
    Polished

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or unknown, or "lm" does not apply.

    Examples
    --------
    >>> import ltens
    >>> task = ltens.Task.from_function("square", samples=50)
    >>> done = polish(ltens.Networks.init(width=3, seeds=2), task)
    >>> bool((done.loss < done.start).all())
    True
    """
    one_of(method, METHODS, "method")
    budget = integer(evaluations, "evaluations", minimum=1)
    arrays = network_arrays(nets)
    x, y, q = check_task(arrays, task)
    parameters = arrays.width * (arrays.w.shape[2] + 2) + 1
    if method == "auto":
        method = "lm" if parameters <= len(x) else "lbfgs"
    if method == "lm" and parameters > len(x):
        raise ValueError(
            f"method is 'lm', but it needs at least as many samples as the {parameters} "
            f"parameters and there are {len(x)}: use method='lbfgs'."
        )
    run = _levenberg_marquardt if method == "lm" else _lbfgs
    start = np.square(arrays.predict(x) - y) @ q
    done = [
        run(Residuals(arrays.activation, x, y, np.sqrt(q), arrays.w.shape[1:]), vector, budget)
        for vector in _vectors(arrays)
    ]
    after = _networks(np.array([d[0] for d in done]), arrays)
    kind: Callable[..., NetworksLike] = type(nets)
    return Polished(
        networks=kind(after.w, after.b, after.a, after.c, activation=after.activation),
        loss=np.square(after.predict(x) - y) @ q,
        start=start,
        evaluations=np.array([d[1] for d in done], np.int64),
        method=method,
    )


@dataclass(frozen=True, eq=False)
class Residuals:
    """Residuals sqrt(q) (f - y) of one network as a function of its parameters (w, b, a, c)."""

    activation: str
    x: Floats
    y: Floats
    root: Floats
    shape: tuple[int, ...]

    def split(self, p: Floats) -> tuple[Floats, Floats, Floats, float]:
        """Return w, b, a and c out of the vector of all parameters."""
        n, d = self.shape
        return p[: n * d].reshape(n, d), p[n * d : n * d + n], p[n * d + n : -1], float(p[-1])

    def residual(self, p: Floats) -> Floats:
        """Return sqrt(q) (f - y) at every sample."""
        w, b, a, c = self.split(p)
        return np.asarray(
            self.root * (evaluate(self.activation, self.x @ w.T + b) @ a + c - self.y)
        )

    def jacobian(self, p: Floats) -> Floats:
        """Return the derivatives of the residuals (D, P): d/dw = a act' x, d/db = a act', ..."""
        w, b, a, _ = self.split(p)
        z = self.x @ w.T + b
        slopes = derivative(self.activation, z) * a
        by_w = slopes[:, :, np.newaxis] * self.x[:, np.newaxis, :]
        parts = [by_w.reshape(len(z), -1), slopes, evaluate(self.activation, z)]
        parts.append(np.ones((len(z), 1)))
        return np.concatenate(parts, axis=1) * self.root[:, np.newaxis]


def _levenberg_marquardt(residuals: Residuals, p: Floats, budget: int) -> tuple[Floats, int]:
    # All parameters on one scale: in units of the Jacobian's columns a dead neuron, whose columns
    # are 1e-30, is given the whole step, and the method stops where it began.
    done = optimize.least_squares(
        residuals.residual,
        p,
        jac=residuals.jacobian,
        method="lm",
        x_scale=1.0,
        ftol=1e-15,
        xtol=1e-15,
        gtol=1e-15,
        max_nfev=budget,
    )
    return np.asarray(done.x), int(done.nfev)


def _lbfgs(residuals: Residuals, p: Floats, budget: int) -> tuple[Floats, int]:
    scale = float(np.square(residuals.residual(p)).sum()) or 1.0  # its tolerances are absolute

    def loss(q: Floats) -> tuple[float, Floats]:
        r = residuals.residual(q)
        return float(r @ r) / scale, 2.0 / scale * (r @ residuals.jacobian(q))

    function: Callable[[Floats], tuple[float, Floats]] = loss
    options = {"maxfun": budget, "maxiter": budget, "maxcor": 30, "ftol": 1e-16, "gtol": 1e-14}
    done = optimize.minimize(function, p, jac=True, method="L-BFGS-B", options=options)
    return np.asarray(done.x), int(done.nfev)


def _vectors(arrays: Arrays) -> Floats:
    """Return all parameters of each network (S, P)."""
    count = len(arrays)
    parts = [arrays.w.reshape(count, -1), arrays.b, arrays.a, arrays.c[:, np.newaxis]]
    return np.concatenate(parts, axis=1)


def _networks(vectors: Floats, like: Arrays) -> Arrays:
    size, n = like.w[0].size, like.width
    w, b, a, c = np.split(vectors, [size, size + n, size + 2 * n], axis=1)
    return Arrays(w.reshape(like.w.shape), b, a, c[:, 0], like.activation)
