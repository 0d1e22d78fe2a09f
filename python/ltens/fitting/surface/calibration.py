"""How far the cost may rise within an interval: the noise as the residuals show it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..._typing import Floats, Ints
from .profile import inverse_normal
from .quantities import Quantities
from .search import Fitted, influence


def allowed_rise(
    fitted: Fitted, quantities: Quantities, level: float, units: Ints | None = None
) -> Floats:
    """Return the rise (B, M) of the profiled cost within an interval.

    scale * t^2, t Student's quantile with rows less coefficients as degrees of freedom. With units
    of dependent rows the scale is the ratio, for each function, of its jackknife variance over
    whole units to what independent rows would give (Chandler & Bate 2007: the profile of an
    independence likelihood, adjusted), and there are as many degrees of freedom as units less one.

    Parameters
    ----------
    units : (R,) int64, optional
        Which training each row belongs to; None for independent rows.
    """
    from scipy.special import stdtrit

    shape = len(fitted.theta), quantities.count
    if units is None:
        degrees = fitted.y.shape[1] - fitted.theta.shape[1]
        rise = scale(fitted) * stdtrit(degrees, (1 + level) / 2) ** 2
        return np.repeat(rise[:, None], shape[1], axis=1)
    problem, which = (at.ravel() for at in np.indices(shape))
    with np.errstate(all="ignore"):  # a function without a value has no interval either
        gradient = quantities.gradient(fitted.theta[problem], which)
        t = float(stdtrit(int(units.max()), (1 + level) / 2))
        every = np.ones_like(fitted.theta, np.bool_)
        rise = _adjusted(fitted, units, gradient, problem, free=every, t=t)
        free = _free(fitted)
        if not free.all():
            # The profile is that of the others where a coefficient stays at its bound, that of all
            # where it leaves it.
            held = _adjusted(fitted, units, gradient * free[problem], problem, free=free, t=t)
            rise = np.where(np.all(free, axis=1)[problem], rise, np.fmax(rise, held))
    return np.asarray(rise).reshape(shape)


def _adjusted(
    fitted: Fitted,
    units: Ints,
    gradient: Floats,
    problem: Ints,
    *,
    free: NDArray[np.bool_],
    t: float,
) -> Floats:
    """Return t^2 times a jackknife variance (L,) over that of independent rows.

    Of functions with gradients (L, p) in some problems (L,), coefficients moving where `free`.
    """
    shifts = unit_shifts(fitted, units, free)[problem]  # (L, G, p)
    count = shifts.shape[1]
    moved = (shifts @ gradient[..., None])[..., 0]
    bound = ~np.all(_free(fitted), axis=1)[problem]  # where the shifts have a mean
    moved = np.where(bound[:, None], moved - moved.mean(axis=1, keepdims=True), moved)
    variance = (count - 1) / count * (moved**2).sum(axis=1)
    inverse = inverse_normal(fitted, curvatures(fitted), free)[problem]
    spread = (inverse @ gradient[..., None])[..., 0]
    independent = np.maximum((gradient * spread).sum(axis=1), 1e-30)
    return np.where(gradient.any(axis=1), t**2 * variance / independent, np.nan)


def _free(fitted: Fitted) -> NDArray[np.bool_]:
    """Return which coefficients (B, p) are not as small or as large as they may be."""
    low, high = fitted.surface.bounds(fitted.surface.logs)
    return np.asarray((fitted.theta > low) & (fitted.theta < high))


def scale(fitted: Fitted) -> Floats:
    """Return the cost's scale (B,): E[psi^2] / E[psi'] (Huber 1981, section 7.10)."""
    return scale_of(fitted.residuals, fitted.theta.shape[1], fitted.huber)


def scale_of(residuals: Floats, size: int, huber: float | None) -> Floats:
    """Return the cost's scale (B,) by residuals (B, R) of a fit of `size` coefficients."""
    squares = (influence(residuals, huber) ** 2).sum(axis=1) / (residuals.shape[1] - size)
    return np.asarray(squares / mean_curvature(residuals, size, huber))


def mean_curvature(residuals: Floats, size: int, huber: float | None) -> Floats:
    """Return E[psi'] (B,) of residuals (B, R): the share of the noise within Huber's threshold.

    With a threshold far below the noise that is the density at 0. A fit of p coefficients brings p
    residuals there that say nothing about it; the rest is counted in a window of Hall & Sheather
    (1988), as is usual in median regression.

    Examples
    --------
    >>> noise = np.random.default_rng(0).normal(size=(1, 100_000))
    >>> mean_curvature(noise, 5, 0.1).round(2)  # 2 * 0.1 / sqrt(2 pi)
    array([0.08])
    """
    if huber is None:
        return np.ones(len(residuals))
    ordered = np.sort(np.abs(residuals), axis=1)
    left = residuals.shape[1] - size
    inside = (ordered < huber).sum(axis=1) - size
    window = min(max(int(2 * left * _bandwidth(left)), 1), left)
    edge = ordered[:, size + window - 1]
    wide = window * huber / np.maximum(edge, huber)
    return np.asarray(np.where(edge > huber, wide, np.maximum(inside, 1)) / left)


def _bandwidth(rows: int) -> float:
    """Return Hall & Sheather's bandwidth at the median, in probability."""
    from scipy.special import ndtri

    z, density = ndtri(0.975), 1 / np.sqrt(2 * np.pi)
    return float(rows ** (-1 / 3) * z ** (2 / 3) * (1.5 * density**2) ** (1 / 3))


def curvatures(fitted: Fitted) -> Floats:
    """Return each row's weight (B, R) in half the cost's curvature."""
    mean = mean_curvature(fitted.residuals, fitted.theta.shape[1], fitted.huber)
    return np.asarray(fitted.weights * mean[:, None])


def unit_shifts(fitted: Fitted, units: Ints, free: NDArray[np.bool_] | None = None) -> Floats:
    """Return to first order how theta moves as each unit is left out, (B, G, p).

    (H - H_g)^-1 sum_{r in g} psi_r s_r, s the derivatives of log loss, H the cost's curvature.
    Only coefficients that are `free` (B, p) move, by default those that are at no bound.
    """
    surface = fitted.surface
    value, slopes = surface.curve(surface.logs, fitted.theta)
    residual = fitted.y - value
    pull = fitted.weights * influence(residual, fitted.huber)
    bend = curvatures(fitted)
    free = _free(fitted) if free is None else free
    slopes = slopes * free[:, None]
    order = np.argsort(units, kind="stable")
    first = np.flatnonzero(np.diff(units[order], prepend=-1))
    score = np.add.reduceat((slopes * pull[..., None])[:, order], first, axis=1)
    products = slopes[..., :, None] * (slopes * bend[..., None])[..., None, :]
    own = np.add.reduceat(products[:, order], first, axis=1)  # (B, G, p, p)
    rest = own.sum(axis=1)[:, None] - own
    diagonal = np.einsum("bgii->bgi", rest)
    diagonal += 1e-10 * np.abs(diagonal) + np.where(free, 1e-300, 1.0)[:, None]
    return np.asarray(-np.linalg.solve(rest, score[..., None])[..., 0])
