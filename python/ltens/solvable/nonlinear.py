"""Random nonlinear features of Gaussian inputs: how the map extends the spectrum, and what it buys.

A linear map of inputs in d dimensions has d eigenvalues whatever the number of neurons; a nonlinear
one goes on, because its degree-p part has the products of p input eigenvalues (Maloney, Roberts &
Sully 2022, section 2). All covariances are exact averages over the inputs (`feature_maps`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Floats
from ..randomness import RandomSource, generator, root_entropy
from ..validation import distinct_integers, integer, one_of, positive
from .feature_maps import covariance, with_input
from .spectrum import Spectrum, checked_spectrum

MAPS = ("linear", "relu", "erf", "tanh")
STUDENTS = ("linear", "neurons", "projection")


class Neurons:
    """M random neurons act(gain * u . x) of inputs x ~ N(0, diag(eigenvalues)), centred.

    u ~ N(0, 1) / sqrt(sum of eigenvalues): the pre-activations have the mean square gain^2. They
    are the teacher's features, y = w . neurons with w ~ N(0, 1/M), or the student's.

    Parameters
    ----------
    inputs : Spectrum
        The eigenvalues of the inputs; its target is of no meaning here.
    M : int
        Number of neurons.
    map : {"relu", "erf", "tanh", "linear"}
    gain : float
    rng : int, SeedSequence or Generator

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, unknown or out of range.

    Examples
    --------
    >>> inputs = Spectrum.power_law(0.5, M=10)
    >>> Neurons(inputs, 40, map="linear").spectrum().rank, Neurons(inputs, 40).spectrum().rank
    (10, 40)
    """

    def __init__(
        self,
        inputs: Spectrum,
        M: int,
        *,
        map: str = "relu",  # noqa: A002 - the word of the paper
        gain: float = 1.0,
        rng: RandomSource = 0,
    ) -> None:
        self.inputs = checked_spectrum(inputs)
        count = integer(M, "M", minimum=1)
        self.map = one_of(map, MAPS, "map")
        self.gain = positive(gain, "gain")
        self.entropy = root_entropy(rng)
        self.u = self._weights(count, 0)

    def _weights(self, count: int, stream: int) -> Floats:
        """Return (count, d) weights with the inputs' standard deviations in them."""
        root = np.sqrt(self.inputs.eigenvalues / self.inputs.eigenvalues.sum())
        normal = generator(self.entropy, count, stream).standard_normal((count, len(root)))
        return np.asarray(self.gain * normal * root)

    def covariance(self) -> Floats:
        """Return the exact covariance of the neurons: (M, M) float64.

        Examples
        --------
        >>> Neurons(Spectrum([1.0]), 3, map="linear").covariance().shape
        (3, 3)
        """
        return _between(self.map, self.u, self.u)

    def spectrum(self) -> Spectrum:
        """Return the eigenvalues of the covariance, with the isotropic target the teacher is.

        Examples
        --------
        >>> Neurons(Spectrum.power_law(0.5, M=5), 20).spectrum().M
        20
        """
        values = np.linalg.eigvalsh(self.covariance())
        noise = values[-1] * len(values) * np.finfo(float).eps
        return Spectrum(np.where(values > noise, values, 0.0))

    def linear_loss(self) -> float:
        """Return the loss at which a linear student of the inputs saturates, N and T to infinity.

        Examples
        --------
        >>> abs(Neurons(Spectrum([1.0, 0.5]), 30, map="linear").linear_loss()) < 1e-12
        True
        """
        s = np.linalg.norm(self.u, axis=1)
        learned = (with_input(self.map, s) * s) ** 2
        return 0.5 * float((np.diag(self.covariance()) - learned).sum()) / len(s)

    def student_loss(self, N: ArrayLike, student: str = "neurons", *, draws: int = 4) -> Floats:
        """Return the loss of students of N features with endless data, over drawn students.

        The best fit given the student's features: its exact average over teachers and inputs.

        Parameters
        ----------
        N : sequence of int
        student : {"neurons", "projection", "linear"}
            N new neurons of the same map; N Gaussian combinations of the teacher's neurons, which
            `theory` describes; or N linear features of the inputs.
        draws : int

        Returns
        -------
        (len(N), draws) float64

        Raises
        ------
        TypeError, ValueError
            If an argument is of the wrong kind, unknown or out of range.

        Examples
        --------
        >>> teacher = Neurons(Spectrum.power_law(0.5, M=5), 60)
        >>> loss = teacher.student_loss([3, 10], "linear", draws=2)
        >>> bool(np.allclose(loss[1], teacher.linear_loss()))
        True
        """
        counts = distinct_integers(N, "N", minimum=1)
        one_of(student, STUDENTS, "student")
        several = integer(draws, "draws", minimum=1)
        C = self.covariance()
        power = float(np.trace(C))
        losses = np.empty((len(counts), several))
        for i, n in enumerate(counts.tolist()):
            for k in range(several):
                own, cross = self._student(n, k + 1, student, C)
                losses[i, k] = 0.5 * (power - _explained(own, cross)) / len(C)
        return losses

    def _student(self, N: int, stream: int, kind: str, C: Floats) -> tuple[Floats, Floats]:
        """Return Cov[student, student] (N, N) and Cov[student, teacher] (N, M)."""
        if kind == "projection":
            mix = generator(self.entropy, N, stream).standard_normal((N, len(C)))
            return mix @ C @ mix.T, mix @ C
        v = self._weights(N, stream)
        if kind == "neurons":
            return _between(self.map, v, v), _between(self.map, v, self.u)
        s = np.linalg.norm(self.u, axis=1)
        return v @ v.T, (v @ self.u.T) * with_input(self.map, s)


def _between(name: str, u: Floats, v: Floats) -> Floats:
    return covariance(name, np.linalg.norm(u, axis=1), np.linalg.norm(v, axis=1), u @ v.T)


def _explained(own: Floats, cross: Floats) -> float:
    """Return Tr(cross^T own^+ cross), the teacher's power in the span of the student."""
    values, vectors = np.linalg.eigh(own)
    kept = values > values[-1] * len(values) * np.finfo(float).eps
    turned = vectors[:, kept].T @ cross
    return float((turned**2 / values[kept, None]).sum())
