"""Training by gradient flow on the same model: the loss in time, features and samples.

theta follows minus the gradient of (1/2T) |y - theta Phi|^2 from 0, the features scaled so that
infinitely many of them learn mode I at the rate lambda_I. The error operator e^(-A t) is an inverse
Laplace transform of omega (A + omega)^-1, which is ridge regression at the complex ridge omega:

    Delta (1 - z/N)(1 - z/T) = omega,  kappa = Delta (1 - z/N),  b = sum v^2 Delta/(lambda + Delta)

    T infinite:  2L(t) = the inverse transform, to 2t, of b / omega
    T finite:    2L(t) = the double inverse transform, to (t, t), of
                         (n + sigma^2 g) / [omega omega' (1 - g)]
                 n = (kappa' b - kappa b') / (kappa' - kappa) = b - kappa [b] / [kappa]
                 g = (kappa' z' - kappa z) / [T (kappa' - kappa)]

where [b] = (b' - b) / (Delta' - Delta) and so on: divided differences, summed mode by mode, because
late in training the two Delta agree in all but their last digits.

n and g are the two-point functions of ridges kappa, kappa' on the same features and samples. The
loss is that of the dynamical mean-field theory of Bordelon, Atanasov & Pehlevan (2024), whose
t -> infinity is the static theory; this closed form of it was derived anew here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Complexes, Floats
from ..broadcasting import moments, one_size, positive_ridge
from ..randomness import RandomSource, generator, root_entropy
from ..threads import in_threads, thread_count
from ..validation import integer
from .contour import talbot
from .modes import Modes, OnePoint
from .one_draw import Draw, signal_error
from .spectrum import Spectrum, checked_spectrum


def gradient_flow(
    spectrum: Spectrum,
    times: ArrayLike,
    *,
    N: float = np.inf,
    T: float = np.inf,
    noise: float = 0.0,
) -> Floats:
    """Return the test loss after training for given times, in closed form.

    Parameters
    ----------
    spectrum : Spectrum
    times : (P,) array
        Above 0; infinitely many features learn mode I in a time of 1/eigenvalue_I.
    N, T : float
        Numbers of features and samples, infinity allowed. With T infinite this is the flow on the
        population loss.
    noise : float
        Standard deviation of the label noise.

    Returns
    -------
    (P,) float64
        The clean test loss, in the units of `theory`.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> from ltens.solvable import theory
    >>> spectrum = Spectrum.power_law(1.0, M=1000)
    >>> loss = gradient_flow(spectrum, [1e-9, 10.0, 1e12], N=30, T=60)
    >>> bool(np.isclose(loss[0], spectrum.null_loss))
    True
    >>> bool(np.isclose(loss[2], theory(spectrum, N=30, T=60).test_loss, rtol=1e-4))
    True
    """
    checked_spectrum(spectrum)
    t = moments(times, "times")
    features, samples = one_size(N, "N"), one_size(T, "T")
    sigma = positive_ridge(noise, "noise")
    modes = Modes(spectrum, features, samples)
    if np.isinf(samples):
        p, weight = talbot(2 * t)
        at = modes.at(p)
        return 0.5 * np.asarray((weight * at.b / p).sum(axis=1).real)
    return 0.5 * _two_times(modes, t, samples, sigma)


def compute_frontier(
    spectrum: Spectrum, compute: ArrayLike, *, points: int = 24
) -> tuple[Floats, Floats]:
    """Return the best number of features and its loss at each compute N * time.

    One pass over the data at a time means infinitely many samples: T is infinite.

    Parameters
    ----------
    spectrum : Spectrum
    compute : (P,) array
        Above 0.
    points : int
        N are tried at so many sizes, evenly spaced in the logarithm from 1 to M.

    Returns
    -------
    N, loss : (P,) float64

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> N, loss = compute_frontier(Spectrum.power_law(1.0, M=100), [1e1, 1e3], points=5)
    >>> bool(N[1] > N[0]), bool(loss[1] < loss[0])
    (True, True)
    """
    checked_spectrum(spectrum)
    c = moments(compute, "compute")
    count = integer(points, "points", minimum=3)
    tried = np.geomspace(1, spectrum.M, count)
    losses = np.stack([gradient_flow(spectrum, c / n, N=n) for n in tried])
    return _parabolic_minimum(np.log(tried), losses)


def simulate_gradient_flow(
    spectrum: Spectrum,
    times: ArrayLike,
    *,
    N: int,
    T: float = np.inf,
    draws: int = 8,
    rng: RandomSource = 0,
    threads: int | None = None,
) -> Floats:
    """Return the test loss of drawn models trained by gradient flow, without noise.

    The flow is integrated exactly, in the eigenbasis of the drawn features' kernel.

    Parameters
    ----------
    spectrum : Spectrum
    times : (P,) array
    N : int
    T : int or infinity
        Infinity: the flow on the population loss of the drawn features.
    draws : int
    rng : int, SeedSequence or Generator
    threads : int, optional

    Returns
    -------
    (draws, P) float64

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> spectrum = Spectrum.power_law(1.0, M=100)
    >>> simulate_gradient_flow(spectrum, [1.0, 10.0], N=10, T=20, draws=3).shape
    (3, 2)
    """
    checked_spectrum(spectrum)
    t = moments(times, "times")
    features = integer(N, "N", minimum=1)
    samples = 0 if np.isinf(one_size(T, "T")) else integer(T, "T", minimum=1)
    count = integer(draws, "draws", minimum=1)
    entropy = root_entropy(rng)
    flow = _DrawnFlow(spectrum, t, features, samples, entropy)
    return in_threads(flow.losses, range(count), thread_count(threads))


def _two_times(modes: Modes, t: Floats, T: float, noise: float) -> Floats:
    """Return twice the loss for finite T: two contours, both over the same nodes.

    The nodes below the real axis are the conjugates of those above; one contour needs both.
    """
    p, weight = talbot(t)
    above = modes.at(p)
    total = np.zeros(len(t))
    for sign in (np.asarray, np.conj):
        factor = sign(weight / p)[:, :, None] * (weight / p)[:, None, :] / 2
        total += (factor * _two_points(modes, above, sign, T, noise)).sum(axis=(1, 2)).real
    return total


def _two_points(
    modes: Modes, at: OnePoint, sign: Callable[[Any], Any], T: float, noise: float
) -> Complexes:
    """Return (n + sigma^2 g) / (1 - g) at pairs of nodes, sign() applied to the first."""
    delta = at.delta / modes.unit
    first = 1 / (modes.eigenvalues + sign(delta)[:, :, None])  # (P, K, M)
    second = np.swapaxes(1 / (modes.eigenvalues + delta[:, :, None]), 1, 2)
    z_step = -(first * modes.eigenvalues) @ second  # [z], in units of 1 / modes.unit
    b_step = (first * (modes.eigenvalues * modes.target)) @ second
    delta_, features = sign(delta)[:, :, None], sign(at.features)[:, :, None]
    kappa_step = features - delta[:, None, :] * z_step / modes.N
    n = sign(at.b)[:, :, None] - delta_ * features * b_step / kappa_step
    ahead = (delta * at.features)[:, None, :] * z_step / kappa_step
    left = sign(at.samples)[:, :, None] - ahead / T  # 1 - g
    return np.asarray((n + noise**2 * (1 - left)) / left)


class _DrawnFlow:
    """Drawn models at given times; `losses(k)` is a function of its arguments alone."""

    def __init__(self, spectrum: Spectrum, t: Floats, N: int, T: int, entropy: int) -> None:
        self.lam, self.t, self.N, self.T, self.entropy = spectrum.eigenvalues, t, N, T, entropy
        share = np.zeros_like(self.lam)
        self.w_squared = np.divide(spectrum.v_squared, self.lam, where=self.lam > 0, out=share)

    def losses(self, k: int) -> Floats:
        rng = generator(self.entropy, self.N, self.T, k)
        draw = Draw.sample(self.lam, self.N, self.T, rng)
        scale = len(self.lam) / self.N  # features of variance 1/N
        S = (draw.u * self.lam) @ draw.u.T
        if not self.T:
            rate, left = np.linalg.eigh(S)
            rate = np.maximum(rate, 0.0)
            right = (draw.u * self.lam).T @ left
        else:
            left, singular, rows = np.linalg.svd(draw.u @ draw.X, full_matrices=False)
            rate = singular**2
            right = draw.X @ (rows.T * singular)
        speed = rate * scale / max(self.T, 1)
        losses = []
        for t in self.t:
            learned = np.divide(-np.expm1(-speed * t), rate, where=rate > 0, out=rate * 0)
            P = (right * learned) @ left.T
            losses.append(0.5 * signal_error(P, draw.u, S, self.lam, self.w_squared))
        return np.array(losses)


def _parabolic_minimum(x: Floats, losses: Floats) -> tuple[Floats, Floats]:
    """Return exp of the place, and the value, of the minimum over axis 0, by a parabola."""
    best = np.clip(np.argmin(losses, axis=0), 1, len(x) - 2)
    columns = np.arange(losses.shape[1])
    low, middle, high = (np.log(losses[best + shift, columns]) for shift in (-1, 0, 1))
    bend = low - 2 * middle + high
    shift = np.clip(0.5 * (low - high) / np.where(bend > 0, bend, np.inf), -1, 1)
    place = x[best] + shift * (x[1] - x[0])
    return np.exp(place), np.exp(middle - 0.25 * (low - high) * shift)
