"""A fitted scaling law."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Floats, Ints
from ..validation import one_of, real, share
from .bootstrap import Resampling, resample
from .comparison import Alternative, Candidate, candidate, compare
from .estimation import Estimate, estimate
from .intervals import exponent_p_value, profile_interval
from .law_warnings import warnings_of
from .local import LocalExponents, local_exponents
from .models import Model
from .observations import Observations

_OPEN = (
    "The data do not bound the exponent from above: the loss reaches its floor within the first "
    "step between sizes."
)
METHODS = ("profile", "bootstrap", "residuals")


@dataclass(frozen=True, eq=False)
class Law:
    """A curve of loss against size, with what is known about its exponent.

    Made by `ltens.fit`.

    Attributes
    ----------
    model : str
        Its name: "power_law", "power_law_floor", "broken_power_law", ...
    exponent : float
        Positive when the loss falls with size; of the last piece of a broken law.
    coefficients : dict
        All parameters of the published equation, sizes in the user's unit.
    sizes, losses, standard_errors : (W,) float64
        The sizes, the statistic of the losses at each, and the standard error of its logarithm
        (NaN where there is one loss per size).
    samples : (W,) int64
        Losses behind each statistic.
    excluded : int
        Networks left out because they diverged or did not finish.
    statistic : str
        "median", "mean", "geometric_mean" or "quantile q".
    alternatives : tuple of Alternative
        How every model that could be tried does on the same data, lowest AICc first.
    warnings : tuple of str
        Reservations in plain sentences.

    Examples
    --------
    >>> import ltens
    >>> law = ltens.fit([1, 10, 100], [2.0, 0.2, 0.02])
    >>> round(law.exponent, 6), round(law.amplitude, 6)
    (1.0, 2.0)
    >>> law.predict([1000]).round(6)
    array([0.002])
    """

    observations: Observations = field(repr=False)
    chosen: Candidate = field(repr=False)
    rivals: tuple[Candidate | Model, ...] = field(repr=False)
    resamples: int = 1000
    seed: int = 0
    huber: float | None = None
    _known: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def model(self) -> str:
        """Return the name of the model."""
        return self._model.name

    @property
    def equation(self) -> str:
        """Return the equation of the model."""
        return self._model.equation

    @property
    def exponent(self) -> float:
        """Return the exponent."""
        return float(self._model.exponent(self.chosen.fitted.theta)[0])

    @property
    def coefficients(self) -> dict[str, float]:
        """Return the parameters by the names of the equation."""
        return self._model.coefficients(self.chosen.fitted.theta[0], float(self.sizes[0]))

    @property
    def amplitude(self) -> float:
        """Return the amplitude of the falling part: its loss at size 1."""
        return self.coefficients["amplitude"]

    @property
    def floor(self) -> float:
        """Return the loss that is left at infinite size; 0 for a model without a floor."""
        given = self.coefficients
        return given.get("floor", given.get("limit", 0.0))

    @property
    def sizes(self) -> Floats:
        """Return the sizes (W,)."""
        return self.observations.table.sizes

    @property
    def losses(self) -> Floats:
        """Return the statistics (W,)."""
        return self.observations.losses

    @property
    def standard_errors(self) -> Floats:
        """Return the standard errors (W,) of log statistic."""
        variances = self.observations.variances
        return np.full(len(self.losses), np.nan) if variances is None else np.sqrt(variances)

    @property
    def samples(self) -> Ints:
        """Return the number of losses at each size (W,)."""
        return self.observations.samples

    @property
    def excluded(self) -> int:
        """Return how many networks were left out."""
        return self.observations.table.excluded

    @property
    def diverged(self) -> int:
        """Return how many networks diverged, left out or counted as infinite."""
        return self.observations.table.diverged

    @property
    def statistic(self) -> str:
        """Return the name of the statistic."""
        return self.observations.statistic.name

    @property
    def converged(self) -> bool:
        """Return whether the minimum was reached."""
        return bool(self.chosen.fitted.converged[0])

    @property
    def degrees(self) -> int:
        """Return the number of sizes less that of parameters."""
        return int(self.chosen.fitted.degrees[0])

    @property
    def scatter(self) -> float:
        """Root mean square of log10(loss / law) over the sizes: how far the law misses them."""
        return float(np.sqrt(np.mean(self.residuals**2)))

    @property
    def residuals(self) -> Floats:
        """Return log10(loss / law) at each size (W,)."""
        return np.asarray(np.log10(self.losses / self.predict(self.sizes)))

    @property
    def excess(self) -> float:
        """Return the standard deviation of log10 loss about the law beyond the seeds' own."""
        return float(np.sqrt(self.chosen.fitted.excess[0]) / np.log(10))

    @property
    def has_interval(self) -> bool:
        """Whether `interval()` gives one: several losses per size and a free exponent."""
        return (
            self.observations.variances is not None
            and self._model.exponent_at is not None
            and self.degrees > 0
        )

    @cached_property
    def alternatives(self) -> tuple[Alternative, ...]:
        """Return how every model tried does on the same data."""
        others = [
            each if isinstance(each, Candidate) else candidate(each, self.observations, self.huber)
            for each in self.rivals
        ]
        return compare(self.observations, [self.chosen, *others])

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Return reservations in plain sentences."""
        found = warnings_of(self.observations, self.chosen, self.alternatives)
        if self.has_interval and not np.isfinite(self.interval()[1]):
            return (_OPEN, *found)
        return found

    @cached_property
    def resampling(self) -> Resampling:
        """Return the seed bootstrap and the jackknife over sizes."""
        fitted = self.chosen.fitted
        return resample(self._model, self.observations, fitted, self.resamples, self.seed)

    def interval(self, level: float = 0.95, method: str = "profile") -> tuple[float, float]:
        """Return an interval of the exponent.

        Parameters
        ----------
        level : float
            Its nominal coverage, above 0 and below 1.
        method : {"profile", "bootstrap", "residuals"}
            "profile", the recommended one, answers: which exponents fit, judged by how far the
            points are from the law? It holds also if the law is only approximate, and is wide
            where there are few sizes. "bootstrap" answers: how far would the exponent move if the
            same sizes were trained again with other seeds? "residuals" is "profile" with equal
            weights and no use of the seeds: for data of one loss per size.

        Returns
        -------
        low, high : float
            `high` is infinite if the data do not bound the exponent from above.

        Raises
        ------
        ValueError
            If `level` is out of range, the exponent was given, or the data cannot tell: one loss
            per size (but for "residuals"), or no more sizes than parameters.
        """
        wanted = share(level, "level")
        one_of(method, METHODS, "method")
        if self._model.exponent_at is None:
            raise ValueError(
                f"the exponent was given as {self.exponent:g}, so it has no interval: fit another "
                "model, or see p_value()."
            )
        self._refuse_without_seeds(method)
        makers: dict[str, Callable[[float], tuple[float, float]]] = {
            "profile": self._profile,
            "bootstrap": self._bootstrap,
            "residuals": self._residuals,
        }
        key = (wanted, method)
        if key not in self._known:
            self._known[key] = makers[method](wanted)
        low, high = self._known[key]
        return low, high

    def p_value(self, exponent: float, method: str = "profile") -> float:
        """Return the p-value of an exponent predicted beforehand, such as 1 or 4/d.

        The test that goes with ``interval()``: the interval of level 1 - p ends there.

        Parameters
        ----------
        exponent : float
        method : {"profile", "residuals"}
            As for `interval`.

        Examples
        --------
        >>> import ltens
        >>> noise = np.random.default_rng(1).lognormal(sigma=0.1, size=(6, 50))
        >>> law = ltens.fit([1, 2, 4, 8, 16, 32], noise / 2.0 ** np.arange(6)[:, None])
        >>> law.p_value(1.0) > 0.05 > law.p_value(4.0)
        True
        """
        value = real(exponent, "exponent")
        one_of(method, METHODS[::2], "method")
        if self._model.exponent_at is None:
            raise ValueError(f"the exponent was given as {self.exponent:g}: fit another model.")
        self._refuse_without_seeds(method)
        fitted = self._unweighted if method == "residuals" else self.chosen.fitted
        return exponent_p_value(self._model, self.observations, fitted, value, self.huber)

    def predict(self, sizes: ArrayLike) -> Floats:
        """Return the law's loss at the sizes, same shape, float64."""
        given = np.asarray(sizes, dtype=np.float64)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            u = np.log(given.reshape(-1) / self.sizes[0])
            value = self._model.curve(u, self.chosen.fitted.theta)[0]
            return np.asarray(np.exp(value[0]).reshape(given.shape))

    def local_exponents(self, level: float = 0.95) -> LocalExponents:
        """Return the slopes between neighbouring sizes, with intervals from the seeds."""
        return local_exponents(self.observations, level)

    def summary(self, level: float = 0.95) -> str:
        """Return the law, its intervals, the alternatives and the warnings as text."""
        from .summary import text

        return text(self, level)

    def to_dict(self, level: float = 0.95) -> dict[str, Any]:
        """Return all of it as plain numbers in full precision, ready for JSON."""
        from .summary import plain

        return plain(self, level)

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        from .summary import line

        return f"<Law {line(self)}>"

    def _repr_html_(self) -> str:
        from .summary import html

        return html(self)

    @property
    def _model(self) -> Model:
        return self.chosen.model

    def _profile(self, level: float) -> tuple[float, float]:
        return profile_interval(
            self._model, self.observations, self.chosen.fitted, level, self.huber
        )

    def _residuals(self, level: float) -> tuple[float, float]:
        return profile_interval(self._model, self.observations, self._unweighted, level, self.huber)

    @cached_property
    def _unweighted(self) -> Estimate:
        return estimate(self._model, self.observations.u, self.observations.y, huber=self.huber)

    def _bootstrap(self, level: float) -> tuple[float, float]:
        if not self.resamples:
            raise ValueError(
                "interval(method='bootstrap') needs resamples, but the fit had bootstrap=0: "
                "fit with bootstrap=1000."
            )
        return self.resampling.interval(self.exponent, self.degrees, level)

    def _refuse_without_seeds(self, method: str) -> None:
        """Raise ValueError where the seeds' noise is unknown."""
        if method == "residuals" or self.observations.variances is not None:
            return
        fewest = int(self.samples.min())
        if fewest < 2:
            raise ValueError(
                f"interval() takes the noise from the seeds, but there is a size with {fewest} "
                "loss: fit losses of several seeds, or judge the noise by the scatter about the "
                "law with interval(method='residuals')."
            )
        raise ValueError(
            "interval() takes the noise from the seeds, but all losses of each size are equal."
        )
