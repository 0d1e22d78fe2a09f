"""Delta for complex ridges: the resolvent of the features, whence densities and training times.

Delta (N - z(Delta)) (T - z(Delta)) = gamma~ continued from the positive real axis, where
`renormalised_ridge` solves it, along the arc of constant |gamma~|: Euler's predictor and Newton's
corrector in log Delta, on a step of the angle that is halved where the corrector moves far. The
singularities lie on the negative real axis, so nothing is in the way.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .._typing import Complexes, Floats
from .renormalised_ridge import solve
from .spectral_sums import blocks

_ITERATIONS = 4  # on the way; the end is polished with as many again
_ON_THE_WAY = 1e-5  # Newton converges quadratically: the next one would move by about 1e-10
_MOST_STEPS = 2000
_SMALLEST_STEP = 1e-9  # in units of the way: at a branch point the path is left there


def complex_sums(eigenvalues: Floats, delta: Complexes) -> tuple[Complexes, Complexes]:
    """Return z and p = z - q at complex Delta, both (P,).

    Examples
    --------
    >>> z, p = complex_sums(np.array([1.0]), np.array([1j]))
    >>> complex(z[0]), complex(p[0])
    ((0.5-0.5j), (0.5+0j))
    """
    z, p = np.empty_like(delta), np.empty_like(delta)
    for part in blocks(len(delta), len(eigenvalues)):
        inverse = 1 / (eigenvalues + delta[part, None])
        z[part] = np.einsum("j,ij->i", eigenvalues, inverse)
        p[part] = delta[part] * np.einsum("j,ij,ij->i", eigenvalues, inverse, inverse)
    return z, p


def follow(eigenvalues: Floats, N: float, T: float, ridges: Complexes) -> Complexes:
    """Return Delta at complex gamma~ off the negative real axis, however little.

    Parameters
    ----------
    eigenvalues : (R,) float64
        Positive, the largest 1.
    N, T : float
    ridges : (P,) complex128
        gamma~ in units of the largest eigenvalue, not 0.

    Examples
    --------
    >>> lam = np.arange(1.0, 51.0) ** -2
    >>> ridge = np.array([0.3 + 0.4j])
    >>> delta = follow(lam, 10.0, 20.0, ridge)
    >>> z = (lam / (lam + delta)).sum()
    >>> bool(abs(delta[0] * (10 - z) * (20 - z) - ridge[0]) < 1e-12)
    True
    """
    goal = np.log(ridges.astype(np.complex128))
    start = goal.real + 0j
    same = np.ones(len(goal))
    y = np.log(solve(eigenvalues, N * same, T * same, np.abs(ridges))[0]).astype(np.complex128)
    done = np.zeros(len(goal))
    step = np.full(len(goal), 1 / 16)
    slope = _slope(eigenvalues, N, T, y)
    for _ in range(_MOST_STEPS):
        i = np.flatnonzero(done < 1)
        if not i.size:
            return np.asarray(np.exp(_newton(eigenvalues, N, T, goal, y)[0]))
        ahead = np.minimum(done[i] + step[i], 1.0)
        way = goal[i] - start[i]
        # Euler's predictor, then Newton's corrector: accepted if that did not move it far.
        guess = y[i] + slope[i] * (ahead - done[i]) * way
        new, ok = _newton(eigenvalues, N, T, start[i] + ahead * way, guess)
        ok &= (np.abs(new - guess) < 0.3) & (np.abs(new - y[i]) < 2.0)
        last = step[i] <= _SMALLEST_STEP
        take = ok | last
        y[i], done[i] = np.where(take, new, y[i]), np.where(take, ahead, done[i])
        slope[i] = np.where(take, _slope(eigenvalues, N, T, y[i]), slope[i])
        step[i] *= np.where(ok, 1.5, 0.5)
        step[i] = np.maximum(step[i], _SMALLEST_STEP)
    raise ArithmeticError(
        f"Delta was not reached for {int((done < 1).sum())} of {len(goal)} complex ridges: "
        "please report the spectrum and the sizes."
    )


def _residual(
    eigenvalues: Floats, N: float, T: float, log_ridge: Complexes, y: Complexes
) -> tuple[Complexes, Complexes]:
    """Return log[Delta (N-z)(T-z) / gamma~] and its derivative by log Delta."""
    z, p = complex_sums(eigenvalues, np.exp(y))
    value = y + np.log((1 - z / N) * (1 - z / T)) + np.log(N * T) - log_ridge
    turns = np.round(value.imag / (2 * np.pi))  # the logarithm's branch is of no meaning here
    return value - 2j * np.pi * turns, 1 + p / (N - z) + p / (T - z)


def _newton(
    eigenvalues: Floats, N: float, T: float, log_ridge: Complexes, y: Complexes
) -> tuple[Complexes, NDArray[np.bool_]]:
    """Return log Delta from the start y, and where the iteration converged."""
    y = y.copy()
    size = np.full(len(y), np.inf)
    with np.errstate(all="ignore"):
        for _ in range(_ITERATIONS):
            value, slope = _residual(eigenvalues, N, T, log_ridge, y)
            change = value / slope
            change /= np.maximum(1.0, np.abs(change))
            y = y - np.where(np.isfinite(change), change, 0)
            size = np.where(np.isfinite(change), np.abs(change), np.inf)
            if (size < _ON_THE_WAY).all():
                break
    return y, size < _ON_THE_WAY


def _slope(eigenvalues: Floats, N: float, T: float, y: Complexes) -> Complexes:
    """Return dlog Delta / dlog gamma~."""
    z, p = complex_sums(eigenvalues, np.exp(y))
    return np.asarray(1 / (1 + p / (N - z) + p / (T - z)))
