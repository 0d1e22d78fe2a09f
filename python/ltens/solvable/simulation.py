"""Simulates the model: draws features and data, solves the regression, averages the losses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Floats
from ..broadcasting import positive_ridge
from ..randomness import RandomSource, generator, root_entropy
from ..standard_errors import standard_error
from ..threads import in_threads, thread_count
from ..validation import integer, one_of
from .one_draw import Draw, exact_losses, sampled_losses
from .spectrum import Spectrum, checked_spectrum

METHODS = ("exact", "sampled")


@dataclass(frozen=True, eq=False, repr=False)
class Simulation:
    """Losses of the drawn models.

    Attributes
    ----------
    losses, train_losses : (draws,) float64
        Of each draw; in the units of `Theory`.
    entropy : int
        The root entropy.

    Examples
    --------
    >>> Simulation(np.array([1.0, 3.0]), np.array([0.5, 0.7]), 0)
    <Simulation of 2 draws, test loss 2 +- 1>
    """

    losses: Floats
    train_losses: Floats
    entropy: int

    @property
    def test_loss(self) -> float:
        """The mean over draws."""
        return float(self.losses.mean())

    @property
    def train_loss(self) -> float:
        """The mean over draws."""
        return float(self.train_losses.mean())

    @property
    def standard_error(self) -> float:
        """Of `test_loss`; NaN for a single draw."""
        return standard_error(self.losses)

    def __repr__(self) -> str:
        loss, error = self.test_loss, self.standard_error
        return f"<Simulation of {len(self.losses)} draws, test loss {loss:.4g} +- {error:.2g}>"


def simulate(
    spectrum: Spectrum,
    *,
    N: int,
    T: int,
    ridge: float = 0.0,
    noise: float = 0.0,
    draws: int = 8,
    rng: RandomSource = 0,
    method: str = "exact",
    outputs: int = 100,
    test_samples: int = 1000,
    threads: int | None = None,
) -> Simulation:
    """Fit random features to data drawn from the model and return the losses.

    Draw k depends on (root entropy, N, T, k) alone, so two ridges are compared on the same draws.
    Each draw runs on one thread of the linear algebra library: the bits do not depend on `threads`.

    Parameters
    ----------
    spectrum : Spectrum
    N, T : int
        Numbers of features and samples.
    ridge, noise : float
        As in `theory`.
    draws : int
        Independent features and training sets.
    rng : int, SeedSequence or Generator
        The root entropy.
    method : {"exact", "sampled"}
        "exact": the averages over teachers, noise and test inputs are taken in closed form, so that
        the spread is that of features and training sets alone. "sampled": they are drawn, as in an
        experiment; a check of the other.
    outputs, test_samples : int
        Teachers and test inputs of the sampled method.
    threads : int, optional
        Draws at a time. By default LTENS_NUM_THREADS, else all that the process may use.

    Returns
    -------
    Simulation

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range; before any work.

    Examples
    --------
    >>> spectrum = Spectrum.power_law(alpha=1.0, M=300)
    >>> run = simulate(spectrum, N=20, T=60, draws=4)
    >>> run.losses.shape, run.standard_error < run.test_loss
    ((4,), True)
    """
    checked_spectrum(spectrum)
    simulated = Simulated(
        spectrum.eigenvalues,
        spectrum.v_squared,
        integer(N, "N", minimum=1),
        integer(T, "T", minimum=1),
        positive_ridge(ridge),
        positive_ridge(noise, "noise"),
        one_of(method, METHODS, "method"),
        integer(outputs, "outputs", minimum=1),
        integer(test_samples, "test_samples", minimum=1),
    )
    count = integer(draws, "draws", minimum=1)
    workers = thread_count(threads)
    entropy = root_entropy(rng)
    losses = in_threads(lambda k: simulated.losses(entropy, k), range(count), workers)
    return Simulation(losses[:, 0].copy(), losses[:, 1].copy(), entropy)


@dataclass(frozen=True, eq=False)
class Simulated:
    """What every draw of a simulation shares."""

    eigenvalues: Floats
    v_squared: Floats
    N: int
    T: int
    ridge: float
    noise: float
    method: str
    outputs: int
    test_samples: int

    def losses(self, entropy: int, draw: int) -> tuple[float, float]:
        """Return test and train loss of a draw, a function of the arguments alone."""
        rng = generator(entropy, self.N, self.T, draw)
        lam = self.eigenvalues
        w_squared = np.divide(self.v_squared, lam, where=lam > 0, out=np.zeros_like(lam))
        drawn = Draw.sample(lam, self.N, self.T, rng)
        if self.method == "exact":
            return exact_losses(drawn, lam, w_squared, self.ridge, self.noise)
        return sampled_losses(
            drawn,
            lam,
            w_squared,
            self.ridge,
            self.noise,
            outputs=self.outputs,
            test_samples=self.test_samples,
            rng=rng,
        )
