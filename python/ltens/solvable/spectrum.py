"""The population a model learns from: eigenvalues of the inputs and what the target holds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Floats
from ..validation import float64_array, integer, positive, real


class Spectrum:
    """Eigenvalues of the latent covariance and the target's share in each.

    The latent vector is x ~ N(0, diag(eigenvalues)) in M dimensions, the target y = w . x. What
    the target holds in mode I is v_I^2 = eigenvalue_I * w_I^2; the isotropic target of Maloney,
    Roberts & Sully (2022), w_I ~ N(0, 1/M), has v_I^2 = eigenvalue_I / M.

    Parameters
    ----------
    eigenvalues : (M,) array
        Not negative, at least one positive; sorted on entry, the largest first. M counts the zeros.
    target : (M,) array, optional
        v_I^2 in the order of `eigenvalues`, 0 where the eigenvalue is 0; isotropic by default.

    Raises
    ------
    TypeError, ValueError
        If an array is of the wrong kind or shape, or a value negative, NaN or infinite.

    Examples
    --------
    >>> Spectrum([0.25, 1.0, 0.5]).eigenvalues
    array([1.  , 0.5 , 0.25])
    >>> Spectrum([1.0, -1.0])
    Traceback (most recent call last):
    ...
    ValueError: eigenvalues holds -1.0, but every one must be at least 0.
    """

    def __init__(self, eigenvalues: ArrayLike, target: ArrayLike | None = None) -> None:
        values = float64_array(eigenvalues, "eigenvalues", (1,))
        if not values.size or values.max() <= 0:
            raise ValueError("eigenvalues holds none above 0, but at least one must be.")
        if values.min() < 0:
            raise ValueError(f"eigenvalues holds {values.min()}, but every one must be at least 0.")
        order = np.argsort(-values, kind="stable")
        self.eigenvalues = values[order]
        self.target = None if target is None else _checked_target(target, values)[order]
        for array in (self.eigenvalues, self.target):
            if array is not None:
                array.setflags(write=False)

    @classmethod
    def power_law(cls, alpha: float, M: int, *, largest: float = 1.0) -> Spectrum:
        """Return eigenvalue_I = largest * I^-(1 + alpha), I = 1 ... M, with an isotropic target.

        Parameters
        ----------
        alpha : float
            Above 0: the spectrum falls faster than 1/I, and the loss as size^-alpha.
        M : int
            Dimension of the latent space.
        largest : float
            The largest eigenvalue.

        Raises
        ------
        TypeError, ValueError
            If an argument is of the wrong kind or out of range.

        Examples
        --------
        >>> Spectrum.power_law(1.0, M=3).eigenvalues.round(3)
        array([1.   , 0.25 , 0.111])
        """
        exponent = 1 + positive(alpha, "alpha")
        count = integer(M, "M", minimum=1, maximum=10**9)
        return cls(positive(largest, "largest") * _powers(count, exponent))

    @classmethod
    def source_capacity(cls, capacity: float, source: float, M: int) -> Spectrum:
        """Return eigenvalue_I = I^-capacity with target v_I^2 = I^-source.

        The letters of Bordelon, Atanasov & Pehlevan (2024) are b for `capacity`, a for `source`.

        Parameters
        ----------
        capacity, source : float
            Above 0; the target's power is finite as M grows if `source` is above 1.
        M : int

        Raises
        ------
        TypeError, ValueError
            If an argument is of the wrong kind or out of range.

        Examples
        --------
        >>> Spectrum.source_capacity(1.5, 2.0, M=2).target.round(3)
        array([1.  , 0.25])
        """
        b, a = positive(capacity, "capacity"), positive(source, "source")
        count = integer(M, "M", minimum=1, maximum=10**9)
        return cls(_powers(count, b), _powers(count, a))

    @classmethod
    def from_data(cls, X: ArrayLike, y: ArrayLike | None = None) -> Spectrum:
        """Return the spectrum of the empirical covariance of data, its mean taken off.

        Parameters
        ----------
        X : (samples, M) array
            One sample in each row, at least two.
        y : (samples,) or (samples, C) array, optional
            Targets: v_I^2 is then the variance of y along principal component I, the mean over
            the C outputs; what is left of var(y) is noise to a linear student.

        Raises
        ------
        TypeError, ValueError
            If the shapes do not fit together, or a value is NaN or infinite.

        Examples
        --------
        >>> X = np.random.default_rng(0).normal(size=(1000, 2)) * [3.0, 1.0]
        >>> Spectrum.from_data(X).eigenvalues.round()
        array([9., 1.])
        """
        data = float64_array(X, "X", (2,))
        if len(data) < 2:
            raise ValueError(
                f"X has {len(data)} sample(s), but must have at least 2 (one per row)."
            )
        centred = data - data.mean(axis=0)
        left, singular, _ = np.linalg.svd(centred, full_matrices=False)
        # Directions without variance come out as rounding errors, not zeros.
        singular[singular <= singular[0] * max(data.shape) * np.finfo(float).eps] = 0
        padding = (0, data.shape[1] - len(singular))
        eigenvalues = np.pad(singular**2 / len(data), padding)
        if y is None:
            return cls(eigenvalues)
        outputs = float64_array(y, "y", (1, 2)).reshape(len(np.asarray(y)), -1)
        if len(outputs) != len(data):
            raise ValueError(f"y has {len(outputs)} samples, but must have {len(data)} as X has.")
        share = (left.T @ (outputs - outputs.mean(axis=0))) ** 2 / len(data)
        share[singular == 0] = 0
        return cls(eigenvalues, np.pad(share.mean(axis=1), padding))

    @property
    def M(self) -> int:  # noqa: N802 - the letter of the science
        """Dimension of the latent space."""
        return len(self.eigenvalues)

    @property
    def rank(self) -> int:
        """Number of eigenvalues above 0."""
        return int(np.count_nonzero(self.eigenvalues))

    @property
    def v_squared(self) -> Floats:
        """What the target holds in each mode: (M,) float64."""
        return self.eigenvalues / self.M if self.target is None else self.target

    @property
    def null_loss(self) -> float:
        """Loss of a model that always answers 0: half the target's power."""
        return 0.5 * float(self.v_squared.sum())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Spectrum):
            return NotImplemented
        same = np.array_equal(self.eigenvalues, other.eigenvalues)
        return same and np.array_equal(self.v_squared, other.v_squared)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        low, high = self.eigenvalues[-1], self.eigenvalues[0]
        kind = "isotropic" if self.target is None else "given"
        return f"<Spectrum M={self.M}, eigenvalues {high:.3g} ... {low:.3g}, target {kind}>"


