"""Does the exponent feel the labels or the inputs? Kernel regression on regrouped, noisy digits.

Bahri et al., arXiv 2102.06701, figure 3: coarser labels leave alpha_D as it is, noise in the inputs
lowers it. Here on scikit-learn's digits with the tangent kernel of a ReLU network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from ..._typing import Floats, Ints
from ...fitting import Law
from ...fitting.fit_losses import fit_mean_power_law
from ...randomness import RandomSource, root_entropy
from ...validation import distinct_integers, float64_array, integer, one_of, real
from .kernel_functions import ntk_kernel

_GROUPINGS: dict[str, tuple[int, ...]] = {
    "10 classes": tuple(range(10)),
    "5 classes": (0, 0, 1, 1, 2, 2, 3, 3, 4, 4),
    "parity": (0, 1) * 5,
    "below five": (0,) * 5 + (1,) * 5,
}
GROUPINGS = tuple(_GROUPINGS)
INPUTS = ("standardised", "centred", "raw")
_JITTER = 1e-10  # of the kernel's mean diagonal: ridgeless up to rounding


@dataclass(frozen=True, eq=False)
class DataScan:
    """Test losses of kernel regression against the number of training samples.

    Attributes
    ----------
    sizes : (K,) int64
    losses : (K, R) float64
        Half the mean square over test samples and outputs, for each draw.
    law : Law
        A power law of the mean.
    """

    sizes: Ints
    losses: Floats = field(repr=False)
    law: Law = field(repr=False)

    @property
    def exponent(self) -> float:
        """alpha_D."""
        return self.law.exponent

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval."""
        return self.law.interval()


def group_labels(labels: ArrayLike, grouping: str = "10 classes") -> Floats:
    """Return labels 0 ... 9 as one-hot vectors of coarser classes.

    Parameters
    ----------
    labels : (n,) array of int
    grouping : {"10 classes", "5 classes", "parity", "below five"}

    Returns
    -------
    (n, classes) float64

    Raises
    ------
    TypeError, ValueError
        If the grouping is not known or a label is no digit.

    Examples
    --------
    >>> group_labels([3, 4], "parity")
    array([[0., 1.],
           [1., 0.]])
    """
    digits = float64_array(labels, "labels", (1,))
    one_of(grouping, GROUPINGS, "grouping")
    if ((digits < 0) | (digits > 9) | (digits != np.round(digits))).any():
        raise ValueError("labels holds something else than 0 ... 9, but must hold digits.")
    group = np.array(_GROUPINGS[grouping])[digits.astype(np.int64)]
    return np.asarray(np.eye(group.max() + 1)[group])


def noisy_inputs(x: ArrayLike, noise: float, rng: RandomSource = 0) -> Floats:
    """Return inputs (n, d) with Gaussian noise, its deviation in units of each pixel's own.

    A pixel that is the same in all samples stays so.

    Examples
    --------
    >>> noisy_inputs([[0.0], [2.0]], 0.0)
    array([[0.],
           [2.]])
    """
    inputs = float64_array(x, "x", (2,))
    strength = real(noise, "noise")
    if strength < 0:
        raise ValueError(f"noise is {noise}, but must be at least 0.")
    unit = inputs.std(axis=0)
    random = np.random.default_rng(root_entropy(rng))
    return np.asarray(inputs + strength * unit * random.standard_normal(inputs.shape))


