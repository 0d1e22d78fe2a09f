"""The test and train loss in closed form, for any size, ridge, noise and target.

With Delta from `renormalised_ridge`, z, q, b1, b2 from `spectral_sums`, p = z - q:

    J      = (N - z)(T - z) + p (N + T - 2z)                                  = d gamma~ / d Delta
    L      = 1/2 {T [(N - z) b2 + p b1] + sigma^2 [q (N - z) + p z]} / J
    L_train = 1/2 (1 - z/T)^2 (2 L + sigma^2)                                 per sample

Maloney, Roberts & Sully (2022) for ridge -> 0 and the isotropic target, for which the first term is
N T Delta p / (M J), symmetric in N and T; any ridge: Zhang (2024); any target, and the train loss
(generalised cross-validation): Atanasov, Zavatone-Veth & Pehlevan (2024).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Floats
from ..broadcasting import ENDLESS, amounts, sizes, together
from .renormalised_ridge import solve
from .spectral_sums import Sums, sums
from .spectrum import Spectrum, checked_spectrum


@dataclass(frozen=True, eq=False, repr=False)
class Theory:
    """What the closed form says; every attribute has the shape N, T, ridge and noise broadcast to.

    Losses are per output, with the factor 1/2, of clean labels.

    Attributes
    ----------
    test_loss : float64
        ``bias + variance_data + variance_features + variance_both + noise_loss``.
    train_loss : float64
        Of the noisy labels, per sample, without the ridge's term.
    delta : float64
        The renormalised ridge Delta, in the units of the eigenvalues.
    z, q : float64
        Sums of lambda/(lambda + Delta) and of its square; z is the number of modes learned.
    bias : float64
        Loss of the predictor averaged over training sets and features.
    variance_data, variance_features : float64
        What averaging over training sets (over features) alone would take away.
    variance_both : float64
        The rest, which averaging over either takes away.
    noise_loss : float64
        What label noise adds.
    N, T, ridge, noise : float64
        The arguments.

    Examples
    --------
    >>> found = theory(Spectrum.power_law(1.0, M=1500), N=200, T=[100, 600])
    >>> found
    <Theory of 2 points, test loss 5.455e-06 ... 1.539e-05>
    """

    test_loss: Floats
    train_loss: Floats
    delta: Floats
    z: Floats
    q: Floats
    bias: Floats
    variance_data: Floats
    variance_features: Floats
    variance_both: Floats
    noise_loss: Floats
    N: Floats
    T: Floats
    ridge: Floats
    noise: Floats

    @property
    def variance(self) -> Floats:
        """All variance over training sets and features, without that of the noise."""
        return self.variance_data + self.variance_features + self.variance_both

    def __repr__(self) -> str:
        loss = np.atleast_1d(self.test_loss)
        if not loss.size:
            return "<Theory of 0 points>"
        many = f"{loss.size} points, test loss {loss.min():.4g} ... {loss.max():.4g}"
        return f"<Theory of {many if loss.size > 1 else f'1 point, test loss {loss.flat[0]:.4g}'}>"


@dataclass(frozen=True, eq=False)
class Points:
    """Where a loss is asked for, all (P,) float64 and finite."""

    N: Floats
    T: Floats
    ridge: Floats
    noise: Floats


def theory(
    spectrum: Spectrum,
    *,
    N: ArrayLike,
    T: ArrayLike,
    ridge: ArrayLike = 0.0,
    noise: ArrayLike = 0.0,
    finite_size: bool = False,
) -> Theory:
    """Return the losses of ridge regression on random features, in closed form.

    N features phi = u x with u ~ N(0, 1/M), fitted to T samples by minimising
    1/2 |theta phi - y|^2 + ridge/2 |theta|^2. Solved in the limit of large sizes
    (Maloney, Roberts & Sully 2022; Zhang 2024; Atanasov et al. 2024); see `ltens.solvable`.

    Parameters
    ----------
    spectrum : Spectrum
    N, T : float or array
        Numbers of features and of samples; real, above 0, infinity allowed. They, `ridge` and
        `noise` broadcast against each other.
    ridge : float or array
        The ridge gamma, of the sum over samples (not of the mean).
    noise : float or array
        Standard deviation of the label noise.
    finite_size : bool
        At ridge 0, put 1 / (|N - T| - 1) for 1 / |N - T| (and T - M - 1 for T - M): exact in the
        larger of the two sizes, as the mean of an inverse Wishart matrix. No such correction is
        known with a ridge; those points are left as they are.

    Returns
    -------
    Theory
        Infinite at the peaks N = T and (noise only) T = M without a ridge.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, out of range, or the shapes do not broadcast.

    Examples
    --------
    >>> spectrum = Spectrum.power_law(alpha=1.0, M=1500)
    >>> float(theory(spectrum, N=50, T=400).test_loss.round(9))
    1.7923e-05
    >>> theory(spectrum, N=[50, 100], T=[[400], [800]], ridge=1e-3).test_loss.shape
    (2, 2)
    """
    checked_spectrum(spectrum)
    given = {"N": sizes(N, "N"), "T": sizes(T, "T")}
    given |= {"ridge": amounts(ridge, "ridge"), "noise": amounts(noise, "noise")}
    arrays = together(given)
    shape = arrays[0].shape
    n, t, gamma, sigma = (np.ravel(array) for array in arrays)
    points = Points(np.minimum(n, ENDLESS), np.minimum(t, ENDLESS), gamma, sigma)
    parts = _losses(spectrum, points)
    if finite_size:
        _correct(parts, spectrum, points)
    signal = parts.pop("signal")
    parts["test_loss"] = signal + parts["noise_loss"]
    spread = parts["bias"] + parts["variance_data"] + parts["variance_features"]
    parts["variance_both"] = np.where(np.isfinite(signal), np.maximum(signal - spread, 0), np.inf)
    parts |= {"N": n, "T": t, "ridge": gamma, "noise": sigma}
    return Theory(**{name: _shaped(array, shape) for name, array in parts.items()})


def population(spectrum: Spectrum) -> tuple[Floats, Floats | float, float]:
    """Return positive eigenvalues in units of the largest, the target for `sums`, and that unit.

    Examples
    --------
    >>> population(Spectrum([2.0, 1.0, 0.0]))[0]
    array([1. , 0.5])
    """
    unit = float(spectrum.eigenvalues[0])
    relative = spectrum.eigenvalues / unit
    kept = relative > 1e-290  # smaller ones would underflow in Delta
    if spectrum.target is None:
        return relative[kept], unit / spectrum.M, unit
    return relative[kept], spectrum.target[kept], unit


def _shaped(array: Floats, shape: tuple[int, ...]) -> Any:
    return array.reshape(shape)[()]


def _losses(spectrum: Spectrum, points: Points) -> dict[str, Floats]:
    """Return the parts of the loss, all (P,); ``signal`` is the test loss without noise."""
    eigenvalues, target, unit = population(spectrum)
    N, T, ridge, noise = points.N, points.T, points.ridge, points.noise
    delta, gap = solve(eigenvalues, N, T, ridge * (spectrum.M / unit))
    found = sums(eigenvalues, target, delta)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        signal, noise_loss = loss_at(found, points, gap, delta, len(eigenvalues))
        left = (gap + np.maximum(T - N, 0)) / T  # 1 - z / T
        noisy = 2 * (signal + noise_loss) + noise**2
        train = np.where(left > 0, 0.5 * left**2 * noisy, 0.0)
        q, p = found.q, found.p
        bias = 0.5 * found.b2
        data = bias * q / ((gap + np.maximum(T - N, 0)) + p)
        features = 0.5 * p * (found.b1 - found.b2) / ((gap + np.maximum(N - T, 0)) + p)
    nothing = delta == 0
    return {
        "signal": signal,
        "noise_loss": noise_loss,
        "train_loss": train,
        "delta": delta * unit,
        "z": found.z,
        "q": q,
        "bias": bias,
        "variance_data": np.where(nothing, 0.0, data),
        "variance_features": np.where(nothing, 0.0, features),
    }


def loss_at(
    found: Sums, points: Points, gap: Floats, delta: Floats, rank: int
) -> tuple[Floats, Floats]:
    """Return the signal and the noise part of the test loss, given Delta and gap = min(N,T) - z."""
    N, T, noise = points.N, points.T, points.noise
    d = np.abs(N - T)
    features = gap + np.maximum(N - T, 0)  # N - z
    jacobian = gap * (gap + d) + found.p * (2 * gap + d)
    signal = 0.5 * T * (features * found.b2 + found.p * found.b1) / jacobian
    noise_part = (found.q * features + found.p * found.z) / jacobian
    nothing = delta == 0  # no ridge and both sizes at least the rank: exact but for the noise
    noise_part = np.where(nothing, rank / np.maximum(T - rank, 0), noise_part)
    noise_loss = 0.5 * noise**2 * np.where(noise > 0, noise_part, 0.0)
    return np.where(nothing, 0.0, signal), noise_loss


def _correct(parts: dict[str, Floats], spectrum: Spectrum, points: Points) -> None:
    """Replace the ridgeless losses by those with the finite-size factor, in place.

    N < T, given the features: least squares in N dimensions with a residual rho^2 that is Gaussian,
    L = 1/2 rho^2 (T - 1)/(T - N - 1) and noise N/(T - N - 1). N > T, given the data: the part of u
    outside the span of the data is independent of the features on it, so what depends on N does so
    as the mean of an inverse Wishart matrix, 1/(N - T - 1).
    """
    eigenvalues, target, unit = population(spectrum)
    N, T, ridge, noise = points.N, points.T, points.ridge, points.noise
    delta = parts["delta"] / unit
    found = sums(eigenvalues, target, delta)
    with np.errstate(divide="ignore", invalid="ignore"):
        few = 0.5 * found.b1 * (T - 1) / _above_one(T - N)
        many = 0.5 * T * (found.b2 / found.p + found.b1 / _above_one(N - T))
        noise_few = N / _above_one(T - N)
        noise_many = found.q / found.p + T / _above_one(N - T)
        noise_all = len(eigenvalues) / _above_one(T - len(eigenvalues))
    all_of_it = np.minimum(N, T) >= len(eigenvalues)
    signal = np.where(all_of_it, 0.0, np.where(N < T, few, many))
    noise_part = np.where(N < T, noise_few, noise_many)
    noise_part = np.where(all_of_it, noise_all, noise_part)
    ridgeless = ridge == 0
    parts["signal"] = np.where(ridgeless, signal, parts["signal"])
    noise_loss = 0.5 * noise**2 * np.where(noise > 0, noise_part, 0.0)
    parts["noise_loss"] = np.where(ridgeless, noise_loss, parts["noise_loss"])


def _above_one(difference: Floats) -> Floats:
    """Return difference - 1 where that is above 0, else 0, by which it is divided: no finite mean.

    Infinite sizes stay infinite: their 1 is lost in rounding, as it should be.
    """
    return np.maximum(difference - 1, 0.0)
