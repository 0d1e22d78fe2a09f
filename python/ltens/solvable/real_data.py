"""The model on data: the measured spectrum, the theory's prediction from it, and the regression.

Inputs are rows of a table, taken as the whole population: the theory sees their covariance and
what of the targets is linear in them (`Spectrum.from_data`), the rest of the targets counts as
noise. The regression draws N random linear features and T of the rows, and is tested on the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Floats
from ..broadcasting import positive_ridge
from ..bundled_data import bundled, digit_images
from ..randomness import RandomSource, generator, root_entropy
from ..threads import in_threads, thread_count
from ..validation import float64_array, integer
from .closed_form import theory
from .one_draw import Draw, solution
from .simulation import Simulation
from .spectrum import Spectrum


def digits() -> tuple[Floats, Floats]:
    """Return scikit-learn's handwritten digits: inputs (1797, 64) and one-hot labels (1797, 10).

    Raises
    ------
    ModuleNotFoundError
        Without scikit-learn: pip install 'ltens[data]'.

    Examples
    --------
    >>> X, y = digits()
    >>> X.shape, y.shape
    ((1797, 64), (1797, 10))
    """
    X, label = digit_images()
    return X, np.eye(10)[label]


def photo_patches(count: int, size: int = 32, *, rng: RandomSource = 0) -> Floats:
    """Return square patches of the two photographs in scikit-learn, in colour.

    Parameters
    ----------
    count : int
    size : int
        Side in pixels; 32 gives the 3072 inputs of CIFAR-10.
    rng : int, SeedSequence or Generator
        Draws their places.

    Returns
    -------
    (count, 3 * size^2) float64
        Between 0 and 1.

    Raises
    ------
    ModuleNotFoundError
        Without scikit-learn and Pillow: pip install 'ltens[data]'.

    Examples
    --------
    >>> photo_patches(5, size=8).shape
    (5, 192)
    """
    patches, side = (
        integer(count, "count", minimum=1),
        integer(size, "size", minimum=1, maximum=400),
    )
    random = generator(root_entropy(rng), side)
    photos = np.stack(bundled("photographs").load_sample_images().images)  # (2, 427, 640, 3)
    which = random.integers(0, len(photos), patches)
    rows = random.integers(0, photos.shape[1] - side + 1, patches)
    columns = random.integers(0, photos.shape[2] - side + 1, patches)
    cut = [
        photos[i, r : r + side, c : c + side].ravel()
        for i, r, c in zip(which, rows, columns, strict=True)
    ]
    return np.array(cut, dtype=np.float64) / 255


@dataclass(frozen=True, eq=False)
class DataProblem:
    """Linear regression of targets on random features of data.

    Attributes
    ----------
    X : (samples, M) float64
        Centred.
    y : (samples, C) float64
        Centred.
    spectrum : Spectrum
        Of the data, with what of y each principal component holds.
    noise : float
        Standard deviation of what is left of y, per output.

    Examples
    --------
    >>> problem = DataProblem.of(*digits())
    >>> problem.spectrum.rank  # three pixels are always white
    61
    """

    X: Floats
    y: Floats
    spectrum: Spectrum
    noise: float

    @classmethod
    def of(cls, X: ArrayLike, y: ArrayLike) -> DataProblem:
        """Return the problem of inputs (samples, M) and targets (samples,) or (samples, C).

        Raises
        ------
        TypeError, ValueError
            If the shapes do not fit together, or a value is NaN or infinite.

        Examples
        --------
        >>> X = np.random.default_rng(0).normal(size=(50, 3))
        >>> DataProblem.of(X, X[:, 0]).noise < 1e-6
        True
        """
        spectrum = Spectrum.from_data(X, y)
        data, outputs = float64_array(X, "X", (2,)), float64_array(y, "y", (1, 2))
        outputs = outputs.reshape(len(data), -1)
        data, outputs = data - data.mean(axis=0), outputs - outputs.mean(axis=0)
        left = outputs.var(axis=0).mean() - spectrum.v_squared.sum()
        return cls(data, outputs, spectrum, float(np.sqrt(max(left, 0.0))))

    @classmethod
    def isotropic(cls, X: ArrayLike, outputs: int = 100, *, rng: RandomSource = 0) -> DataProblem:
        """Return the problem of random linear teachers, w ~ N(0, 1/M), on inputs (samples, M).

        Examples
        --------
        >>> X = np.random.default_rng(0).normal(size=(50, 3))
        >>> DataProblem.isotropic(X, outputs=7).y.shape
        (50, 7)
        """
        data = float64_array(X, "X", (2,))
        count = integer(outputs, "outputs", minimum=1)
        w = generator(root_entropy(rng), *data.shape).standard_normal((data.shape[1], count))
        return cls.of(data, data @ w / np.sqrt(data.shape[1]))

    def predicted(self, N: ArrayLike, T: ArrayLike, ridge: ArrayLike) -> Floats:
        """Return the theory's loss on test rows: with the noise that is in them.

        Examples
        --------
        >>> problem = DataProblem.of(*digits())
        >>> bool(0 < problem.predicted(30, 500, 1.0) < problem.spectrum.null_loss)
        True
        """
        found = theory(self.spectrum, N=N, T=T, ridge=ridge, noise=self.noise)
        return np.asarray(found.test_loss + 0.5 * self.noise**2)

    def simulate(
        self,
        *,
        N: int,
        T: int,
        ridge: float,
        draws: int = 8,
        rng: RandomSource = 0,
        threads: int | None = None,
    ) -> Simulation:
        """Fit N random features to T rows and test on the others, over drawn features and rows.

        Parameters
        ----------
        N, T : int
            T below the number of rows.
        ridge : float
        draws : int
        rng : int, SeedSequence or Generator
        threads : int, optional

        Returns
        -------
        Simulation
            Its ``train_losses`` are those on the T rows.

        Raises
        ------
        TypeError, ValueError
            If an argument is of the wrong kind or out of range.

        Examples
        --------
        >>> DataProblem.of(*digits()).simulate(N=30, T=500, ridge=1.0, draws=2).losses.shape
        (2,)
        """
        n, t = integer(N, "N", minimum=1), integer(T, "T", minimum=1)
        if t >= len(self.X):
            raise ValueError(f"T is {t}, but must be below the {len(self.X)} rows: some are tests.")
        gamma, count = positive_ridge(ridge), integer(draws, "draws", minimum=1)
        entropy = root_entropy(rng)

        def losses(k: int) -> tuple[float, float]:
            return self._one(n, t, gamma, generator(entropy, n, t, k))

        found = in_threads(losses, range(count), thread_count(threads))
        return Simulation(found[:, 0].copy(), found[:, 1].copy(), entropy)

    def _one(self, N: int, T: int, ridge: float, rng: np.random.Generator) -> tuple[float, float]:
        rows = rng.permutation(len(self.X))
        train, test = rows[:T], rows[T:]
        u = rng.standard_normal((N, self.X.shape[1])) / np.sqrt(self.X.shape[1])
        draw = Draw(u, self.X[train].T)
        theta = self.y[train].T @ solution(u @ draw.X, draw, ridge)  # (C, N)
        error = [theta @ (u @ self.X[part].T) - self.y[part].T for part in (test, train)]
        return 0.5 * float(np.mean(error[0] ** 2)), 0.5 * float(np.mean(error[1] ** 2))
