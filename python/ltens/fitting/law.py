"""A fitted scaling law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class Law:
    """loss(N) = amplitude * N^(-exponent).

    Attributes
    ----------
    exponent : float
        Positive when the loss falls with size.
    amplitude : float
        The law's loss at size 1.
    sizes : (W,) float64
        The sizes it was fitted to.
    losses : (W,) float64
        The statistic of the losses at each size.
    samples : (W,) int64
        Losses behind each statistic.
    excluded : int
        Networks left out because they diverged or did not finish.
    statistic : str
        "median" or "mean".
    bootstrap : (B, 2) float64
        Exponent and amplitude of each bootstrap resample; B = 0 if there was nothing to resample.
    model : str
        "power_law".

    Examples
    --------
    >>> import ltens
    >>> law = ltens.fit([1, 10, 100], [2.0, 0.2, 0.02])
    >>> round(law.exponent, 6), round(law.amplitude, 6)
    (1.0, 2.0)
    >>> law.predict([1000]).round(6)
    array([0.002])
    """

    exponent: float
    amplitude: float
    sizes: NDArray[np.float64]
    losses: NDArray[np.float64]
    samples: NDArray[np.int64]
    excluded: int
    statistic: str
    bootstrap: NDArray[np.float64]
    model: str = "power_law"

    @property
    def has_interval(self) -> bool:
        """Whether there were several losses per size and resamples to take an interval from."""
        return len(self.bootstrap) > 0

    @property
    def scatter(self) -> float:
        """Root mean square of log10(loss / law) over the sizes: how far it is from a power law."""
        return float(np.sqrt(np.mean(np.log10(self.losses / self.predict(self.sizes)) ** 2)))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the percentile-bootstrap interval of the exponent.

        Parameters
        ----------
        level : float
            Its nominal coverage, above 0 and below 1.

        Raises
        ------
        ValueError
            If `level` is out of range, or there is nothing to resample: one loss per size, or a
            fit with ``bootstrap=0``.
        """
        if not 0 < level < 1:
            raise ValueError(f"level is {level}, but must be above 0 and below 1.")
        if not self.has_interval:
            fewest = int(self.samples.min())
            if fewest < 2:
                raise ValueError(
                    f"interval() resamples the seeds, but there is a size with {fewest} loss: "
                    "fit losses of several seeds."
                )
            raise ValueError(
                "interval() needs bootstrap resamples, but the fit had bootstrap=0: "
                "fit with bootstrap=1000."
            )
        tail = (1 - level) / 2
        low, high = np.quantile(self.bootstrap[:, 0], [tail, 1 - tail])
        return float(low), float(high)

    def predict(self, sizes: ArrayLike) -> NDArray[np.float64]:
        """Return the law's loss at the sizes, same shape, float64."""
        return np.asarray(self.amplitude * np.asarray(sizes, dtype=np.float64) ** -self.exponent)

    def summary(self) -> str:
        """Return the law in one line."""
        text = f"{self.statistic} loss = {self.amplitude:.4g} * N^(-{self.exponent:.3f})"
        if self.exponent < 0:
            text = f"{self.statistic} loss = {self.amplitude:.4g} * N^(+{-self.exponent:.3f})"
        if self.has_interval:
            low, high = self.interval()
            text += f", exponent {self.exponent:.3f} [{low:.3f}, {high:.3f}] (95 %)"
        text += f", scatter {self.scatter:.2g} dex"
        return text + (f", {self.excluded} network(s) left out" if self.excluded else "")

    def to_dict(self, level: float = 0.95) -> dict[str, Any]:
        """Return the law as plain numbers, ready for JSON; `interval` is None if there is none."""
        return {
            "model": self.model,
            "exponent": self.exponent,
            "amplitude": self.amplitude,
            "interval": list(self.interval(level)) if self.has_interval else None,
            "level": level,
            "statistic": self.statistic,
            "scatter": self.scatter,
            "sizes": self.sizes.tolist(),
            "losses": self.losses.tolist(),
            "samples": self.samples.tolist(),
            "excluded": self.excluded,
        }

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        return f"<Law {self.summary()}>"
