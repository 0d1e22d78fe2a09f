"""One-pass stochastic gradient descent on the same model (Paquette et al. 2024, 2405.15074).

Every step sees a fresh sample: theta <- theta - eta (theta phi - y) phi. With s_i the eigenvalues
of the features' kernel K, c_i the target's power along its eigenvectors and Gaussian samples, the
population risk L obeys, at any step size, a Volterra equation in discrete time

    2 L_r = F_r + sum_{t < r} k_{r-1-t} (2 L_t + sigma^2),    a_i = 1 - 2 eta s_i + 2 eta^2 s_i^2
    F_r = sum c_i a_i^r,    k_r = eta^2 sum s_i^2 a_i^r

In X(w) = sum_r x_r w^-(r+1) it is algebraic. a(s) being a parabola, 1/(w - a) is a difference of
two resolvents, at omega = (Q - 1) / (2 eta) and omega' = -(Q + 1) / (2 eta), Q = sqrt(2 w - 1).
Each has its Delta, Delta (1 - z/N) = omega, its z and its b = sum v^2 Delta / (lambda + Delta):

    F = [b/omega - b'/omega'] / (2 eta Q),    k = eta [omega' z' - omega z] / (2 Q)
    2 L = [F + k sigma^2 / (w - 1)] / (1 - k)

Back to steps by Talbot's contour in log w, for few steps by a circle. The loss is bounded if
k(1) = -z'/2 < 1, omega' = -1/eta.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Complexes, Floats
from ..broadcasting import moments, one_size, positive_ridge
from ..validation import positive
from .contour import talbot
from .modes import Modes
from .spectrum import Spectrum, checked_spectrum

_FEW = (
    32  # steps: the contour for more stays within |Im log w| < 17/33, far from its copies at 2 pi
)
_CIRCLE, _RADIUS = 128, 1.4  # nodes; what is aliased is 1.4^-128 = 2e-19 of it


def one_pass_sgd(
    spectrum: Spectrum,
    steps: ArrayLike,
    *,
    N: float = np.inf,
    lr: float = 0.5,
    noise: float = 0.0,
) -> Floats:
    """Return the test loss after given numbers of steps of one-pass SGD, in closed form.

    Exact in the step size. For endless features it is exact; for N of them it is the limit of large
    N, which the mean over drawn features, `expected_one_pass_sgd`, exceeds by a part of order 1/N
    that grows towards the limit of stability (docs/results/solvable.md).

    Parameters
    ----------
    spectrum : Spectrum
    steps : (P,) array
        Above 0; between integers below 32 the loss is interpolated linearly, above them smoothly.
    N : float
        Number of features, infinity allowed.
    lr : float
        The step size times the sum of the eigenvalues; below `sgd_stability_limit`.
    noise : float
        Standard deviation of the label noise.

    Returns
    -------
    (P,) float64
        The clean test loss, in the units of `theory`, averaged over samples.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    One step of SGD on a single mode, by hand: 1 - 2 eta + 3 eta^2 times the null loss.

    >>> one = Spectrum([1.0], [1.0])
    >>> bool(np.isclose(one_pass_sgd(one, [1], lr=0.5)[0], 0.75 * one.null_loss))
    True
    >>> spectrum = Spectrum.source_capacity(2.0, 3.0, M=1000)
    >>> loss = one_pass_sgd(spectrum, [1e-6, 1e3, 1e12], N=50)
    >>> bool(np.isclose(loss[0], spectrum.null_loss, rtol=1e-4)), bool(loss[1] > loss[2])
    (True, True)
    """
    checked_spectrum(spectrum)
    r = moments(steps, "steps")
    features = one_size(N, "N")
    eta = _step_size(spectrum, lr, features)
    sigma = positive_ridge(noise, "noise")
    modes = Modes(spectrum, features, np.inf)

    def transform(log_w: Complexes) -> Complexes:
        return _transform(modes, eta, sigma, log_w)

    losses, few = np.empty_like(r), r < _FEW
    whole = np.arange(_FEW + 1.0)
    losses[few] = np.interp(r[few], whole, _by_circle(transform, whole))
    losses[~few] = _by_contour(transform, r[~few])
    return 0.5 * losses


def sgd_stability_limit(spectrum: Spectrum, N: float = np.inf) -> float:
    """Return the lr at which the loss of one-pass SGD begins to diverge.

    k(1) = 1 with Delta' = -x: sum lambda / (x - lambda) = 2, and 1/eta = x (1 + 2/N), unless an
    eigenvalue of the kernel reaches 1/eta before (N < 5). 2 for a spectrum of many equal
    eigenvalues, 2/3 for a single one.

    Parameters
    ----------
    spectrum : Spectrum
    N : float
        Number of features, infinity allowed. Of drawn features some diverge earlier.

    Returns
    -------
    float
        In units of `lr`: times the sum of the eigenvalues.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> round(sgd_stability_limit(Spectrum([1.0], [1.0])), 9)
    0.666666667
    """
    checked_spectrum(spectrum)
    features = one_size(N, "N")
    lam = spectrum.eigenvalues / spectrum.eigenvalues.max()

    def learned(x: float) -> float:
        return float((lam / (x - lam)).sum())

    x = _root(lambda x: learned(x) - 2, lam)
    if np.isfinite(features):
        # where 1/eta = x (1 + sum lambda / (x - lambda) / N) is smallest, the spectrum ends
        x = max(x, _root(lambda x: float(((lam / (x - lam)) ** 2).sum()) - features, lam))
    return float(lam.sum() / (x * (1 + learned(x) / features)))


def _root(falling: Callable[[float], float], lam: Floats) -> float:
    """Return where a function that falls from infinity at x = 1 is 0."""
    from scipy.optimize import brentq

    far = 2.0 + lam.sum()
    return float(brentq(falling, np.nextafter(1.0, 2.0), far, xtol=1e-15, rtol=1e-15))


def _transform(modes: Modes, eta: float, sigma: float, log_w: Complexes) -> Complexes:
    """Return 2 L(w) at nodes above the real axis."""
    less = np.expm1(log_w)  # w - 1
    q = np.sqrt(1 + 2 * less)
    near, far = less / (q + 1) / eta, -(q + 1) / (2 * eta)
    at, beyond = modes.at(near), modes.at(far.conj())
    z, b = beyond.z.conj(), beyond.b.conj()
    forcing = (at.b / near - b / far) / (2 * eta * q)
    kernel = eta * (far * z - near * at.z) / (2 * q)
    return np.asarray((forcing + kernel * sigma**2 / less) / (1 - kernel))


def _by_contour(transform: Callable[[Complexes], Complexes], r: Floats) -> Floats:
    """Return x_r (P,) by Talbot's contour in log w."""
    log_w, weight = talbot(r + 1)
    return np.asarray((weight * transform(log_w)).sum(axis=1).real)


def _by_circle(transform: Callable[[Complexes], Complexes], r: Floats) -> Floats:
    """Return x_r (P,), the mean of X(w) w^(r+1) on a circle around all of a(s)."""
    angle = np.pi * (2 * np.arange(_CIRCLE // 2) + 1) / _CIRCLE
    log_w = np.log(_RADIUS) + 1j * angle
    powers = np.exp((r[:, None] + 1) * log_w)
    return np.asarray((powers * transform(log_w)).sum(axis=1).real * 2 / _CIRCLE)


def _step_size(spectrum: Spectrum, lr: float, N: float) -> float:
    rate, limit = positive(lr, "lr"), sgd_stability_limit(spectrum, N)
    if rate >= limit:
        raise ValueError(
            f"lr is {lr}, but must be below {limit:.4g}, where the loss diverges for this spectrum "
            "(sgd_stability_limit)."
        )
    return rate / float(spectrum.eigenvalues.sum())