def kernel_data_scan(
    x: ArrayLike,
    y: ArrayLike,
    sizes: object = (32, 64, 128, 256, 512, 1024),
    *,
    kernel: Callable[[Floats, Floats], Floats] = ntk_kernel,
    ridge: float = 0.0,
    inputs: str = "standardised",
    draws: int = 20,
    rng: RandomSource = 0,
) -> DataScan:
    """Fit kernel regression to D samples and test it on the others, over draws of the samples.

    Parameters
    ----------
    x : (n, d) array
    y : (n,) or (n, C) array
        Centred here.
    sizes : sequence of int
        D, each below n.
    kernel : callable
        Of (n, d) and (m, d), returns (n, m).
    ridge : float
        Added to the diagonal, in units of its mean.
    inputs : {"raw", "centred", "standardised"}
        As they are; less their mean; also divided by each one's standard deviation. It decides what
        the kernel sees as an angle, and with it the exponent's value.
    draws : int
        At least 2.
    rng : int, SeedSequence or Generator

    Returns
    -------
    DataScan

    Raises
    ------
    TypeError, ValueError
        If shapes do not match, a size leaves nothing to test on, or the kernel is not finite, 0
        throughout or singular.

    Examples
    --------
    >>> x = np.random.default_rng(0).normal(size=(300, 3))
    >>> scan = kernel_data_scan(x, np.sin(x[:, 0]), [20, 40, 80, 160], draws=4)
    >>> scan.exponent > 0
    True
    """
    points, outputs = float64_array(x, "x", (2,)), float64_array(y, "y", (1, 2))
    one_of(inputs, INPUTS, "inputs")
    if len(points) != len(outputs):
        raise ValueError(f"y has {len(outputs)} row(s), but must have as many as x, {len(points)}.")
    numbers = distinct_integers(sizes, "sizes", minimum=1)
    if numbers.max() >= len(points):
        raise ValueError(
            f"sizes holds {numbers.max()}, but must be below the {len(points)} samples: some are "
            "tests."
        )
    extra = real(ridge, "ridge")
    if extra < 0:
        raise ValueError(f"ridge is {ridge}, but must be at least 0.")
    count, entropy = integer(draws, "draws", minimum=2), root_entropy(rng)
    seen = _prepared(points, inputs)
    targets = outputs.reshape(len(outputs), -1)
    targets = targets - targets.mean(axis=0)
    gram = _gram(kernel, seen)
    diagonal = (_JITTER + extra) * float(np.trace(gram)) / len(gram)
    losses = np.array(
        [
            [_loss(gram, targets, int(n), diagonal, [entropy, n, r]) for r in range(count)]
            for n in numbers
        ]
    )
    law = fit_mean_power_law(numbers, losses)
    return DataScan(numbers, losses, law)


def standardised(x: Floats) -> Floats:
    """Return inputs (n, d) with mean 0 and standard deviation 1; a constant input is 0.

    Examples
    --------
    >>> standardised(np.array([[1.0, 5.0], [3.0, 5.0]]))
    array([[-1.,  0.],
           [ 1.,  0.]])
    """
    centred = x - x.mean(axis=0)
    spread = centred.std(axis=0)
    return np.asarray(centred / np.where(spread > 0, spread, 1.0))


def _prepared(x: Floats, how: str) -> Floats:
    if how == "raw":
        return x
    return standardised(x) if how == "standardised" else np.asarray(x - x.mean(axis=0))


def _gram(kernel: Callable[[Floats, Floats], Floats], seen: Floats) -> Floats:
    """Return the kernel of all samples (n, n)."""
    gram, n = np.asarray(kernel(seen, seen)), len(seen)
    if gram.shape != (n, n):
        raise ValueError(f"kernel gives the shape {gram.shape}, but must give ({n}, {n}).")
    if not np.isfinite(gram).all():
        raise ValueError("kernel gives NaN or infinity for these inputs, but must be finite.")
    if not np.trace(gram) > 0:
        raise ValueError(
            "the kernel of the samples is 0 on its diagonal, as with equal inputs less their mean, "
            "and no ridge= in units of it helps: give inputs that differ, or inputs='raw'."
        )
    return gram


def _loss(gram: Floats, targets: Floats, n: int, diagonal: float, seed: list[int]) -> float:
    from scipy.linalg import LinAlgError, cho_factor, cho_solve

    rows = np.random.default_rng(seed).permutation(len(gram))
    train, test = rows[:n], rows[n:]
    square = gram[np.ix_(train, train)] + diagonal * np.eye(n)
    try:
        weights = cho_solve(cho_factor(square), targets[train])
    except LinAlgError:
        raise ValueError(
            f"the kernel of {n} samples is singular, as with equal inputs: leave them out, or "
            "give a ridge= above 0."
        ) from None
    error = gram[np.ix_(test, train)] @ weights - targets[test]
    return 0.5 * float(np.mean(error**2))
