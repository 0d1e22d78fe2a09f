"""A fitted scaling law."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Floats
from ..validation import float64_array, one_of, real, real_values, share
from .agreement import Agreement, departs, holds, longest_allowed
from .bootstrap import Resampling, resample
from .coefficients import coefficient_intervals
from .comparison import Alternative, Candidate, candidate, compare, on_a_bound
from .estimation import Estimate, estimate
from .intervals import exponent_p_value, profile_interval
from .kept_law import KeptLaw
from .law_warnings import warnings_of, warnings_of_data
from .local import LocalExponents, local_exponents
from .measured_curve import MeasuredCurve
from .models import Model, PowerLawFloor
from .observations import Observations, log_ratio
from .prediction import Prediction, continued, predicted_by_law, predicted_without_law

if TYPE_CHECKING:
    pass

_OPEN = (
    "The data do not bound the exponent from above: the loss reaches its floor within the first "
    "step between sizes."
)
_ARBITRARY = (
    "The losses do not fall: any exponent fits as well, so that the one given says nothing."
)
_EXACT = 1e-9  # of log10 loss: rounding
NO_LAW = "none"
METHODS = ("profile", "bootstrap", "residuals")


@dataclass(frozen=True, eq=False)
class Law(KeptLaw, MeasuredCurve):
    """A curve of loss against size, with what is known about its exponent.

    Made by `ltens.fit`.

    Attributes
    ----------
    end : Slope
        The exponent at the large end, with its interval and range: it exists for every curve.
    pieces : tuple of Slope
        The curve cut into ranges, each with its exponent.
    holds : bool
        Whether a law holds, by the tolerances of docs/guide/fits.md.
    range : (float, float)
        The smallest and largest size that `exponent` is about.
    approximate : bool
        Whether the law holds within the tolerances rather than exactly: it bends, or the data do
        not tell their noise.
    bends : bool
        Whether the data show that the law that holds is not theirs exactly.
    asked : bool
        Whether the model was asked for by ``model=``, over all sizes.
    about : Observations
        What the law was fitted to: the statistics over `range`.
    allowed : Agreement or None
        If no law holds, the one over the longest range that the data neither show nor contradict:
        its `start` counts the sizes below, its `chosen` holds the fit.
    is_arbitrary : bool
        Whether any exponent fits as well, because the losses do not fall.
    model : str
        The name of the law: "power_law", "power_law_floor", ...; "none" if none holds.
    exponent : float
        Of the law; if none holds, at the large end. Positive when the loss falls with size; of the
        last piece of a broken law.
    coefficients : dict
        All parameters of the published equation, sizes in the user's unit; empty if none holds.
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
    >>> law = ltens.fit([1, 10, 100, 1000], [2.0, 0.2, 0.02, 0.002])
    >>> law.holds, round(law.exponent, 6), round(law.amplitude, 6)
    (True, 1.0, 2.0)
    >>> law.predict([10000]).round(6)
    array([0.0002])
    """

    chosen: Candidate | None = field(repr=False)
    rivals: tuple[Candidate | Model, ...] = field(repr=False)
    resamples: int = 1000
    seed: int = 0
    huber: float | None = None
    start: int = 0
    asked: bool = False
    _known: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def model(self) -> str:
        """Return the name of the model; "none" if no law holds."""
        return NO_LAW if self.chosen is None else self.chosen.model.name

    @property
    def equation(self) -> str:
        """Return the equation of the model; "" if no law holds."""
        return "" if self.chosen is None else self.chosen.model.equation

    @cached_property
    def holds(self) -> bool:
        """Return whether a law holds over `range`, by the tolerances of docs/guide/fits.md."""
        if self.chosen is None or not self.asked:
            return self.chosen is not None
        return holds(self.observations, self.chosen, self.slopes.variances, self.huber)

    @cached_property
    def approximate(self) -> bool:
        """Return whether the law is said to hold within the tolerances, not exactly.

        The data show a bend or scatter beyond the seeds', or their noise is not known.
        """
        if self.chosen is None or not self.holds:
            return False
        unknown = self.observations.variances is None and self.scatter > _EXACT
        return unknown or self.bends

    @cached_property
    def bends(self) -> bool:
        """Return whether the data show that the law, where it holds, is not theirs exactly."""
        if self.chosen is None or not self.holds:
            return False
        return departs(self.about, self.chosen, self.slopes.variances[self.start :])

    @property
    def range(self) -> tuple[float, float]:
        """Return the smallest and largest size that `exponent` is about."""
        if self.chosen is None:
            return self.end.range
        return float(self.sizes[self.start]), float(self.sizes[-1])

    @property
    def exponent(self) -> float:
        """Return the law's exponent; if none holds, that at the large end."""
        if self.chosen is None:
            return self.end.exponent
        return float(self.chosen.model.exponent(self.chosen.fitted.theta)[0])

    @cached_property
    def allowed(self) -> Agreement | None:
        """Return a law that the data neither show nor contradict, if none holds.

        Returns
        -------
        Agreement or None
            With `start`, how many sizes are below its range, and `chosen`, the model and its fit.

        Examples
        --------
        >>> import ltens
        >>> noise = np.random.default_rng(1).lognormal(sigma=0.5, size=(6, 5))
        >>> law = ltens.fit([1, 2, 4, 8, 16, 32], noise / 2.0 ** np.arange(6)[:, None])
        >>> law.holds, law.allowed.start, law.allowed.chosen.model.name
        (False, 0, 'power_law_floor')
        """
        if self.chosen is not None:
            return None
        return longest_allowed(self.observations, self.slopes.variances, self.huber)

    @property
    def coefficients(self) -> dict[str, float]:
        """Return the parameters by the names of the equation; none if no law holds."""
        if self.chosen is None:
            return {}
        return self.chosen.model.coefficients(
            self.chosen.fitted.theta[0], float(self.sizes[self.start])
        )

    @property
    def amplitude(self) -> float:
        """Return the amplitude of the falling part: its loss at size 1; NaN if no law holds."""
        return self.coefficients.get("amplitude", float("nan"))

    @property
    def floor(self) -> float:
        """Return the loss at infinite size; 0 for a model without a floor, NaN if no law holds."""
        if self.chosen is None:
            return float("nan")
        given = self.coefficients
        return given.get("floor", given.get("limit", 0.0))

    @property
    def converged(self) -> bool:
        """Return whether the minimum was reached, and is one: not where any exponent would do."""
        if self.chosen is None:
            return True
        return bool(self.chosen.fitted.converged[0]) and not self.is_arbitrary

    @cached_property
    def is_arbitrary(self) -> bool:
        """Return whether any exponent fits as well: of a law with a floor that falls nowhere."""
        if self.chosen is None or self.model != PowerLawFloor.name or self.degrees < 1:
            return False
        known = self.observations.variances is not None
        try:
            return self.interval(method="profile" if known else "residuals") == (0.0, np.inf)
        except ValueError:  # too few residuals within Huber's threshold
            return False

    @property
    def degrees(self) -> int:
        """Return the number of sizes in the range less that of parameters."""
        return 0 if self.chosen is None else int(self.chosen.fitted.degrees[0])

    @property
    def scatter(self) -> float:
        """Root mean square of log10(loss / law) over its range: how far the law misses them."""
        return float(np.sqrt(np.mean(self.residuals[self.start :] ** 2)))

    @property
    def residuals(self) -> Floats:
        """Return log10(loss / law) at each size (W,); NaN where no law is claimed."""
        found = np.full(len(self.losses), np.nan)
        if self.chosen is not None:
            about = self.sizes[self.start :]
            found[self.start :] = np.log10(self.losses[self.start :] / self.predict(about))
        return found

    @property
    def excess(self) -> float:
        """Return the standard deviation of log10 loss about the law beyond the seeds' own."""
        if self.chosen is None:
            return float("nan")
        return float(np.sqrt(self.chosen.fitted.excess[0]) / np.log(10))

    @property
    def has_interval(self) -> bool:
        """Return whether `interval` by the seeds exists."""
        known = self.observations.variances is not None
        if self.chosen is None:
            return known
        return known and self.chosen.model.exponent_at is not None and self.degrees > 0

    @cached_property
    def alternatives(self) -> tuple[Alternative, ...]:
        """Return how every model tried does on the same data; none if no law holds.

        Models whose exponent the data do not bound are left out.
        """
        if self.chosen is None:
            return ()
        about = self.about
        others = [
            each if isinstance(each, Candidate) else candidate(each, about, self.huber)
            for each in self.rivals
        ]
        bounded = [each for each in others if not on_a_bound(each, about)]
        return compare(about, [self.chosen, *bounded])

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Return reservations in plain sentences."""
        if self.chosen is None:
            return warnings_of_data(self.observations)
        found = warnings_of(self.about, self.chosen, self.alternatives if self.asked else ())
        if self.is_arbitrary:
            return (_ARBITRARY, *found)
        if self.has_interval and not np.isfinite(self.interval()[1]):
            return (_OPEN, *found)
        return found

    @cached_property
    def about(self) -> Observations:
        """Return the observations that the law is about."""
        return self.observations.part(self.start, len(self.losses))

    @cached_property
    def resampling(self) -> Resampling:
        """Return the seed bootstrap and the jackknife over sizes."""
        law = self._law
        return resample(law.model, self.about, law.fitted, self.resamples, self.seed)

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

        Notes
        -----
        If no law holds, the interval is that of the exponent at the large end, whatever `method`.
        """
        wanted = share(level, "level")
        one_of(method, METHODS, "method")
        self._refuse_without_seeds(method)
        if self.chosen is None:
            slope = self.slopes.at_the_end(wanted)
            return slope.low, slope.high
        if self.chosen.model.exponent_at is None:
            raise ValueError(
                f"the exponent was given as {self.exponent:g}, so it has no interval: fit another "
                "model, or see p_value()."
            )
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
        self._refuse_without_seeds(method)
        if self.chosen is None:
            return self.slopes.p_value(*self.slopes.end, value)
        if self.chosen.model.exponent_at is None:
            raise ValueError(f"the exponent was given as {self.exponent:g}: fit another model.")
        fitted = self._unweighted if method == "residuals" else self.chosen.fitted
        return exponent_p_value(self.chosen.model, self.about, fitted, value, self.huber)

    @overload
    def predict(self, sizes: ArrayLike, interval: None = None) -> Floats: ...
    @overload
    def predict(self, sizes: ArrayLike, interval: float) -> Prediction: ...
    def predict(self, sizes: ArrayLike, interval: float | None = None) -> Floats | Prediction:
        """Return the loss expected at the sizes.

        Where no law holds, what was measured is interpolated, and outside the exponent at that end
        is continued.

        Parameters
        ----------
        sizes : array
        interval : float, optional
            A level such as 0.95: the answer is then a `Prediction` with intervals, of the statistic
            and of one new run, and with the distance to the sizes that were measured.

        Returns
        -------
        float64 array of the same shape, or Prediction

        Raises
        ------
        ValueError
            If the interval is no level, or a size is not positive; with an interval also if one is
            infinite.

        Examples
        --------
        >>> import ltens
        >>> noise = np.random.default_rng(1).lognormal(sigma=0.1, size=(6, 50))
        >>> law = ltens.fit([1, 2, 4, 8, 16, 32], noise / 2.0 ** np.arange(6)[:, None])
        >>> found = law.predict([20, 64], interval=0.95)
        >>> bool(found.low[0] < 0.05 < found.high[0]), found.decades.round(2)
        (True, array([0. , 0.3]))
        """
        if interval is not None:
            return self._predicted(
                float64_array(sizes, "sizes", (0, 1)), share(interval, "interval")
            )
        given = _positive(sizes)
        flat = given.reshape(-1)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            if self.chosen is None:
                value = continued(self.slopes, flat)
            else:
                u = log_ratio(flat, float(self.sizes[self.start]))
                value = self.chosen.model.curve(u, self.chosen.fitted.theta)[0][0]
            return np.asarray(np.exp(value).reshape(given.shape))

    def coefficient_intervals(self, level: float = 0.95) -> dict[str, tuple[float, float]]:
        """Return the profile-likelihood interval of every coefficient that was fitted.

        Parameters
        ----------
        level : float

        Returns
        -------
        dict of str to (low, high)
            By the names of `coefficients`; empty if no law holds, or without degrees of freedom.
            An end that the data do not bound is infinite, or 0 for one that cannot be negative.
        """
        wanted = share(level, "level")
        if self.chosen is None or self.degrees < 1:
            return {}
        return coefficient_intervals(self.chosen, self.about, wanted, self.huber)

    def local_exponents(self, level: float = 0.95) -> LocalExponents:
        """Return the slopes between neighbouring sizes, with intervals from the seeds."""
        return local_exponents(self.observations, share(level, "level"))

    def summary(self, level: float = 0.95) -> str:
        """Return the law, its intervals, the alternatives and the warnings as text."""
        from .summary import text

        return text(self, share(level, "level"))

    def to_dict(self, level: float = 0.95) -> dict[str, Any]:
        """Return all of it as plain numbers in full precision, ready for JSON."""
        from .summary import plain

        return plain(self, share(level, "level"))

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        from .summary import line

        return f"<Law {line(self)}>"

    def _repr_html_(self) -> str:
        from .summary import html

        return html(self)

    @property
    def _law(self) -> Candidate:
        """Return the fitted law, where there is one."""
        assert self.chosen is not None
        return self.chosen

    def _predicted(self, sizes: Floats, level: float) -> Prediction:
        flat = _positive(sizes).reshape(-1)
        if self.chosen is None:
            return predicted_without_law(self.slopes, flat, level)
        return predicted_by_law(self.chosen, self.about, self.slopes, flat, level, huber=self.huber)

    def _profile(self, level: float) -> tuple[float, float]:
        law = self._law
        return profile_interval(law.model, self.about, law.fitted, level, self.huber)

    def _residuals(self, level: float) -> tuple[float, float]:
        return profile_interval(self._law.model, self.about, self._unweighted, level, self.huber)

    @cached_property
    def _unweighted(self) -> Estimate:
        return estimate(self._law.model, self.about.u, self.about.y, huber=self.huber)

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


def _positive(sizes: ArrayLike) -> Floats:
    """Return sizes as float64 of any shape; infinite ones are allowed."""
    given = real_values(sizes, "sizes")
    wrong = given[~(given > 0)]
    if len(wrong):
        raise ValueError(f"sizes holds {wrong[0]:g}, but every size must be positive.")
    return given
