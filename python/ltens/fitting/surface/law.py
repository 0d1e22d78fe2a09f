"""A fitted surface of loss against several sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import numpy as np
from numpy.typing import ArrayLike

from ..._typing import Floats, Ints
from ...validation import one_of, share
from ..kept_law import KeptLaw
from .calibration import allowed_rise
from .columns import Table, above_zero
from .comparison import SurfaceAlternative, compare
from .form import Form
from .frontier import Frontier, frontier_of
from .law_warnings import warnings_of
from .model import ABSENT
from .one_run import tails, widened
from .profile import profile_ends
from .published import ALLOCATION, Family, families, intervals
from .quantities import ENDLESS, LogLosses, Quantities
from .resampling import Influence, influences, resample
from .search import Fitted

if TYPE_CHECKING:
    pass

METHODS = ("profile", "bootstrap")
TARGETS = ("law", "run")


class Prediction(NamedTuple):
    """Predicted losses and their intervals, arrays of one shape."""

    loss: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class SurfaceLaw(KeptLaw):
    """loss = E + sum_i A_i / x_i^alpha_i, with what is known about each coefficient.

    Made by `ltens.fit_surface`.

    Attributes
    ----------
    names : tuple of str
        The variables.
    coefficients : dict
        E, A_name, alpha_name (and C of a product), sizes and losses in the user's units; those of
        groups with the group in brackets, such as ``"A_params[c4]"``.
    exponents : dict
        The exponents by variable, or by name and group.
    sizes : dict of str to (R,) float64
    losses, residuals : (R,) float64
        The losses, and log(loss / law).
    objective : float
        The sum of Huber's function (or half squares) of the residuals.
    converged : bool
    degrees : int
        Rows less coefficients.
    alternatives : tuple of SurfaceAlternative
        Other forms on the same runs.
    influence : tuple of Influence
        For each exponent the run (or training) that moves it most.
    warnings : tuple of str
        Reservations in plain sentences.
    """

    table: Table = field(repr=False)
    form: Form = field(repr=False)
    fitted: Fitted = field(repr=False)
    resamples: int = 1000
    seed: int = field(default=0, repr=False)
    _known: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the variables."""
        return self.form.names

    @property
    def equation(self) -> str:
        """Return the equation."""
        return self.form.equation()

    @cached_property
    def families(self) -> list[Family]:
        """Return the coefficients by kind, as intervals are computed."""
        return families(self.fitted, self.table)

    @cached_property
    def values(self) -> dict[str, float]:
        """Return all that `interval` knows: the coefficients and the allocation."""
        found = self._published(self.fitted.theta)
        return {name: float(values[0]) for name, values in found.items()}

    @property
    def coefficients(self) -> dict[str, float]:
        """Return the coefficients of the equation."""
        labels = self.fitted.surface.layout.labels
        return {name: self.values[name] for name in labels}

    @property
    def exponents(self) -> dict[str, float]:
        """Return the exponents."""
        found = {k: v for k, v in self.coefficients.items() if k.startswith("alpha")}
        return {name.removeprefix("alpha_"): value for name, value in found.items()}

    @property
    def allocation(self) -> float:
        """Return beta / (alpha + beta): the best first variable grows as compute to this power.

        Of the first two variables; NaN where they have a product, share one exponent, or have
        exponents of each group.
        """
        return self.values.get("allocation", float("nan"))

    @property
    def sizes(self) -> dict[str, Floats]:
        """Return the sizes (R,) by variable."""
        return dict(zip(self.table.names, self.table.sizes, strict=True))

    @property
    def losses(self) -> Floats:
        """Return the losses (R,)."""
        return self.table.losses

    @cached_property
    def residuals(self) -> Floats:
        """Return log(loss / law) of each row (R,)."""
        found = np.empty(len(self.losses))
        found[self.table.order] = self.fitted.residuals[0]
        return found

    @property
    def objective(self) -> float:
        """Return the sum of Huber's function (or half squares) of the residuals."""
        return float(self.fitted.cost[0] / 2)

    @property
    def converged(self) -> bool:
        """Return whether the minimum was reached."""
        return bool(self.fitted.converged[0])

    @property
    def degrees(self) -> int:
        """Return the number of rows less that of coefficients."""
        return len(self.losses) - self.fitted.surface.layout.size

    @property
    def huber(self) -> float | None:
        """Return Huber's threshold."""
        return self.fitted.huber

    @cached_property
    def resampled(self) -> dict[str, Floats]:
        """Return each coefficient (B,) of fits to runs, or whole trainings, drawn again."""
        return self._published(resample(self.fitted, self.table, self.resamples, self.seed))

    @cached_property
    def alternatives(self) -> tuple[SurfaceAlternative, ...]:
        """Return how other forms do on the same runs."""
        return compare(self.table, self.form, self.fitted)

    @cached_property
    def influence(self) -> tuple[Influence, ...]:
        """Return for each exponent the run (or training) that moves it most."""
        return tuple(influences(self.fitted, self.table))

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Return reservations in plain sentences, the gravest first."""
        return warnings_of(self)

    def interval(
        self, name: str, level: float = 0.95, method: str = "profile"
    ) -> tuple[float, float]:
        """Return an interval of a coefficient.

        Parameters
        ----------
        name : str
            A key of `coefficients`, or "allocation".
        level : float
        method : {"profile", "bootstrap"}
            The profile likelihood, cut where the cost has risen by scale * t^2; or the percentiles
            over resampled runs (whole trainings with ``runs=``).

        Returns
        -------
        low, high : float
            Infinite where the runs do not bound the coefficient.

        Raises
        ------
        ValueError
            If there is no such coefficient, or the fit had ``bootstrap=0``.

        Examples
        --------
        >>> import ltens
        >>> n, d = (a.ravel() for a in np.meshgrid([1e6, 1e7, 1e8, 1e9], [1e8, 1e9, 1e10, 1e11]))
        >>> noise = np.exp(0.01 * np.random.default_rng(0).normal(size=16))
        >>> law = ltens.fit_surface({"N": n, "D": d}, (2 + 90 / n**0.3 + 800 / d**0.3) * noise)
        >>> low, high = law.interval("alpha_N")
        >>> low < 0.3 < high
        True
        """
        one_of(name, tuple(self.values), "name")
        wanted = share(level, "level")
        if one_of(method, METHODS, "method") == "profile":
            low, high = self.intervals(wanted)[name]
            return low, high
        if not self.resamples:
            raise ValueError(
                "interval(method='bootstrap') needs resamples, but the fit had bootstrap=0: fit "
                "with bootstrap=1000."
            )
        tail = (1 - wanted) / 2
        with np.errstate(invalid="ignore"):  # between two infinite amplitudes
            ends = np.quantile(self.resampled[name], [tail, 1 - tail])
        return float(ends[0]), float(ends[1])

    def intervals(self, level: float = 0.95) -> dict[str, tuple[float, float]]:
        """Return the profile intervals of all coefficients by name."""
        wanted = share(level, "level")
        if wanted not in self._known:
            found: dict[str, tuple[float, float]] = {}
            for family in self.families:
                for name, ends in intervals(self.fitted, self.table, family, wanted).items():
                    found[name] = float(ends[0][0]), float(ends[1][0])
            self._known[wanted] = found | self._undetermined()
        return dict(self._known[wanted])

    @overload
    def predict(
        self,
        sizes: Mapping[str, ArrayLike],
        *,
        group: str | None = None,
        interval: None = None,
        of: str = "law",
    ) -> Floats: ...
    @overload
    def predict(
        self,
        sizes: Mapping[str, ArrayLike],
        *,
        group: str | None = None,
        interval: float,
        of: str = "law",
    ) -> Prediction: ...
    def predict(
        self,
        sizes: Mapping[str, ArrayLike],
        *,
        group: str | None = None,
        interval: float | None = None,
        of: str = "law",
    ) -> Floats | Prediction:
        """Return the law's loss at sizes.

        Parameters
        ----------
        sizes : mapping of str to array
            Each variable by name, broadcast; infinity is allowed.
        group : str, optional
            Whose law, where there are groups.
        interval : float, optional
            The level of an interval of each prediction.
        of : {"law", "run"}
            What the interval is of: where the law lies (profile likelihood), or the loss of one new
            run (with ``runs=``, of a new training), which scatters as the residuals do besides.

        Returns
        -------
        float64 array, or Prediction(loss, low, high) with `interval`

        Raises
        ------
        ValueError
            If a size is missing or not above 0, or `group`, `interval` or `of` is none that exists.
        """
        logs, shape = self.log_sizes(sizes)
        at = np.full(logs.shape[1], self.group_at(group))
        points = LogLosses(self.fitted.surface, logs, at)
        middle, of_run = self._of(points), one_of(of, TARGETS, "of") == "run"
        with np.errstate(over="ignore"):
            loss = np.exp(middle + self.table.unit).reshape(shape)
        if interval is None:
            return np.asarray(loss)
        level = share(interval, "interval")
        low, high = self.ends(points, level)
        if of_run:
            low, high = widened(middle, low, high, tails(self.fitted, self.units, level))
        with np.errstate(over="ignore"):
            ends = [np.exp(end + self.table.unit).reshape(shape) for end in (low, high)]
        return Prediction(loss, ends[0], ends[1])

    def frontier(
        self,
        compute: ArrayLike,
        cost: float = 6.0,
        *,
        between: tuple[str, str] | None = None,
        group: str | None = None,
        interval: float | None = None,
    ) -> Frontier:
        """Return the two sizes of lowest loss for compute = cost * x * y.

        Parameters
        ----------
        compute : array
        cost : float
            Operations per unit of both sizes: 6 per parameter and token.
        between : (str, str), optional
            The two variables; the first two by default. Others are taken as infinite.
        group : str, optional
            Whose law, where there are groups.
        interval : float, optional
            The level of profile intervals of the sizes and the loss.

        Returns
        -------
        Frontier
        """
        return frontier_of(
            self, compute, cost, between=between, group=self.group_at(group), level=interval
        )

    def summary(self, level: float = 0.95) -> str:
        """Return the law, its intervals, the alternatives and the warnings as text."""
        from .summary import text

        return text(self, level)

    def to_dict(self, level: float = 0.95) -> dict[str, Any]:
        """Return all of it as plain numbers in full precision, ready for JSON."""
        from .summary import plain

        return plain(self, level)

    def _surface(self) -> SurfaceLaw:
        return self

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        shown = ", ".join(f"{name} {value:.4g}" for name, value in self.coefficients.items())
        return f"<SurfaceLaw {self.equation}: {shown}>"

    def _repr_html_(self) -> str:
        from .summary import html

        return html(self)

    def group_at(self, group: str | None) -> int:
        """Return which group is meant."""
        labels = self.table.labels
        if group is not None and labels == ("",):
            raise ValueError(f"group is {group!r}, but the law was fitted without groups.")
        if group is None:
            if len(labels) > 1:
                raise ValueError(f"group is missing, but must be one of: {', '.join(labels)}.")
            return 0
        return labels.index(one_of(str(group), labels, "group"))

    def ends(self, quantities: Quantities, level: float) -> tuple[Floats, Floats]:
        """Return the ends (M,) of profile intervals of functions of theta."""
        rise = allowed_rise(self.fitted, quantities, level, self.units)
        low, high = profile_ends(self.fitted, quantities, rise)
        return low[0], high[0]

    @property
    def units(self) -> Ints | None:
        """Return the training of each row in the order of the fit; None for independent rows."""
        return None if self.table.trainings is None else self.table.trainings[self.table.order]

    def _of(self, quantities: Quantities) -> Floats:
        which = np.arange(quantities.count)
        theta = np.repeat(self.fitted.theta, quantities.count, axis=0)
        return np.asarray(quantities.of(theta, which))

    def log_sizes(self, sizes: Mapping[str, ArrayLike]) -> tuple[Floats, tuple[int, ...]]:
        """Return log sizes (k, M) in the law's units and the shape of the answer."""
        if not hasattr(sizes, "keys") or set(sizes.keys()) != set(self.names):
            wanted = ", ".join(f'"{name}": ...' for name in self.names)
            raise ValueError(f"sizes is {sizes!r:.60}, but must be a mapping {{{wanted}}}.")
        arrays = [above_zero(sizes[name], f"sizes[{name!r}]") for name in self.names]
        try:
            whole = np.broadcast_arrays(*arrays)
        except ValueError:
            shapes = ", ".join(f"{n} {a.shape}" for n, a in zip(self.names, arrays, strict=True))
            raise ValueError(f"sizes has the shapes {shapes}, but they must go together.") from None
        at = [self.table.names.index(name) for name in self.names]
        logs = (
            np.stack([np.log(a).ravel() for a in whole]) - np.log(self.table.smallest[at])[:, None]
        )
        return np.minimum(logs, ENDLESS), whole[0].shape

    def _undetermined(self) -> dict[str, tuple[float, float]]:
        """Return the intervals of what belongs to parts that have vanished: any value fits."""
        layout, theta = self.fitted.surface.layout, self.fitted.theta[0]
        gone = theta[layout.amplitude] <= ABSENT / 2
        found = {}
        for slots in (layout.amplitude, layout.exponent):
            for slot in np.unique(slots):
                if gone[slots == slot].all():
                    found[layout.labels[slot]] = 0.0, np.inf
        if any(name.startswith("alpha") for name in found):
            found |= {name: (0.0, 1.0) for name in self.values if name == ALLOCATION}
        return found

    def _published(self, theta: Floats) -> dict[str, Floats]:
        found: dict[str, Floats] = {}
        for family in self.families:
            found |= family.values(theta)
        return found
