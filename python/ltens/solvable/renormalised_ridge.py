"""Solves for Delta, the ridge that random features and finite samples add up to.

    gamma~ = Delta (N - z(Delta)) (T - z(Delta)),    z(Delta) = sum_I lambda_I / (lambda_I + Delta)

(Maloney, Roberts & Sully 2022 in the limit gamma -> 0; Zhang 2024 and Atanasov et al. 2024 for any
ridge.) gamma~ = gamma M for features of variance 1/M.

With n = min(N, T), d = |N - T| and the gap s = n - z, the equation is s (s + d) = gamma~ / Delta,
so s = 2c / (d + sqrt(d^2 + 4c)) with c = gamma~ / Delta: no cancellation however small s is. What
is solved is

    f(x) = log[(z + s) / n] = 0,    x = log Delta.

Why it cannot fail. z and s both fall as Delta grows (s does if gamma~ > 0), so f is strictly
decreasing and has at most one root. The bracket is proven, not searched for:

* s <= n needs c <= NT, so Delta >= gamma~ / (NT); and for n below the rank R,
  z >= R lambda_R / (lambda_R + Delta) gives z >= n wherever Delta <= lambda_R (R - n) / n.
  The larger of the two is a lower bound; one of them is positive.
* z <= (sum lambda) / Delta <= n/2 for Delta >= 2 (sum lambda) / n, and s <= n/2 for
  Delta >= gamma~ / [(n/2)(n/2 + d)]: there f <= 0, an upper bound.

Newton's step is taken if it stays inside the bracket and is at most half of the step before;
otherwise the bracket is halved. Steps that halve end below the tolerance, brackets that halve too,
so the number of iterations is bounded by twice log2(bracket / tolerance), about 90 for numbers as
far apart as float64 has them. f is close to a straight line for power laws: 4 to 6 are usual.

Without a ridge and n >= R, Delta = 0.
"""

from __future__ import annotations

import numpy as np

from .._typing import Floats
from .spectral_sums import shortfall

_STEP = 1e-10  # Newton converges quadratically: after a step of this size the error is below eps
_MOST_ITERATIONS = 200
_NOTHING = 1e-280  # Delta relative to the largest eigenvalue that counts as none


def solve(eigenvalues: Floats, N: Floats, T: Floats, ridge: Floats) -> tuple[Floats, Floats]:
    """Return Delta and the gap s = min(N, T) - z, free of cancellation.

    Parameters
    ----------
    eigenvalues : (R,) float64
        Positive, descending, the largest 1.
    N, T : (P,) float64
        Positive and finite.
    ridge : (P,) float64
        gamma~ in units of the largest eigenvalue; at least 0.

    Examples
    --------
    >>> lam = np.arange(1.0, 101.0) ** -2
    >>> delta, gap = solve(lam, np.array([10.0]), np.array([20.0]), np.array([0.5]))
    >>> z = (lam / (lam + delta)).sum()
    >>> float((delta * (10 - z) * (20 - z))[0].round(12)), float((10 - z - gap)[0].round(12))
    (0.5, 0.0)
    """
    n, d = np.minimum(N, T), np.abs(N - T)
    ridge = np.where(ridge / n / (n + d) < _NOTHING, 0.0, ridge)
    delta, gap = np.zeros_like(n), np.maximum(n - len(eigenvalues), 0.0)
    todo = np.flatnonzero((ridge > 0) | (n < len(eigenvalues)))
    if todo.size:
        delta[todo] = _newton(eigenvalues, n[todo], d[todo], ridge[todo])
        found = delta[todo]
        gap[todo] = gap_of(ridge[todo] / found, d[todo])[0]
    return delta, gap


def gap_of(c: Floats, d: Floats) -> tuple[Floats, Floats]:
    """Return s with s (s + d) = c, and ds / dlog c.

    Examples
    --------
    >>> s, slope = gap_of(np.array([6.0]), np.array([1.0]))
    >>> float(s[0]), float(slope[0])
    (2.0, 1.2)
    """
    root = np.hypot(d, 2 * np.sqrt(c))
    root_or_one = np.where(root > 0, root, 1.0)
    return 2 * c / (d + root_or_one), c / root_or_one


def _bracket(eigenvalues: Floats, n: Floats, d: Floats, ridge: Floats) -> tuple[Floats, Floats]:
    """Return log Delta below and above the root, with a factor 2 to spare for rounding."""
    rank = len(eigenvalues)
    low = np.maximum(ridge / n / (n + d), eigenvalues[-1] * np.maximum(rank - n, 0) / n)
    high = np.maximum(2 * eigenvalues.sum() / n, 4 * ridge / n / (n + 2 * d))
    return np.log(low / 2), np.log(2 * high)


def _start(eigenvalues: Floats, n: Floats, d: Floats, ridge: Floats) -> Floats:
    """Return a first log Delta: the n-th eigenvalue, or where the ridge alone would put it."""
    rank = len(eigenvalues)
    nth = eigenvalues[np.minimum(n, rank).astype(np.int64) - (n >= 1)]
    half = 0.5 * n
    spare = np.where(n > rank, n - rank, half)
    alone = ridge / spare / (spare + d)
    guess = np.where(n < rank, np.maximum(nth, alone), alone)
    return np.asarray(np.log(np.maximum(guess, np.finfo(float).tiny)))


def _newton(eigenvalues: Floats, n: Floats, d: Floats, ridge: Floats) -> Floats:
    """Return Delta by bracketed Newton iteration in log Delta."""
    low, high = _bracket(eigenvalues, n, d, ridge)
    x = np.clip(_start(eigenvalues, n, d, ridge), low, high)
    step = high - low
    active = np.arange(len(x))
    for _ in range(_MOST_ITERATIONS):
        i = active
        delta = np.exp(x[i])
        s, ds = gap_of(ridge[i] / delta, d[i])
        short, p = shortfall(eigenvalues, n[i], delta)
        g = short - s  # n - z - s, which has the sign of -f
        below = g < 0
        low[i], high[i] = np.where(below, x[i], low[i]), np.where(below, high[i], x[i])
        total = n[i] - g
        # Where everything is flat the division gives inf or NaN: not within, so halved.
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            newton = np.log1p(-g / n[i]) * total / (p + ds)
            ahead = x[i] + newton
        good = (ahead >= low[i]) & (ahead <= high[i]) & (np.abs(newton) <= 0.5 * np.abs(step[i]))
        new = np.where(good, ahead, 0.5 * (low[i] + high[i]))
        step[i] = new - x[i]
        x[i] = new
        active = i[(np.abs(step[i]) > _STEP) & (g != 0)]
        if not active.size:
            break
    return np.exp(x)
