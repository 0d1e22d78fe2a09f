"""Planted trainings: a law of size and step, and noise that a training carries along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..._typing import Floats, Ints
from ...validation import one_of

_LAW = {"A": 2.0, "alpha": 0.8, "B": 3.0, "beta": 0.5}
_OFFSET = 0.01  # of log loss, from training to training
_WANDERING = 0.01  # stationary, within a training
_KEPT = 0.9  # correlation of neighbouring checkpoints
_STEP = 0.003  # of a random walk from checkpoint to checkpoint


def _ar1(rng: np.random.Generator, shape: tuple[int, int, int]) -> Floats:
    noise = _WANDERING * rng.normal(size=shape)
    for k in range(1, shape[-1]):
        noise[..., k] = _KEPT * noise[..., k - 1] + np.sqrt(1 - _KEPT**2) * noise[..., k]
    return noise


def _walk(rng: np.random.Generator, shape: tuple[int, int, int]) -> Floats:
    return np.asarray(np.cumsum(_STEP * rng.normal(size=shape), axis=-1))


def _offset(rng: np.random.Generator, shape: tuple[int, int, int]) -> Floats:
    return np.asarray(_OFFSET * rng.normal(size=(*shape[:-1], 1)))


NOISES: dict[str, Callable[[np.random.Generator, tuple[int, int, int]], Floats]] = {
    "offset and AR(1)": lambda rng, shape: _offset(rng, shape) + _ar1(rng, shape),
    "random walk": _walk,
    "heavy-tailed offset": lambda rng, shape: (
        _OFFSET * rng.standard_t(3, size=(*shape[:-1], 1)) + 0.1 * _ar1(rng, shape)
    ),
    "independent rows": lambda rng, shape: _OFFSET * rng.normal(size=shape),
}
"""Noise (trials, trainings, checkpoints) of log loss."""


@dataclass(frozen=True)
class PlantedHistories:
    """Trainings along E + A / N^alpha + B / (t + transient)^beta.

    Attributes
    ----------
    sizes, seeds, checkpoints : int
        Sizes from 8 to 256, trainings of each, and checkpoints, evenly spaced in log step over
        three decades to the last.
    noise : str
        A key of `NOISES`.
    transient : float
        Steps that the beginning is behind the power law.
    horizon : float
        The last step grows as N to this power, to 10^4 at the largest.
    floor : float
        E.
    """

    sizes: int = 8
    seeds: int = 3
    checkpoints: int = 16
    noise: str = "offset and AR(1)"
    transient: float = 0.0
    horizon: float = 0.0
    floor: float = 0.1

    @property
    def trainings(self) -> int:
        """Return their number."""
        return self.sizes * self.seeds

    def columns(self) -> tuple[dict[str, Floats], Ints]:
        """Return sizes and steps (R,), and the training of each row, in the order of rows."""
        n = np.repeat(np.geomspace(8, 256, self.sizes), self.seeds)
        last = 1e4 * (n / n.max()) ** self.horizon
        steps = np.geomspace(last / 1000, last, self.checkpoints, axis=1)
        which = np.repeat(np.arange(self.trainings), self.checkpoints)
        return {"width": n[which], "step": steps.ravel()}, which

    def losses(self, transient: float | None = None) -> Floats:
        """Return the losses (R,) without noise."""
        columns, _ = self.columns()
        behind = self.transient if transient is None else transient
        size_part = _LAW["A"] / columns["width"] ** _LAW["alpha"]
        return np.asarray(
            self.floor + size_part + _LAW["B"] / (columns["step"] + behind) ** _LAW["beta"]
        )

    def noises(self, rng: np.random.Generator, trials: int) -> Floats:
        """Return noise (trials, R) of log loss."""
        draw = NOISES[one_of(self.noise, tuple(NOISES), "noise")]
        return draw(rng, (trials, self.trainings, self.checkpoints)).reshape(trials, -1)

    def data(self, rng: int) -> dict[str, NDArray[Any]]:
        """Return columns for `ltens.fit_histories`."""
        columns, which = self.columns()
        noise = self.noises(np.random.default_rng(rng), 1)[0]
        return {**columns, "run": which, "loss": self.losses() * np.exp(noise)}
