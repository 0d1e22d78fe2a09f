"""The function `ltens.fit_two_variables` and its law."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Floats
from ..randomness import RandomSource, seed_of
from ..tables import html, interval, listing, plain
from ..validation import float64_array, integer, one_of, positive, share
from .kept_law import KeptLaw
from .surface.columns import read
from .surface.design import refuse_moving_together
from .surface.fit_runs import fit_table
from .surface.form import Form
from .surface.law import SurfaceLaw

if TYPE_CHECKING:
    pass

NAMES = ("alpha", "beta", "A", "B", "E", "allocation")
EQUATION = "E + A / N^alpha + B / D^beta"
_FEWEST_RUNS = 6  # one more than there are parameters
_SIZES = ("parameters", "samples")
# What the surface of these two sizes calls the coefficients.
_SURFACE = {
    "alpha": "alpha_parameters",
    "beta": "alpha_samples",
    "A": "A_parameters",
    "B": "A_samples",
    "E": "E",
    "allocation": "allocation",
}


def fit_two_variables(
    parameters: ArrayLike,
    samples: ArrayLike,
    losses: ArrayLike,
    *,
    huber: float | None = 1e-3,
    bootstrap: int = 1000,
    rng: RandomSource = 0,
) -> TwoVariableLaw:
    """Fit loss = E + A / N^alpha + B / D^beta to R runs (approach 3 of Hoffmann et al.).

    The *sum* of Huber's function of the log residuals is minimised with analytic derivatives, from
    a grid over (alpha, beta) with E, A, B >= 0 solved exactly; Besiroglu et al. (arXiv 2404.10102)
    found that a mean in place of the sum had let the optimiser stop early in the original.

    Parameters
    ----------
    parameters, samples : (R,) array
        N and D of each run; any two sizes that limit the loss.
    losses : (R,) array
    huber : float or None
        Threshold on |log residual| beyond which it counts linearly; None for least squares.
    bootstrap : int
        Number of resamples of runs for the intervals; 0 for none.
    rng : int, SeedSequence or Generator
        Draws the resamples.

    Returns
    -------
    TwoVariableLaw
        The case of `ltens.fit_surface` with two sizes.

    Raises
    ------
    ValueError
        If there are fewer than 6 runs, fewer than 3 different sizes of either kind, a value that is
        not positive, or if N and D never moved apart.

    Examples
    --------
    >>> n, d = np.meshgrid(np.geomspace(1e7, 1e10, 6), np.geomspace(1e9, 1e12, 6))
    >>> losses = 1.8 + 480 / n.ravel() ** 0.35 + 2000 / d.ravel() ** 0.37
    >>> law = fit_two_variables(n.ravel(), d.ravel(), losses, bootstrap=0)
    >>> round(law.alpha, 6), round(law.beta, 6), round(law.E, 6)
    (0.35, 0.37, 1.8)
    """
    columns = _columns(parameters, samples, losses)
    threshold = None if huber is None else positive(huber, "huber")
    resamples = integer(bootstrap, "bootstrap", minimum=0, maximum=10_000_000)
    seed = seed_of(rng)
    table = read(dict(zip(_SIZES, columns[:2], strict=True)), columns[2], None, None)
    refuse_moving_together(table, own_parts=True)
    return TwoVariableLaw(fit_table(table, Form(_SIZES), threshold, resamples, seed))


@dataclass(frozen=True, eq=False)
class TwoVariableLaw(KeptLaw):
    """loss = E + A / N^alpha + B / D^beta.

    Attributes
    ----------
    surface : SurfaceLaw
        The same law with all that `ltens.fit_surface` returns: profile intervals, warnings, other
        forms; N is called "parameters" there and D "samples".
    parameters, samples, losses : (R,) float64
        N, D and loss of the runs.
    converged : bool
    huber : float or None
    """

    surface: SurfaceLaw

    @property
    def parameters(self) -> Floats:
        """Return N of the runs (R,)."""
        return self.surface.sizes["parameters"]

    @property
    def samples(self) -> Floats:
        """Return D of the runs (R,)."""
        return self.surface.sizes["samples"]

    @property
    def losses(self) -> Floats:
        """Return the losses (R,)."""
        return self.surface.losses

    @property
    def converged(self) -> bool:
        """Return whether the minimum was reached."""
        return self.surface.converged

    @property
    def huber(self) -> float | None:
        """Return Huber's threshold."""
        return self.surface.huber

    @property
    def resamples(self) -> int:
        """Return the number of resamples."""
        return self.surface.resamples

    @property
    def alpha(self) -> float:
        """Return the exponent of N."""
        return self._value("alpha")

    @property
    def beta(self) -> float:
        """Return the exponent of D."""
        return self._value("beta")

    @property
    def E(self) -> float:  # noqa: N802
        """Return the loss that is left when both sizes are infinite."""
        return self._value("E")

    @property
    def A(self) -> float:  # noqa: N802
        """Return the amplitude of the part that falls with N."""
        return self._value("A")

    @property
    def B(self) -> float:  # noqa: N802
        """Return the amplitude of the part that falls with D."""
        return self._value("B")

    @property
    def allocation(self) -> float:
        """Return beta / (alpha + beta): the best N grows as compute to this power."""
        return self._value("allocation")

    @property
    def residuals(self) -> Floats:
        """Return log(loss / law) of each run, (R,)."""
        return self.surface.residuals

    @property
    def objective(self) -> float:
        """Return the sum of Huber's function (or half squares) of the residuals."""
        return self.surface.objective

    def predict(self, parameters: ArrayLike, samples: ArrayLike) -> Floats:
        """Return the law's loss at N and D (broadcast), float64."""
        found = self.surface.predict({"parameters": parameters, "samples": samples})
        return np.asarray(found)

    def frontier(self, compute: ArrayLike, cost: float = 6.0) -> tuple[Floats, Floats]:
        """Return the N and D of lowest loss for compute = cost * N * D.

        N = G (C / cost)^(beta / (alpha + beta)), D = (C / cost) / N,
        G = (alpha A / (beta B))^(1 / (alpha + beta)) (Hoffmann et al., eq. 4).

        Parameters
        ----------
        compute : array
        cost : float
            Operations per parameter and sample.
        """
        found = self.surface.frontier(compute, cost)
        return found.first, found.second

    def interval(self, name: str, level: float = 0.95) -> tuple[float, float]:
        """Return the percentile interval over resampled runs.

        Parameters
        ----------
        name : {"alpha", "beta", "A", "B", "E", "allocation"}
        level : float

        Raises
        ------
        ValueError
            If the name or level is not one, or the fit had ``bootstrap=0``.
        """
        one_of(name, NAMES, "name")
        level = share(level, "level")
        if not self.resamples:
            raise ValueError(
                "interval() needs resamples, but the fit had bootstrap=0: fit with bootstrap=1000."
            )
        tail = (1 - level) / 2
        with np.errstate(invalid="ignore"):  # between two infinite amplitudes
            low, high = np.quantile(self.resampled[name], [tail, 1 - tail])
        return float(low), float(high)

    @cached_property
    def resampled(self) -> dict[str, Floats]:
        """Return each parameter (B,) of fits to runs drawn with replacement."""
        found = self.surface.resampled
        return {name: found[other] for name, other in _SURFACE.items()}

    def summary(self, level: float = 0.95) -> str:
        """Return the law and its intervals as text."""
        lines = [
            f"loss = {EQUATION}, {len(self.losses)} runs",
            listing(self._rows(level), indent="  "),
        ]
        if not self.converged:
            lines.append("  ! The fit did not converge: this is only the best that was found.")
        return "\n".join(lines)

    def to_dict(self, level: float = 0.95) -> dict[str, Any]:
        """Return all of it as plain numbers, ready for JSON."""
        found = {
            "model": "additive",
            "equation": EQUATION,
            **{name: getattr(self, name) for name in NAMES},
            "intervals": {name: self._ends(name, level) for name in NAMES},
            "level": level,
            "huber": self.huber,
            "objective": self.objective,
            "runs": len(self.losses),
            "converged": self.converged,
        }
        return dict(plain(found))

    def _surface(self) -> SurfaceLaw:
        return self.surface

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        shown = ", ".join(f"{name} {getattr(self, name):.4g}" for name in NAMES)
        return f"<TwoVariableLaw {EQUATION}: {shown}>"

    def _repr_html_(self) -> str:
        return html([("loss", EQUATION), *self._rows(0.95)])

    def _value(self, name: str) -> float:
        return self.surface.values[_SURFACE[name]]

    def _ends(self, name: str, level: float) -> tuple[float, float] | None:
        return self.interval(name, level) if self.resamples else None

    def _rows(self, level: float) -> list[tuple[str, str]]:
        rows = []
        for name in NAMES:
            ends = self._ends(name, level)
            shown = f"{getattr(self, name):.4g}"
            if ends is not None:
                shown += f"  {interval(ends, '.4g')}  {100 * level:g} %"
            rows.append((name, shown))
        return rows


def _columns(parameters: ArrayLike, samples: ArrayLike, losses: ArrayLike) -> list[Floats]:
    """Return N, D and losses, checked."""
    named = {"parameters": parameters, "samples": samples, "losses": losses}
    found: list[Floats] = []
    for name, values in named.items():
        column = float64_array(values, name, (1,))
        if found and column.shape != found[0].shape:
            raise ValueError(
                f"{name} has shape {column.shape}, but must have shape {found[0].shape} like "
                "parameters: one value for each run."
            )
        if column.size and column.min() <= 0:
            raise ValueError(f"{name} holds {column.min()}, but every value must be positive.")
        found.append(column)
    if len(found[0]) < _FEWEST_RUNS:
        raise ValueError(
            f"losses has {len(found[0])} run(s), but the law has 5 parameters: it needs at least "
            f"{_FEWEST_RUNS}."
        )
    for name, column in zip(("parameters", "samples"), found, strict=False):
        if (different := len(np.unique(column))) < 3:
            raise ValueError(f"{name} has {different} different value(s), but needs at least 3.")
    return found
