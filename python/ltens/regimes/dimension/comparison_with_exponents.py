"""4/alpha beside the measured dimension, for any number of curves."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from numbers import Real
from statistics import NormalDist
from typing import Any

from numpy.typing import ArrayLike

from ...fitting import Law
from ...fitting.fit_losses import fit_mean_power_law
from ...tables import estimate, markdown, plain
from ...validation import one_of, positive
from ...verdicts import Claim, exponent_tolerance
from .estimators import Dimension, knn_dimension, mle_dimension, two_nn

METHODS: dict[str, Callable[..., Dimension]] = {
    "two_nn": two_nn,
    "knn": knn_dimension,
    "mle": mle_dimension,
}


@dataclass(frozen=True)
class DimensionRow:
    """One curve.

    Attributes
    ----------
    name : str
    dimension : float
    dimension_interval : (low, high)
        Equal where the dimension was given.
    exponent : float
    exponent_interval : (low, high)
    inverse : float
        4 / exponent.
    inverse_interval : (low, high)
    p_value : float
        Of 4 / exponent = dimension, by the logarithms and their standard errors.
    """

    name: str
    dimension: float
    dimension_interval: tuple[float, float]
    exponent: float
    exponent_interval: tuple[float, float]
    inverse: float
    inverse_interval: tuple[float, float]
    p_value: float

    @property
    def predicted(self) -> float:
        """Return 4/d."""
        return 4 / self.dimension

    @property
    def tolerance(self) -> float:
        """Return by how much the exponent may miss 4/d."""
        return exponent_tolerance(self.predicted)

    @property
    def verdict(self) -> str:
        """Return the verdict on an exponent of 4/d (`ltens.verdicts`)."""
        return Claim.exponent(self.predicted).judge(self._ends)

    @property
    def bound_verdict(self) -> str:
        """Return the verdict on an exponent of at least 4/d, the theory for data of any kind."""
        return Claim.at_least(self.predicted, self.tolerance).judge(self._ends)

    @property
    def _ends(self) -> tuple[float, float]:
        """Return the exponent's interval, wider by the error of d, in logarithms."""
        below = _distance(self.inverse_interval[1], self.inverse)
        above = _distance(self.inverse, self.inverse_interval[0])
        down = math.hypot(below, _distance(self.dimension, self.dimension_interval[0]))
        up = math.hypot(above, _distance(self.dimension_interval[1], self.dimension))
        return self.exponent * math.exp(-down), self.exponent * math.exp(up)


@dataclass(frozen=True)
class DimensionTable:
    """Rows of `dimension_table`."""

    rows: tuple[DimensionRow, ...]

    def markdown(self) -> str:
        """Return a Markdown table."""
        heads = (
            "curve",
            "dimension d",
            "exponent",
            "4 / exponent",
            "4/d",
            "within",
            "p(4/d)",
            "verdict on 4/d",
            "on at least 4/d",
        )
        rows = [
            (
                r.name,
                _shown(r.dimension, r.dimension_interval),
                _shown(r.exponent, r.exponent_interval),
                _shown(r.inverse, r.inverse_interval),
                f"{r.predicted:.3g}",
                f"{r.tolerance:.3g}",
                f"{r.p_value:.2g}",
                r.verdict,
                r.bound_verdict,
            )
            for r in self.rows
        ]
        return markdown(heads, rows)

    def to_dict(self) -> list[dict[str, Any]]:
        """Return plain values, a dict for each row."""
        return list(plain([{**asdict(row), **_judged(row)} for row in self.rows]))

    def __str__(self) -> str:
        return self.markdown()


def dimension_table(
    curves: Mapping[str, Law | tuple[ArrayLike, ArrayLike]],
    samples: Mapping[str, ArrayLike | Dimension | float],
    *,
    method: str = "two_nn",
    level: float = 0.95,
) -> DimensionTable:
    """Set 4/alpha of each curve beside the dimension of its data.

    Bahri et al. (arXiv 2102.06701) and Sharma & Kaplan (JMLR 23(9), 2022) expect alpha = 4/d for
    piecewise linear networks on a d-dimensional manifold, and at least 4/d in general.

    Parameters
    ----------
    curves : mapping of name to Law or (sizes, losses)
        Arrays are fitted as a power law to the mean.
    samples : mapping of name to points (n, D), Dimension, or number
        Of the same names: the inputs, or their dimension if it is known.
    method : {"two_nn", "knn", "mle"}
        For points.
    level : float
        Of the intervals; that of a Dimension of another level is brought to it.

    Returns
    -------
    DimensionTable

    Raises
    ------
    TypeError
        If a curve is neither a law nor a pair.
    ValueError
        If the names differ, or an exponent is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> D = np.array([16, 32, 64, 128])
    >>> noise = np.random.default_rng(0).lognormal(sigma=0.05, size=(4, 20))
    >>> table = dimension_table({"square": (D, noise * D[:, None] ** -2.0)}, {"square": 2.0})
    >>> table.rows[0].verdict, table.rows[0].bound_verdict
    ('holds', 'holds')
    """
    one_of(method, tuple(METHODS), "method")
    if set(curves) != set(samples):
        raise ValueError(
            f"curves has the names {', '.join(curves)}, but samples has {', '.join(samples)}: they "
            "must be the same."
        )
    return DimensionTable(
        tuple(_row(name, curves[name], samples[name], method, level) for name in curves)
    )


def _row(name: str, curve: object, sample: Any, method: str, level: float) -> DimensionRow:
    law = _law(name, curve)
    kind = "profile" if law.has_interval else "residuals"
    low, high = law.interval(level, kind)
    if law.exponent <= 0:
        raise ValueError(
            f"curves[{name!r}] has the exponent {law.exponent:.3g}, but must fall with size."
        )
    if isinstance(sample, Real):
        d = positive(sample, f"samples[{name!r}]")
        ends, relative = (d, d), 0.0
    else:
        found = sample if isinstance(sample, Dimension) else METHODS[method](sample, level=level)
        found = found.at_level(level)
        d, ends, relative = found.estimate, found.interval, found.standard_error / found.estimate
    inverse = (4 / high, 4 / low if low > 0 else math.inf)
    error = math.hypot(_log_error(*inverse, level), relative)
    z = abs(math.log(4 / law.exponent / d)) / max(error, 1e-300)
    p = math.erfc(z / math.sqrt(2))
    return DimensionRow(name, d, ends, law.exponent, (low, high), 4 / law.exponent, inverse, p)


def _law(name: str, curve: object) -> Law:
    if isinstance(curve, Law):
        return curve
    if not isinstance(curve, tuple) or len(curve) != 2:
        raise TypeError(
            f"curves[{name!r}] is a {type(curve).__name__}, but must be a Law or (sizes, losses)."
        )
    return fit_mean_power_law(*curve)


def _log_error(low: float, high: float, level: float) -> float:
    """Return the standard error of the logarithm of what has this interval."""
    width = 2 * NormalDist().inv_cdf((1 + level) / 2)
    return math.log(high / low) / width if low > 0 and high < math.inf else math.inf


def _distance(high: float, low: float) -> float:
    """Return the logarithm of a ratio, infinite if an end is 0 or infinite."""
    return math.log(high / low) if low > 0 and high < math.inf else math.inf


def _judged(row: DimensionRow) -> dict[str, Any]:
    names = ("predicted", "tolerance", "verdict", "bound_verdict")
    return {name: getattr(row, name) for name in names}


def _shown(value: float, ends: tuple[float, float]) -> str:
    return f"{value:.3g}" if ends[0] == ends[1] else estimate(value, ends, ".3g")
