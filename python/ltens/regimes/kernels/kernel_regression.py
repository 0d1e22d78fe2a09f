"""L(D) of a kernel on data: what D samples leave of a teacher drawn from the kernel itself.

    L(D) = 1/2 E_x[K(x,x) - k(x)^T Kbar^-1 k(x)]

equation (2) of `random_features` without features: P is infinite (Bahri et al. 2021).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy import linalg

from ..._typing import Floats, Ints
from ...broadcasting import positive_ridge
from ...randomness import RandomSource, generator, root_entropy
from ...threads import in_threads, thread_count
from ...validation import distinct_integers, float64_array, integer
from ..features.feature_simulation import Draws


def kernel_loss(
    kernel: Callable[[Floats, Floats], Floats],
    X: ArrayLike,
    test: ArrayLike,
    *,
    jitter: float = 0.0,
) -> float:
    """Return L(D) of training inputs, averaged over test inputs.

    Parameters
    ----------
    kernel : callable
        Of (n, d) and (m, d) inputs, returns (n, m).
    X : (D, d) array
    test : (T, d) array
    jitter : float
        As in `kernel_learning_curve`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the shapes do not fit or the Gram matrix is singular, as with equal inputs.

    Examples
    --------
    >>> kernel_loss(lambda x, y: x @ y.T, [[1.0, 0.0]], [[0.0, 2.0], [3.0, 0.0]])  # (4 + 0) / 4
    1.0
    """
    x, y = float64_array(X, "X", (2,)), float64_array(test, "test", (2,))
    return _path(kernel, x, y, np.array([len(x)]), positive_ridge(jitter, "jitter"))[0]


def kernel_learning_curve(
    kernel: Callable[[Floats, Floats], Floats],
    inputs: ArrayLike,
    D: ArrayLike,
    *,
    test_samples: int = 1000,
    jitter: float = 0.0,
    draws: int = 4,
    rng: RandomSource = 0,
    threads: int | None = None,
) -> list[Draws]:
    """Return L(D) for several D, on drawn rows and tested on others.

    The training sets of a draw are nested, and its test set is the same for each D: one Cholesky
    factor gives the whole curve.

    Parameters
    ----------
    kernel : callable
        Of (n, d) and (m, d) inputs, returns (n, m).
    inputs : (n, d) array
        The rows; n at least the largest D and the test samples together.
    D : (W,) integers
    test_samples : int
    jitter : float
        Added to the diagonal of the Gram matrix, as a part of its mean: 0 unless the matrix is
        singular to rounding, as that of a smooth kernel on many inputs is.
    draws : int
        Training and test sets.
    rng : int, SeedSequence or Generator
    threads : int, optional

    Returns
    -------
    list of Draws
        One for each D.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range, or a Gram matrix is singular.

    Examples
    --------
    >>> from ltens.regimes import arc_cosine_kernel
    >>> x = np.random.default_rng(0).normal(size=(300, 2))
    >>> few, many = kernel_learning_curve(arc_cosine_kernel, x, [10, 40], test_samples=100)
    >>> many.mean < few.mean
    True
    """
    x = float64_array(inputs, "inputs", (2,))
    sizes = distinct_integers(D, "D", minimum=1)
    tests = integer(test_samples, "test_samples", minimum=1)
    part = positive_ridge(jitter, "jitter")
    count, workers = integer(draws, "draws", minimum=1), thread_count(threads)
    most = int(sizes.max())
    if most + tests > len(x):
        raise ValueError(
            f"inputs has {len(x)} rows, but must have at least {most + tests}: {most} to train on "
            f"and {tests} to test."
        )
    entropy = root_entropy(rng)

    def one(k: int) -> list[float]:
        rows = generator(entropy, k).permutation(len(x))
        return _path(kernel, x[rows[tests : tests + most]], x[rows[:tests]], sizes, part)

    found = in_threads(one, range(count), workers)
    return [Draws(found[:, i].copy(), entropy) for i in range(len(sizes))]


def _path(
    kernel: Callable[[Floats, Floats], Floats],
    x: Floats,
    y: Floats,
    sizes: Ints,
    jitter: float,
) -> list[float]:
    """Return the losses of the first D rows, for each D: L^-1 k holds them all in order."""
    if not len(x) or not len(y):
        raise ValueError(f"there are {len(x)} inputs and {len(y)} tests, but must be one of each.")
    gram = np.array(kernel(x, x))
    if gram.shape != (len(x), len(x)):
        raise ValueError(
            f"kernel gives the shape {gram.shape} for {len(x)} inputs, but must give "
            f"({len(x)}, {len(x)})."
        )
    gram[np.diag_indices_from(gram)] += jitter * np.trace(gram) / len(gram)
    try:
        factor = linalg.cholesky(gram, lower=True, check_finite=False)
    except linalg.LinAlgError:
        raise ValueError(
            f"the Gram matrix of the {len(x)} inputs is singular, but must be positive definite: "
            "leave out equal inputs, use fewer, or jitter=1e-12."
        ) from None
    whitened = linalg.solve_triangular(factor, kernel(x, y), lower=True, check_finite=False)
    explained = np.concatenate([[0.0], np.cumsum((whitened**2).mean(axis=1))])
    prior = float(np.mean([kernel(row[None], row[None])[0, 0] for row in y]))
    return [0.5 * (prior - float(explained[int(n)])) for n in sizes]
