"""The function `ltens.fit_two_variables` and its law."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Floats
from ..tables import html, interval, listing, plain
from ..validation import float64_array, integer, one_of, positive, share
from .least_squares import minimise
from .models.additive import Additive

NAMES = ("alpha", "beta", "A", "B", "E", "allocation")
_FEWEST_RUNS = 6  # one more than there are parameters
_CHUNK = 4_000_000  # numbers of the derivatives of a batch of resamples: 32 MB


def fit_two_variables(
    parameters: ArrayLike,
    samples: ArrayLike,
    losses: ArrayLike,
    *,
    huber: float | None = 1e-3,
    bootstrap: int = 1000,
    rng: int | np.random.SeedSequence | np.random.Generator = 0,
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

    Raises
    ------
    ValueError
        If there are fewer than 6 runs, fewer than 3 different sizes of either kind, or a value that
        is not positive.

    Examples
    --------
    >>> n, d = np.meshgrid(np.geomspace(1e7, 1e10, 6), np.geomspace(1e9, 1e12, 6))
    >>> losses = 1.8 + 480 / n.ravel() ** 0.35 + 2000 / d.ravel() ** 0.37
    >>> law = fit_two_variables(n.ravel(), d.ravel(), losses, bootstrap=0)
    >>> round(law.alpha, 6), round(law.beta, 6), round(law.E, 6)
    (0.35, 0.37, 1.8)
    """
    n, d, loss = _columns(parameters, samples, losses)
    threshold = None if huber is None else positive(huber, "huber")
    resamples = integer(bootstrap, "bootstrap", minimum=0, maximum=10_000_000)
    seed = int(np.random.default_rng(rng).integers(2**63))
    model, u, y = Additive(np.log(d / d.min())), np.log(n / n.min()), np.log(loss)[None]
    weights = np.ones_like(y)
    found = minimise(model, u, y, weights, model.starts(u, y, weights), huber=threshold)
    return TwoVariableLaw(
        n, d, loss, found.theta[0], bool(found.converged[0]), threshold, resamples, seed
    )