def checked_spectrum(value: Any) -> Spectrum:
    """Return `value` if it is a Spectrum.

    Examples
    --------
    >>> checked_spectrum([1.0, 0.5])
    Traceback (most recent call last):
    ...
    TypeError: spectrum is [1.0, 0.5], but must be a Spectrum: Spectrum.power_law(1.0, M=1000), \
Spectrum(eigenvalues) or Spectrum.from_data(X).
    """
    if isinstance(value, Spectrum):
        return value
    raise TypeError(
        f"spectrum is {value!r}, but must be a Spectrum: Spectrum.power_law(1.0, M=1000), "
        "Spectrum(eigenvalues) or Spectrum.from_data(X)."
    )


def _powers(count: int, exponent: float) -> Floats:
    """Return I^-exponent, I = 1 ... count."""
    real(exponent, "exponent")
    return np.arange(1, count + 1, dtype=np.float64) ** -exponent


def _checked_target(target: ArrayLike, eigenvalues: Floats) -> Floats:
    """Return the target's shares, checked against the eigenvalues."""
    shares = float64_array(target, "target", (1,))
    if shares.shape != eigenvalues.shape:
        raise ValueError(
            f"target has shape {shares.shape}, but must have shape {eigenvalues.shape} "
            "as eigenvalues has."
        )
    if shares.min() < 0:
        raise ValueError(f"target holds {shares.min()}, but every one must be at least 0.")
    if shares[eigenvalues == 0].any():
        raise ValueError(
            "target is above 0 where the eigenvalue is 0, but an input without variance carries "
            "no target: set it to 0 there."
        )
    return shares