@dataclass(frozen=True, eq=False)
class TwoVariableLaw:
    """loss = E + A / N^alpha + B / D^beta.

    Attributes
    ----------
    parameters, samples, losses : (R,) float64
        N, D and loss of the runs.
    theta : (5,) float64
        As the solver holds it.
    converged : bool
    huber : float or None
    """

    parameters: Floats
    samples: Floats
    losses: Floats
    theta: Floats = field(repr=False)
    converged: bool
    huber: float | None
    resamples: int
    seed: int = field(repr=False)

    @property
    def alpha(self) -> float:
        """Return the exponent of N."""
        return float(self.theta[1])

    @property
    def beta(self) -> float:
        """Return the exponent of D."""
        return float(self.theta[3])

    @property
    def E(self) -> float:  # noqa: N802
        """Return the loss that is left when both sizes are infinite."""
        return float(self.theta[4])

    @property
    def A(self) -> float:  # noqa: N802
        """Return the amplitude of the part that falls with N."""
        return float(self._named(self.theta[None])["A"][0])

    @property
    def B(self) -> float:  # noqa: N802
        """Return the amplitude of the part that falls with D."""
        return float(self._named(self.theta[None])["B"][0])

    @property
    def allocation(self) -> float:
        """Return beta / (alpha + beta): the best N grows as compute to this power."""
        return float(self._named(self.theta[None])["allocation"][0])

    @property
    def residuals(self) -> Floats:
        """Return log(loss / law) of each run, (R,)."""
        return np.log(self.losses / self.predict(self.parameters, self.samples))

    @property
    def objective(self) -> float:
        """Return the sum of Huber's function (or half squares) of the residuals."""
        size = np.abs(self.residuals)
        h = np.inf if self.huber is None else self.huber
        small = np.minimum(size, h)
        return float((0.5 * small**2 + np.where(size > h, h * (size - h), 0.0)).sum())

    def predict(self, parameters: ArrayLike, samples: ArrayLike) -> Floats:
        """Return the law's loss at N and D (broadcast), float64."""
        n, d = np.asarray(parameters, np.float64), np.asarray(samples, np.float64)
        first = np.exp(self.theta[0]) * (n / self.parameters.min()) ** -self.alpha
        second = np.exp(self.theta[2]) * (d / self.samples.min()) ** -self.beta
        return np.asarray(self.E + first + second)

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
        budget = np.asarray(compute, np.float64) / positive(cost, "cost")
        ratio = (np.log(self.alpha) - np.log(self.beta) + self._log_a - self._log_b) / (
            self.alpha + self.beta
        )
        n = np.exp(ratio) * budget**self.allocation
        return np.asarray(n), np.asarray(budget / n)

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
        low, high = np.quantile(self.resampled[name], [tail, 1 - tail])
        return float(low), float(high)

    @cached_property
    def resampled(self) -> dict[str, Floats]:
        """Return each parameter (B,) of fits to runs drawn with replacement."""
        rng = np.random.default_rng(self.seed)
        runs = len(self.losses)
        counts = rng.multinomial(runs, np.full(runs, 1 / runs), size=self.resamples)
        model, u, y = self._model, np.log(self.parameters / self.parameters.min()), self._y
        rows = max(1, _CHUNK // (runs * len(self.theta)))
        parts = []
        for start in range(0, self.resamples, rows):
            weights = counts[start : start + rows].astype(np.float64)
            batch = np.broadcast_to(y, weights.shape)
            begin = np.broadcast_to(self.theta, (len(weights), 1, len(self.theta)))
            parts.append(minimise(model, u, batch, weights, begin, huber=self.huber).theta)
        return self._named(np.concatenate(parts))

    def summary(self, level: float = 0.95) -> str:
        """Return the law and its intervals as text."""
        lines = [
            f"loss = {Additive.equation}, {len(self.losses)} runs",
            listing(self._rows(level), indent="  "),
        ]
        if not self.converged:
            lines.append("  ! The fit did not converge: this is only the best that was found.")
        return "\n".join(lines)

    def to_dict(self, level: float = 0.95) -> dict[str, Any]:
        """Return all of it as plain numbers, ready for JSON."""
        found = {
            "model": Additive.name,
            "equation": Additive.equation,
            **{name: getattr(self, name) for name in NAMES},
            "intervals": {name: self._ends(name, level) for name in NAMES},
            "level": level,
            "huber": self.huber,
            "objective": self.objective,
            "runs": len(self.losses),
            "converged": self.converged,
        }
        return dict(plain(found))

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        shown = ", ".join(f"{name} {getattr(self, name):.4g}" for name in NAMES)
        return f"<TwoVariableLaw {Additive.equation}: {shown}>"

    def _repr_html_(self) -> str:
        return html([("loss", Additive.equation), *self._rows(0.95)])

    @property
    def _model(self) -> Additive:
        return Additive(np.log(self.samples / self.samples.min()))

    @property
    def _y(self) -> Floats:
        return np.log(self.losses)[None]

    @property
    def _log_a(self) -> float:
        return float(self.theta[0] + self.alpha * np.log(self.parameters.min()))

    @property
    def _log_b(self) -> float:
        return float(self.theta[2] + self.beta * np.log(self.samples.min()))

    def _named(self, theta: Floats) -> dict[str, Floats]:
        """Return the parameters (B,) of the equation by name."""
        log_a, alpha, log_b, beta, floor = theta.T
        with np.errstate(over="ignore", invalid="ignore"):
            return {
                "alpha": alpha,
                "beta": beta,
                "A": np.exp(log_a + alpha * np.log(self.parameters.min())),
                "B": np.exp(log_b + beta * np.log(self.samples.min())),
                "E": floor,
                "allocation": beta / (alpha + beta),
            }

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
